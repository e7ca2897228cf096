"""Records in a database, with the pictures they show in a folder or a bucket.

No transaction waits for a picture store. A record's row is written before its pictures and
removed after them, so that no picture is ever without a row that knows of it: what was
interrupted can be finished.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

from sqlalchemy import or_, select

from visiontools.errors import StorageError, UsageError
from visiontools.store import rows
from visiontools.store.checking import Checked, check, delete_strays
from visiontools.store.database import Database
from visiontools.store.dropping import drop
from visiontools.store.keeping import Keeping
from visiontools.store.pictures import PictureStore, open_pictures
from visiontools.store.rows import Kept
from visiontools.store.schema import records
from visiontools.store.search import Search
from visiontools.store.uploads import Uploads
from visiontools.store.whereabouts import Whereabouts
from visiontools.types import Outcome, Picture, Record, TextInput

__all__ = ["Kept", "Records", "counted"]

_SHORTEST_PREFIX = 6
_CHUNK = 200
"""Records deleted at the same time."""
Many = list[Record]
"""A name of its own, since ``Records.list`` hides the built-in one."""
Ids = list[str]
Described = list[tuple[str, bytes, str]]
Rows = list[tuple[str, str]]


class Records:
    """The records of all owners in one database; every method is held to one owner's.

    All raise ConfigurationError where the database cannot be used. One that cannot be used now
    does not keep anybody from running a tool, so it is not said before somebody wants something
    kept or found (StorageError). ``folder`` has the database, unless another is given, and the
    pictures, unless they are on another ``shelf``.
    """

    def __init__(
        self,
        folder: Path,
        shelf: PictureStore | None = None,
        database: Database | None = None,
    ) -> None:
        self._shelf = shelf or open_pictures(None, folder)
        self.database = database or Database.at("", folder)
        self._keeping = Keeping(self.database, self._shelf)

    @classmethod
    def open(cls, where: Whereabouts) -> Records:
        """The records, pictures and database that settings name."""
        shelf = open_pictures(where.pictures, where.folder)
        return cls(where.folder, shelf, Database.at(where.database, where.folder, where.upgrade))

    def uploads(self, owner: str) -> Uploads:
        """The files this owner attached and has not sent yet, which lie beside the pictures."""
        return Uploads(self.database, self._shelf, owner)

    async def keep(self, kept: Kept) -> Record:
        """Write a record and its pictures, and return the record as it was written.

        An answer is not lost with its picture: where the pictures cannot be kept the record's
        notes say so.
        """
        return await self._keeping(kept)

    async def reusable(self, owner: str, reuse_key: str) -> Record | None:
        """The newest record that answers the same request, if this version can read it."""
        return await self.database.read(rows.reusable, owner, reuse_key)

    async def list(
        self,
        owner: str,
        *,
        tool: str | None = None,
        outcome: Outcome | None = None,
        limit: int = 50,
    ) -> Many:
        """The owner's records, newest first."""
        query = select(records.c.body).where(records.c.owner == owner, rows.STANDS)
        if tool is not None:
            query = query.where(records.c.tool == tool)
        if outcome is not None:
            query = query.where(records.c.outcome == outcome.value)
        query = query.order_by(records.c.created.desc(), records.c.id).limit(limit)
        return await self.database.read(rows.read_all, query)

    async def search(self, owner: str, wanted: Search, limit: int) -> Many:
        """The first so many of the owner's records that are like that, newest first."""
        return await self.database.read(wanted.page, owner, limit)

    async def find(self, owner: str, id_or_prefix: str) -> Record:
        """The record of that id, or of a prefix of at least six characters that only it has.

        Raises UsageError where there is none, or more than one, or where another version of
        visiontools wrote it in a way this one cannot read.
        """
        record_id, body = await self._found(owner, id_or_prefix)
        if rows.is_being_deleted(body):
            raise UsageError(
                f"Record {record_id} is deleted, but for pictures that could not be.",
                next=f"Finish it: visiontools records delete {record_id}",
            )
        if (record := rows.read(body)) is None:
            raise UsageError(
                f"Record {record_id} was written by another version of visiontools and cannot be "
                "read.",
                next="Use that version, or delete the record.",
            )
        return record

    async def _found(self, owner: str, id_or_prefix: str) -> tuple[str, str]:
        """The id and the unread body of the one record meant."""
        prefix = id_or_prefix.strip().lower()
        found = await self.database.read(rows.named, owner, prefix) if prefix else []
        exact = [one for one in found if one[0] == prefix]
        if exact or (len(found) == 1 and len(prefix) >= _SHORTEST_PREFIX):
            return (exact or found)[0]
        if found:
            raise UsageError(
                f"'{id_or_prefix}' is not enough to name one record.",
                next="Give more of its id: 'visiontools records list' shows them.",
            )
        raise UsageError(
            f"There is no record '{id_or_prefix}'.",
            next="'visiontools records list' shows those there are.",
        )

    async def full_id(self, owner: str, id_or_prefix: str) -> str:
        """The id ``find`` would find, also of a record that cannot be read. Raises UsageError."""
        return (await self._found(owner, id_or_prefix))[0]

    async def pictures(self, record: Record) -> tuple[Picture, ...]:
        """The pictures of a record, as they were sent; UsageError where they are gone."""
        return tuple(rows.picture_of(*each) for each in await self._shown(record, texts=False))

    async def texts(self, record: Record) -> tuple[TextInput, ...]:
        """The texts of a record, as they were read; UsageError where they are gone."""
        return tuple(rows.text_of(*each) for each in await self._shown(record, texts=True))

    async def _shown(self, record: Record, *, texts: bool) -> Described:
        """The description, bytes and hash of the texts of a record, or of its pictures."""
        found = await self._described(record, texts=texts)
        getting = [self._shelf.get(record.owner, sha256) for sha256, _ in found]
        try:
            came = await asyncio.gather(*getting)
        except FileNotFoundError:
            raise UsageError(
                f"{'A text' if texts else 'A picture'} of record {record.id} is gone, or was "
                "never kept.",
                next="Run the tool on it again, with --again.",
            ) from None
        return [(body, data, sha256) for (sha256, body), data in zip(found, came, strict=True)]

    async def _described(self, record: Record, *, texts: bool) -> Rows:
        found = await self.database.read(rows.pictures_of, record)
        return [(sha256, body) for sha256, body in found if rows.is_text(body) == texts]

    async def links(
        self, record: Record, *, download: bool = False, seconds: int = 300
    ) -> tuple[str | None, ...]:
        """An address for each picture that shows or downloads it for ``seconds``.

        None where the store has no addresses: then show what ``pictures`` returns.
        """
        found = await self._described(record, texts=False)
        getting = []
        for number, (sha256, body) in enumerate(found, 1):
            name = f"{record.tool}-{record.id[:8]}-{number}.{rows.ending_of(body)}"
            wanted = name if download else None
            getting.append(self._shelf.link(record.owner, sha256, name=wanted, seconds=seconds))
        return tuple(await asyncio.gather(*getting))

    async def delete(self, owner: str, record_id: str) -> None:
        """Delete a record for good: its row, its text in the database files, and its pictures.

        A picture that another record of this owner shows stays. UsageError where there is none;
        ConfigurationError where another program holds on to the text for longer than ten seconds,
        or where a picture cannot be deleted: then the text is gone, and deleting the record again
        finishes it.
        """
        await self._delete(owner, [await self.full_id(owner, record_id)])

    async def owners(self) -> Ids:
        """Everybody who has records."""
        return await self.database.read(rows.strings, select(records.c.owner).distinct())

    async def older(self, owner: str, than: dt.datetime) -> Ids:
        """The ids of the owner's records made before then, and of those half deleted."""
        old = or_(records.c.created < than, ~rows.STANDS)
        query = select(records.c.id).where(records.c.owner == owner, old)
        return await self.database.read(rows.strings, query.order_by(records.c.created))

    async def prune(self, owner: str, than: dt.datetime) -> int:
        """Delete for good what ``older`` names, as ``delete`` does; how many those were."""
        ids = await self.older(owner, than)
        for start in range(0, len(ids), _CHUNK):
            await self._delete(owner, ids[start : start + _CHUNK])
        return len(ids)

    async def check(self) -> Checked:
        """Read everybody's pictures: which are not there, and which no record shows."""
        return await check(self.database, self._shelf)

    async def delete_strays(self, checked: Checked) -> None:
        """Delete for good what no record showed, and still none does."""
        await delete_strays(self.database, self._shelf, checked.strays)

    async def _delete(self, owner: str, ids: Ids) -> None:
        shows = await self.database.write(rows.blank, owner, ids)
        failed = await drop(self.database, self._shelf, owner, set().union(*shows.values()))
        gone = [record_id for record_id, hashes in shows.items() if not hashes & failed.keys()]
        await self.database.write(rows.remove, gone)
        await self.database.forget()
        for error in failed.values():
            left = len(shows) - len(gone)
            raise StorageError(
                f"The text of {counted(left)} is deleted, but not the pictures. {error}",
                next="Delete again to finish it, or with 'visiontools records prune'.",
            ) from None

    async def close(self) -> None:
        await self.database.close()
        await self._shelf.close()


def counted(number: int) -> str:
    """So many records, in words."""
    return "one record" if number == 1 else f"{number} records"

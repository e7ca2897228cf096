"""Records in a database, with the pictures they show in a folder or a bucket.

One thread does all the writing to the database: records that wait at the same moment share one
transaction, which is what keeps many concurrent runs cheap on SQLite. No transaction waits for a
picture store. A record's row is written before its pictures and removed after them, so that no
picture is ever without a row that knows of it: what was interrupted can be finished.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine, insert, or_, select

from visiontools.errors import ConfigurationError, StorageError, UsageError
from visiontools.store import rows
from visiontools.store.database import explained, open_database
from visiontools.store.pictures import PictureStore, open_pictures
from visiontools.store.rows import Kept
from visiontools.store.schema import pictures, records
from visiontools.store.search import Search
from visiontools.types import Outcome, Picture, Record

__all__ = ["Kept", "Records", "counted"]

_SHORTEST_PREFIX = 6
_AT_ONCE = 10
"""Pictures deleted at the same time."""
_CHUNK = 200
"""Records deleted at the same time."""
P = ParamSpec("P")
T = TypeVar("T")
Many = list[Record]
"""A name of its own, since ``Records.list`` hides the built-in one."""
Ids = list[str]


class Records:
    """The records of all owners below one folder; every method is held to one owner's.

    All raise ConfigurationError where the folder or the database in it cannot be used. One that
    is only read-only or full does not keep anybody from running a tool, so it is not said before
    somebody wants something kept or found (StorageError).
    """

    def __init__(self, folder: Path, shelf: PictureStore | None = None) -> None:
        self._where = folder
        self._opened: Engine | None = None
        self._shelf = shelf or open_pictures(None, folder)
        with suppress(StorageError):
            self._open()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="visiontools-store")
        self._waiting: list[tuple[Kept, asyncio.Future[None]]] = []

    def _open(self) -> None:
        with explained(self._where):
            self._where.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._opened = open_database(self._where / "records.sqlite3")

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            self._open()  # raises, or finds that there is room by now
        assert self._opened is not None
        return self._opened

    async def keep(self, kept: Kept) -> Record:
        """Write a record and its pictures, and return the record as it was written.

        An answer is not lost with its picture: where the pictures cannot be kept the record's
        notes say so.
        """
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((kept, done))
        if len(self._waiting) == 1:
            loop.call_soon(self._start_writing, loop)
        await done
        return await self._put(kept) if kept.pictures else kept.record

    async def _put(self, kept: Kept) -> Record:
        record = kept.record
        putting = [self._shelf.put(record.owner, picture) for picture in kept.pictures]
        came = await asyncio.gather(*putting, return_exceptions=True)
        if not await self._run(self._asked, rows.stands, record.id):  # deleted meanwhile
            await self._drop(record.owner, {picture.sha256 for picture in kept.pictures})
        failed = next((error for error in came if error is not None), None)
        if failed is None:
            return record
        if not isinstance(failed, ConfigurationError):
            raise failed
        note = f"Of this run only the record was kept. {failed}"
        record = record.model_copy(update={"notes": (*record.notes, note)})
        await self._run(self._written, rows.rewrite, record)
        return record

    def _start_writing(self, loop: asyncio.AbstractEventLoop) -> None:
        batch, self._waiting = self._waiting, []
        written = loop.run_in_executor(self._thread, self._write, [kept for kept, _ in batch])

        def tell(result: asyncio.Future[None]) -> None:
            error = result.exception()
            for _, done in batch:
                if not done.cancelled():
                    done.set_exception(error) if error else done.set_result(None)

        written.add_done_callback(tell)

    def _write(self, batch: Sequence[Kept]) -> None:
        shown = [row for kept in batch for row in kept.picture_rows]
        with explained(self._where), self._engine.begin() as connection:
            connection.execute(insert(records), [kept.record_row for kept in batch])
            if shown:
                connection.execute(insert(pictures), shown)

    async def reusable(self, owner: str, reuse_key: str) -> Record | None:
        """The newest record that answers the same request, if this version can read it."""
        query = (
            select(records.c.body)
            .where(records.c.owner == owner, records.c.reuse_key == reuse_key, rows.STANDS)
            .order_by(records.c.created.desc())
            .limit(1)
        )
        return await self._run(self._one, query)

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
        return await self._run(self._many, query)

    async def search(self, owner: str, wanted: Search, limit: int) -> Many:
        """The first so many of the owner's records that are like that, newest first."""
        return await self._run(self._asked, wanted.page, owner, limit)

    async def find(self, owner: str, id_or_prefix: str) -> Record:
        """The record of that id, or of a prefix of at least six characters that only it has.

        Raises UsageError where there is none, or more than one, or where another version of
        visiontools wrote it in a way this one cannot read.
        """
        record_id, body = await self._run(self._found, owner, id_or_prefix)
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

    def _found(self, owner: str, id_or_prefix: str) -> tuple[str, str]:
        """The id and the unread body of the one record meant."""
        prefix = id_or_prefix.strip().lower()
        query = select(records.c.id, records.c.body).where(
            records.c.owner == owner,
            records.c.id.startswith(prefix, autoescape=True),
        )
        found: list[tuple[str, str]] = []
        if prefix:
            with self._engine.connect() as connection:
                found = [(row.id, row.body) for row in connection.execute(query.limit(2))]
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
        return (await self._run(self._found, owner, id_or_prefix))[0]

    async def pictures(self, record: Record) -> tuple[Picture, ...]:
        """The pictures of a record, as they were sent; UsageError where they are gone."""
        found = await self._run(self._picture_rows, record)
        getting = [self._shelf.get(record.owner, sha256) for sha256, _ in found]
        try:
            came = await asyncio.gather(*getting)
        except FileNotFoundError:
            raise UsageError(
                f"A picture of record {record.id} is gone, or was never kept.",
                next="Run the tool on the picture again, with --again.",
            ) from None
        return tuple(
            rows.picture_of(body, data, sha256)
            for (sha256, body), data in zip(found, came, strict=True)
        )

    async def links(
        self, record: Record, *, download: bool = False, seconds: int = 300
    ) -> tuple[str | None, ...]:
        """An address for each picture that shows or downloads it for ``seconds``.

        None where the store has no addresses: then show what ``pictures`` returns.
        """
        found = await self._run(self._picture_rows, record)
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
        return await self._run(self._strings, select(records.c.owner).distinct())

    async def older(self, owner: str, than: dt.datetime) -> Ids:
        """The ids of the owner's records made before then, and of those half deleted."""
        old = or_(records.c.created < than.astimezone(dt.UTC), ~rows.STANDS)
        query = select(records.c.id).where(records.c.owner == owner, old)
        return await self._run(self._strings, query.order_by(records.c.created))

    async def prune(self, owner: str, than: dt.datetime) -> int:
        """Delete for good what ``older`` names, as ``delete`` does; how many those were."""
        ids = await self.older(owner, than)
        for start in range(0, len(ids), _CHUNK):
            await self._delete(owner, ids[start : start + _CHUNK])
        return len(ids)

    async def _delete(self, owner: str, ids: Ids) -> None:
        shows = await self._run(self._written, rows.blank, owner, ids)
        failed = await self._drop(owner, set().union(*shows.values()))
        gone = [record_id for record_id, hashes in shows.items() if not hashes & failed.keys()]
        await self._run(self._written, rows.remove, gone)
        await self._run(self._forget_log)
        for error in failed.values():
            left = len(shows) - len(gone)
            raise StorageError(
                f"The text of {counted(left)} is deleted, but not the pictures. {error}",
                next="Delete again to finish it, or with 'visiontools records prune'.",
            ) from None

    async def _drop(self, owner: str, hashes: set[str]) -> dict[str, ConfigurationError]:
        """Delete the pictures no record that stands shows; why it failed, where it did."""
        slots = asyncio.Semaphore(_AT_ONCE)
        failed: dict[str, ConfigurationError] = {}

        async def drop(sha256: str) -> None:
            shown = partial(self._run, self._asked, rows.is_shown, owner, sha256)
            async with slots:
                try:
                    await self._shelf.delete(owner, sha256, shown)
                except ConfigurationError as error:
                    failed[sha256] = error

        await asyncio.gather(*(drop(sha256) for sha256 in hashes))
        return failed

    async def close(self) -> None:
        if self._opened is not None:
            await self._run(self._opened.dispose)
        self._thread.shutdown()
        await self._shelf.close()

    async def _run(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        with explained(self._where):
            return await loop.run_in_executor(self._thread, partial(work, *given, **named))

    def _one(self, query: Any) -> Record | None:
        found = self._many(query)
        return found[0] if found else None

    def _many(self, query: Any) -> Many:
        with self._engine.connect() as connection:
            read = [rows.read(body) for body in connection.scalars(query)]
        return [record for record in read if record is not None]

    def _strings(self, query: Any) -> Ids:
        with self._engine.connect() as connection:
            return list(connection.scalars(query))

    def _asked(self, question: Callable[..., T], *given: Any) -> T:
        with self._engine.connect() as connection:
            return question(connection, *given)

    def _written(self, statement: Callable[..., T], *given: Any) -> T:
        with self._engine.begin() as connection:
            return statement(connection, *given)

    def _picture_rows(self, record: Record) -> Sequence[Any]:
        query = (
            select(pictures.c.sha256, pictures.c.body)
            .where(pictures.c.record_id == record.id, pictures.c.owner == record.owner)
            .order_by(pictures.c.position)
        )
        with self._engine.connect() as connection:
            return connection.execute(query).all()

    def _forget_log(self) -> None:
        """Deleted text would live on in the write-ahead log until the next checkpoint."""
        with self._engine.connect() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        if busy:
            raise ConfigurationError(
                "It is deleted, but another program that has the database open keeps its text in "
                "the database's log.",
                next="End that program; the text goes with the next record you delete, or once "
                "nobody has the database open.",
            )


def counted(number: int) -> str:
    """So many records, in words."""
    return "one record" if number == 1 else f"{number} records"

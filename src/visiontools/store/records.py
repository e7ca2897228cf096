"""Records in a database, with the pictures they show.

One thread does all the writing: records that wait at the same moment share one transaction, which
is what keeps many concurrent runs cheap on SQLite.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from pydantic import ValidationError
from sqlalchemy import Connection, Engine, delete, insert, select

from visiontools.errors import ConfigurationError, StorageError, UsageError
from visiontools.store.database import explained, open_database
from visiontools.store.pictures import PictureFolder
from visiontools.store.schema import pictures, records
from visiontools.types import Outcome, Picture, Record, Source

_log = logging.getLogger(__name__)
_SHORTEST_PREFIX = 6
_SHA256 = pictures.c.sha256
P = ParamSpec("P")
T = TypeVar("T")
Many = list[Record]
"""A name of its own, since ``Records.list`` hides the built-in one."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is written for one run. ``reuse_key`` is None where the run must not be reused."""

    record: Record
    pictures: tuple[Picture, ...] = ()
    reuse_key: str | None = None


class Records:
    """The records of all owners below one folder; every method is held to one owner's.

    All raise ConfigurationError where the folder or the database in it cannot be used. One that
    is only read-only or full does not keep anybody from running a tool, so it is not said before
    somebody wants something kept or found (StorageError).
    """

    def __init__(self, folder: Path) -> None:
        self._where = folder
        self._opened: Engine | None = None
        self._folder = PictureFolder(folder / "pictures")
        with suppress(StorageError):
            self._open()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="visiontools-store")
        self._waiting: list[tuple[Kept, asyncio.Future[None]]] = []

    def _open(self) -> None:
        with explained(self._where):
            self._where.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._opened = open_database(self._where / "records.sqlite3")
            self._folder.sweep()

    @property
    def _engine(self) -> Engine:
        if self._opened is None:
            self._open()  # raises, or finds that there is room by now
        assert self._opened is not None
        return self._opened

    async def keep(self, kept: Kept) -> None:
        """Write a record with its pictures; returns when both are on disk."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        self._waiting.append((kept, done))
        if len(self._waiting) == 1:
            loop.call_soon(self._start_writing, loop)
        await done

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
        shown = [_picture_rows(kept) for kept in batch if kept.pictures]
        written: list[tuple[str, str]] = []
        with explained(self._where):
            try:
                with self._engine.begin() as connection:
                    connection.execute(insert(records), [_record_row(kept) for kept in batch])
                    if shown:
                        rows = [row for rows in shown for row in rows]
                        connection.execute(insert(pictures), rows)
                    # Within the transaction: nobody deletes the same picture meanwhile.
                    self._keep_pictures(batch, written)
            except BaseException:
                for owner, sha256 in written:
                    self._folder.delete(owner, sha256)
                raise

    def _keep_pictures(self, batch: Sequence[Kept], written: list[tuple[str, str]]) -> None:
        shown = ((kept.record.owner, picture) for kept in batch for picture in kept.pictures)
        for owner, picture in shown:
            if self._folder.keep(owner, picture):
                written.append((owner, picture.sha256))

    async def reusable(self, owner: str, reuse_key: str) -> Record | None:
        """The newest record that answers the same request, if this version can read it."""
        query = (
            select(records.c.body)
            .where(records.c.owner == owner, records.c.reuse_key == reuse_key)
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
        query = select(records.c.body).where(records.c.owner == owner)
        if tool is not None:
            query = query.where(records.c.tool == tool)
        if outcome is not None:
            query = query.where(records.c.outcome == outcome.value)
        query = query.order_by(records.c.created.desc(), records.c.id).limit(limit)
        return await self._run(self._many, query)

    async def find(self, owner: str, id_or_prefix: str) -> Record:
        """The record of that id, or of a prefix of at least six characters that only it has.

        Raises UsageError where there is none, or more than one, or where another version of
        visiontools wrote it in a way this one cannot read.
        """
        record_id, body = await self._run(self._found, owner, id_or_prefix)
        if (record := _read(body)) is None:
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

    async def pictures(self, record: Record) -> tuple[Picture, ...]:
        """The pictures of a record, as they were sent; UsageError where they are gone."""
        return await self._run(self._pictures, record)

    async def delete(self, owner: str, record_id: str) -> None:
        """Delete a record for good: its row, its text in the database files, and its pictures.

        A picture that another record of this owner shows stays. UsageError where there is none;
        ConfigurationError where another program holds on to the text for longer than ten seconds.
        """
        full_id, _ = await self._run(self._found, owner, record_id)
        await self._run(self._delete, owner, full_id)

    async def close(self) -> None:
        if self._opened is not None:
            await self._run(self._opened.dispose)
        self._thread.shutdown()

    async def _run(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        with explained(self._where):
            return await loop.run_in_executor(self._thread, partial(work, *given, **named))

    def _one(self, query: Any) -> Record | None:
        found = self._many(query)
        return found[0] if found else None

    def _many(self, query: Any) -> Many:
        with self._engine.connect() as connection:
            read = [_read(body) for body in connection.scalars(query)]
        return [record for record in read if record is not None]

    def _pictures(self, record: Record) -> tuple[Picture, ...]:
        query = (
            select(pictures.c.sha256, pictures.c.body)
            .where(pictures.c.record_id == record.id, pictures.c.owner == record.owner)
            .order_by(pictures.c.position)
        )
        with self._engine.connect() as connection:
            rows = connection.execute(query).all()
        try:
            return tuple(
                _picture(body, self._folder.read(record.owner, sha256), sha256)
                for sha256, body in rows
            )
        except FileNotFoundError:
            raise UsageError(
                f"A picture of record {record.id} is gone from the data folder.",
                next="Run the tool on the picture again.",
            ) from None

    def _delete(self, owner: str, record_id: str) -> None:
        mine = pictures.c.record_id == record_id
        with self._engine.begin() as connection:
            # Deleting comes first: from here on nobody else writes until all is done.
            hashes = set(connection.scalars(delete(pictures).where(mine).returning(_SHA256)))
            connection.execute(delete(records).where(records.c.id == record_id))
            for sha256 in hashes:
                if not _shown(connection, owner, sha256):
                    self._folder.delete(owner, sha256)
        # The deleted text would live on in the write-ahead log until the next checkpoint.
        with self._engine.connect() as connection:
            busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").scalar()
        if busy:
            raise ConfigurationError(
                f"Record {record_id} is deleted, but another program that has the database open "
                "keeps its text in the database's log.",
                next="End that program; the text goes with the next record you delete, or once "
                "nobody has the database open.",
            )


def _record_row(kept: Kept) -> dict[str, Any]:
    record = kept.record
    return {
        "id": record.id,
        "owner": record.owner,
        "created": record.created,
        "tool": record.tool,
        "outcome": record.outcome.value,
        "reuse_key": kept.reuse_key,
        "body": record.model_dump_json(),
    }


def _read(body: str) -> Record | None:
    """A record, or None for one that another version wrote in a way this one does not know."""
    try:
        return Record.model_validate_json(body)
    except ValidationError:
        _log.warning("A record written by another version of visiontools was left out.")
        return None


def _picture_rows(kept: Kept) -> list[dict[str, Any]]:
    return [
        {
            "record_id": kept.record.id,
            "position": f"{position:03}",
            "owner": kept.record.owner,
            "sha256": picture.sha256,
            "body": _described(picture),
        }
        for position, picture in enumerate(kept.pictures)
    ]


def _described(picture: Picture) -> str:
    told = {
        "media_type": picture.media_type,
        "width": picture.width,
        "height": picture.height,
        "sources": [asdict(source) for source in picture.sources],
        "notes": picture.notes,
    }
    return json.dumps(told)


def _picture(body: str, data: bytes, sha256: str) -> Picture:
    told = json.loads(body)
    sources = tuple(Source(**source) for source in told.pop("sources"))
    notes = tuple(told.pop("notes"))
    return Picture(data=data, sha256=sha256, sources=sources, notes=notes, **told)


def _shown(connection: Connection, owner: str, sha256: str) -> bool:
    query = select(pictures.c.record_id).where(
        pictures.c.owner == owner, pictures.c.sha256 == sha256
    )
    return connection.scalar(query.limit(1)) is not None

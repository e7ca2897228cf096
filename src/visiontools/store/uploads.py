"""Files somebody attached and has not sent yet: the owner's alone, for a day at most.

The bytes are in the picture store and what is known of them in the database, so that every process
finds them. A row is there before its bytes and goes after them: what was interrupted is finished
when the next file is attached, or old records are pruned.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, or_, select, update

from visiontools.errors import ConfigurationError
from visiontools.store import rows
from visiontools.store.database import Database
from visiontools.store.pictures import PictureStore
from visiontools.store.schema import uploads
from visiontools.types import Upload

KEPT = dt.timedelta(days=1)
MOST = 64
"""Of one owner's; the oldest go first."""
_LONGEST_NAME = 200
_SWEPT_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class _Bytes:
    """A file as a picture store takes it."""

    data: bytes
    sha256: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a file is."""

    id: str
    owner: str
    sha256: str


class Uploads:
    """One owner's files by ids that are random. All raise what the database and the store do."""

    def __init__(self, database: Database, shelf: PictureStore, owner: str) -> None:
        self._database = database
        self._shelf = shelf
        self._owner = owner

    async def put(self, file: Upload, now: dt.datetime | None = None) -> str:
        """Keep a file and name it; ``now`` is for tests."""
        now = now or dt.datetime.now(dt.UTC)
        upload_id, digest = str(uuid.uuid4()), hashlib.sha256(file.data).hexdigest()
        row = {
            "id": upload_id,
            "owner": self._owner,
            "created": now,
            "sha256": digest,
            "name": file.name[:_LONGEST_NAME],
            "gone": False,
        }
        await self._database.write(lambda c: c.execute(insert(uploads).values(row)))
        await self._shelf.put(self._owner, _Bytes(file.data, digest))
        await self.sweep(now)
        return upload_id

    async def get(self, upload_id: str) -> Upload | None:
        """The file of that id, if this owner has it. ValueError for what is no id."""
        upload_id = str(uuid.UUID(upload_id))
        found = await self._database.read(_found, self._owner, upload_id)
        if found is None:
            return None
        digest, name = found
        with suppress(FileNotFoundError):
            return Upload(await self._shelf.get(self._owner, digest), name)
        return None

    async def drop(self, upload_id: str) -> None:
        """Delete it, if this owner has it."""
        upload_id = str(uuid.UUID(upload_id))
        dropped = await self._database.write(_mark, self._owner, [upload_id])
        await self._finish(dropped)

    async def sweep(self, now: dt.datetime | None = None) -> None:
        """Delete what nobody sent in time, of every owner, and what is too many of this one's."""
        before = (now or dt.datetime.now(dt.UTC)) - KEPT
        over = await self._database.read(_over, self._owner, before)
        if not over:
            return
        await self._database.write(_mark, None, [row.id for row in over])
        with suppress(ConfigurationError):  # another's; it is tried again with the next file
            await self._finish(over)

    async def _finish(self, dropped: list[_Row]) -> None:
        """Delete the bytes no record and no other file has, then the rows."""
        for row in dropped:
            needed = partial(self._database.read, rows.is_shown, row.owner, row.sha256)
            await self._shelf.delete(row.owner, row.sha256, needed)
            await self._database.write(_forget, row.id)


def _found(connection: Connection, owner: str, upload_id: str) -> tuple[str, str] | None:
    mine = (uploads.c.id == upload_id, uploads.c.owner == owner, uploads.c.gone.is_(False))
    found = connection.execute(select(uploads.c.sha256, uploads.c.name).where(*mine)).first()
    return None if found is None else (found.sha256, found.name)


def _mark(connection: Connection, owner: str | None, ids: list[str]) -> list[_Row]:
    """Take files away from their owners; those that were there. None is any owner."""
    mine = [uploads.c.id.in_(ids)] + ([uploads.c.owner == owner] if owner is not None else [])
    found = _rows(connection, select(uploads).where(*mine))
    connection.execute(update(uploads).where(*mine).values(gone=True))
    return found


def _forget(connection: Connection, upload_id: str) -> None:
    connection.execute(delete(uploads).where(uploads.c.id == upload_id))


def _over(connection: Connection, owner: str, before: dt.datetime) -> list[_Row]:
    """What is older, what an interrupted deletion left, and what is too many of the owner's."""
    old = select(uploads).where(or_(uploads.c.created < before, uploads.c.gone.is_(True)))
    mine = select(uploads).where(uploads.c.owner == owner, uploads.c.gone.is_(False))
    newest = mine.order_by(uploads.c.created.desc(), uploads.c.id)
    return [
        *_rows(connection, old.limit(_SWEPT_AT_ONCE)),
        *_rows(connection, newest.limit(_SWEPT_AT_ONCE).offset(MOST)),
    ]


def _rows(connection: Connection, query: Select[Any]) -> list[_Row]:
    return [_Row(row.id, row.owner, row.sha256) for row in connection.execute(query)]

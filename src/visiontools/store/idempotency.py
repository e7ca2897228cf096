"""Idempotency keys: a request sent again after a lost answer does not run twice, on any process."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, and_, delete, or_, select, update

from visiontools.store.database import Database
from visiontools.store.hashes import sha256_of
from visiontools.store.schema import idempotency_keys as keys

KEPT = dt.timedelta(days=1)
FREED = dt.timedelta(minutes=15)
"""When a key is free again whose holder never said how it ended: longer than any run lasts."""
_TRIES = 3
_CLEARED_EVERY = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Fresh:
    """The key is new, and now held by whoever asked."""


@dataclass(frozen=True, slots=True)
class Same:
    """The same request ran before; this is its record."""

    record_id: str


@dataclass(frozen=True, slots=True)
class Running:
    """The same request runs now."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The key was used for another request."""


Claim = Fresh | Same | Running | Conflict


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Idempotency:
    """Remembers for a day which record a key of an owner led to."""

    def __init__(
        self,
        database: Database,
        freed: dt.timedelta = FREED,
        clock: Callable[[], dt.datetime] = _now,
    ) -> None:
        self._database = database
        self._freed = freed
        self._clock = clock
        self._claims: dict[tuple[str, str], str] = {}
        self._cleared: dt.datetime | None = None

    async def begin(self, owner: str, key: str, digest: str) -> Claim:
        """Claim a key for the request with this digest; ``Fresh`` must be finished or forgotten."""
        now, holder = self._clock(), str(uuid.uuid4())
        if self._cleared is None or now - self._cleared > _CLEARED_EVERY:
            self._cleared = now
            await self._database.write(_clear, now - KEPT)
        claim = await self._database.write(
            self._claim, owner, sha256_of(key), sha256_of(digest), holder, now
        )
        if isinstance(claim, Fresh):
            self._claims[owner, key] = holder
        return claim

    async def finish(self, owner: str, key: str, record_id: str) -> None:
        """The request led to this record."""
        await self._database.write(
            _finish, owner, sha256_of(key), self._held(owner, key), record_id
        )

    async def forget(self, owner: str, key: str) -> None:
        """Nothing came of the request: the key may be claimed again."""
        await self._database.write(_forget, owner, sha256_of(key), self._held(owner, key))

    def _held(self, owner: str, key: str) -> str:
        """Under which name this process holds the key; another may hold it by now."""
        return self._claims.pop((owner, key), "")

    def _claim(
        self,
        connection: Connection,
        owner: str,
        key: str,
        digest: str,
        holder: str,
        now: dt.datetime,
    ) -> Claim:
        taken = {"request_sha256": digest, "holder": holder, "claimed": now, "record_id": None}
        over = or_(
            keys.c.claimed <= now - KEPT,
            and_(keys.c.record_id.is_(None), keys.c.claimed <= now - self._freed),
        )
        claim = (
            self._database.insert(keys)
            .values(owner=owner, key_sha256=key, **taken)
            .on_conflict_do_update(
                index_elements=[keys.c.owner, keys.c.key_sha256], set_=taken, where=over
            )
        )
        query = select(keys).where(keys.c.owner == owner, keys.c.key_sha256 == key)
        for _ in range(_TRIES):
            connection.execute(claim)
            row = connection.execute(query).first()
            if row is not None:  # else its holder has forgotten it at this very moment
                return _read(row, holder, digest)
        return Running()


def _read(row: Row[Any], holder: str, digest: str) -> Claim:
    if row.holder == holder:
        return Fresh()
    if row.request_sha256 != digest:
        return Conflict()
    return Running() if row.record_id is None else Same(row.record_id)


def _finish(connection: Connection, owner: str, key: str, holder: str, record_id: str) -> None:
    mine = (keys.c.owner == owner, keys.c.key_sha256 == key, keys.c.holder == holder)
    connection.execute(update(keys).where(*mine).values(record_id=record_id))


def _forget(connection: Connection, owner: str, key: str, holder: str) -> None:
    mine = (keys.c.owner == owner, keys.c.key_sha256 == key, keys.c.holder == holder)
    connection.execute(delete(keys).where(*mine))


def _clear(connection: Connection, before: dt.datetime) -> None:
    connection.execute(delete(keys).where(keys.c.claimed <= before))

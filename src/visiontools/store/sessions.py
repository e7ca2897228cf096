"""Who is signed in. The database has a session's hash only: who reads it cannot sign in with it."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from visiontools.store.database import Database
from visiontools.store.hashes import sha256_of
from visiontools.store.schema import sessions, users

_SEEN_EVERY = dt.timedelta(minutes=1)
"""How exactly "last seen" is kept: a page should not cost a write for each of its files."""


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Session:
    """A sign-in that has not ended."""

    owner: str
    created: dt.datetime
    expires: dt.datetime
    last_seen: dt.datetime


class Sessions:
    """Sessions in the database, known by a token that the browser alone has."""

    def __init__(
        self,
        database: Database,
        idle: dt.timedelta | None = None,
        clock: Callable[[], dt.datetime] = _now,
    ) -> None:
        self._database = database
        self._idle = idle
        self._clock = clock

    async def begin(self, owner: str, lasts: dt.timedelta) -> str:
        """A new session's token, good for so long; sessions that are over are cleared away."""
        token, now = secrets.token_urlsafe(32), self._clock()
        row = {
            "token_sha256": sha256_of(token),
            "owner": owner,
            "created": now,
            "expires": now + lasts,
            "last_seen": now,
        }
        await self._database.write(_begin, row)
        return token

    async def find(self, token: str) -> Session | None:
        """The session, unless it has ended, was idle for too long, or its user is disabled."""
        now, digest = self._clock(), sha256_of(token)
        row = await self._database.read(_find, digest, now)
        if row is None or (self._idle is not None and now - row.last_seen > self._idle):
            return None
        if now - row.last_seen >= _SEEN_EVERY:
            await self._database.write(_seen, digest, now)
        return Session(row.owner, row.created, row.expires, row.last_seen)

    async def end(self, token: str) -> None:
        """End one session."""
        await self._database.write(_delete, sessions.c.token_sha256 == sha256_of(token))

    async def end_all(self, owner: str) -> int:
        """End every session of an owner; how many those were."""
        return await self._database.write(_delete, sessions.c.owner == owner)

    async def purge(self) -> int:
        """Clear away what has ended by itself; how many those were."""
        return await self._database.write(_delete, sessions.c.expires <= self._clock())


def _begin(connection: Connection, row: dict[str, Any]) -> None:
    _delete(connection, sessions.c.expires <= row["created"])
    _delete(connection, sessions.c.token_sha256 == row["token_sha256"])  # made, and not heard of
    connection.execute(insert(sessions).values(row))


def _find(connection: Connection, digest: str, now: dt.datetime) -> Row[Any] | None:
    query = (
        select(sessions)
        .outerjoin(users, users.c.id == sessions.c.owner)
        .where(
            sessions.c.token_sha256 == digest,
            sessions.c.expires > now,
            users.c.disabled.is_not(True),
        )
    )
    return connection.execute(query).first()


def _seen(connection: Connection, digest: str, now: dt.datetime) -> None:
    mine = sessions.c.token_sha256 == digest
    connection.execute(update(sessions).where(mine).values(last_seen=now))


def _delete(connection: Connection, which: Any) -> int:
    return connection.execute(delete(sessions).where(which)).rowcount

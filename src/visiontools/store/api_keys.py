"""Keys for programs: shown once, kept as hashes, with scopes, an end, and a way to revoke them."""

from __future__ import annotations

import datetime as dt
import secrets
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from visiontools.errors import UsageError
from visiontools.store.database import Database
from visiontools.store.hashes import sha256_of
from visiontools.store.schema import api_keys, users

PREFIX = "vt_"
"""What every key begins with, so that scanners for leaked secrets know one."""
_USED_EVERY = dt.timedelta(minutes=1)
_LONGEST = 200
_SHORTEST_PREFIX = 6
_SHORT_ID = 8


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """What is known of a key; the secret itself is not."""

    id: str
    owner: str
    name: str
    scopes: tuple[str, ...]
    created: dt.datetime
    expires: dt.datetime | None
    revoked: dt.datetime | None
    last_used: dt.datetime | None


class ApiKeys:
    """The keys of all owners in the database."""

    def __init__(self, database: Database, clock: Callable[[], dt.datetime] = _now) -> None:
        self._database = database
        self._clock = clock

    async def add(
        self,
        owner: str,
        name: str,
        scopes: Collection[str],
        expires: dt.datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """A new key, and its secret, which nobody can be told again. UsageError for a bad name."""
        if not name.strip() or len(name) > _LONGEST:
            raise UsageError(f"A key's name has 1 to {_LONGEST} characters.")
        key = ApiKey(
            id=str(uuid.uuid4()),
            owner=owner,
            name=name.strip(),
            scopes=tuple(sorted(set(scopes))),
            created=self._clock(),
            expires=expires,
            revoked=None,
            last_used=None,
        )
        # Whoever finds a key that leaked can tell which it is, and have it revoked.
        secret = f"{PREFIX}{key.id[:_SHORT_ID]}_{secrets.token_urlsafe(32)}"
        await self._database.write(_add, key, sha256_of(secret))
        return key, secret

    async def find(self, secret: str) -> ApiKey | None:
        """The key, unless it is revoked, past its end, or its user is disabled."""
        if not secret.startswith(PREFIX):
            return None
        now = self._clock()
        row = await self._database.read(_find, sha256_of(secret), now)
        if row is None:
            return None
        if row.last_used is None or now - row.last_used >= _USED_EVERY:
            await self._database.write(_change, row.id, {"last_used": now})
        return _key(row)

    async def list(self, owner: str) -> list[ApiKey]:
        """The owner's keys, newest first; revoked ones, too."""
        mine = select(*_SHOWN).where(api_keys.c.owner == owner)
        query = mine.order_by(api_keys.c.created.desc(), api_keys.c.id)
        return await self._database.read(
            lambda connection: [_key(row) for row in connection.execute(query)]
        )

    async def revoke(self, owner: str, id_or_prefix: str) -> ApiKey:
        """Let a key in no more, for good. UsageError where not exactly one of the owner's is so."""
        given = id_or_prefix.strip().lower()
        found = [
            key
            for key in await self.list(owner)
            if key.id == given or (len(given) >= _SHORTEST_PREFIX and key.id.startswith(given))
        ]
        if len(found) != 1:
            problem = "names more than one key" if found else "names no key"
            raise UsageError(
                f"'{id_or_prefix}' {problem}.", next="Give the id that the list of keys shows."
            )
        (key,) = found
        if key.revoked is None:
            await self._database.write(_change, key.id, {"revoked": self._clock()})
        return key


_SHOWN = (
    api_keys.c.id,
    api_keys.c.owner,
    api_keys.c.name,
    api_keys.c.scopes,
    api_keys.c.created,
    api_keys.c.expires,
    api_keys.c.revoked,
    api_keys.c.last_used,
)


def _key(row: Any) -> ApiKey:
    shown = dict(zip((column.name for column in _SHOWN), row, strict=True))
    return ApiKey(**{**shown, "scopes": tuple(shown["scopes"])})


def _add(connection: Connection, key: ApiKey, digest: str) -> None:
    row = {column.name: getattr(key, column.name) for column in _SHOWN}
    there = select(api_keys.c.id).where(api_keys.c.id == key.id)
    if connection.scalar(there) is None:  # else only the word of it was lost
        connection.execute(insert(api_keys).values(**row, secret_sha256=digest))


def _find(connection: Connection, digest: str, now: dt.datetime) -> Any:
    query = (
        select(*_SHOWN)
        .outerjoin(users, users.c.id == api_keys.c.owner)
        .where(
            api_keys.c.secret_sha256 == digest,
            api_keys.c.revoked.is_(None),
            (api_keys.c.expires.is_(None)) | (api_keys.c.expires > now),
            users.c.disabled.is_not(True),
        )
    )
    return connection.execute(query).first()


def _change(connection: Connection, key_id: str, changed: dict[str, Any]) -> None:
    connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(changed))

"""Who may sign in: with a password, or through a company's identity provider."""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from visiontools.errors import UsageError
from visiontools.store.database import Database
from visiontools.store.schema import api_keys, sessions, users

_LONGEST = 200


@dataclass(frozen=True, slots=True)
class User:
    """Somebody; ``id`` is the owner of their records.

    ``login`` is what they sign in with beside a password, ``issuer`` and ``subject`` who they are
    to an identity provider; each is None where they have no such way in.
    """

    id: str
    name: str
    login: str | None
    issuer: str | None
    subject: str | None
    disabled: bool
    created: dt.datetime


class Users:
    """Users in the database. Passwords come as hashes (argon2); nothing here hashes or checks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, name: str, password_hash: str) -> User:
        """A new user with a password. UsageError where the name is taken, empty or too long."""
        login = login_of(name)
        if not 0 < len(login) <= _LONGEST or len(name) > _LONGEST:
            raise UsageError(f"A user's name has 1 to {_LONGEST} characters.")
        new = _new(name.strip(), login=login)
        await self._database.write(_add, new, password_hash)
        return new

    async def find(self, user_id: str) -> User | None:
        """The user of that id."""
        return await self._database.read(_find, users.c.id == user_id)

    async def named(self, name: str) -> User | None:
        """The user who signs in with that name and a password."""
        return await self._database.read(_find, users.c.login == login_of(name))

    async def password_hash(self, user_id: str) -> str | None:
        """The hash of the user's password; None where there is no such user, or no password."""
        query = select(users.c.password_hash).where(users.c.id == user_id)
        return await self._database.read(lambda connection: connection.scalar(query))

    async def from_provider(self, issuer: str, subject: str, name: str) -> User:
        """The user an identity provider vouches for, made at the first sign-in.

        ``name`` is how pages show them, and may change from one sign-in to the next.
        """
        new = _new(name[:_LONGEST], issuer=issuer, subject=subject)
        return await self._database.write(self._met, new)

    def _met(self, connection: Connection, new: User) -> User:
        statement = self._database.insert(users).values(_row(new))
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=[users.c.issuer, users.c.subject], set_={"name": new.name}
            )
        )
        found = _find(connection, users.c.issuer == new.issuer, users.c.subject == new.subject)
        assert found is not None
        return found

    async def set_password(self, user_id: str, password_hash: str) -> None:
        """Another password; every session of the user ends. UsageError where there is no user."""
        await self._database.write(_change, user_id, {"password_hash": password_hash})

    async def disable(self, user_id: str, *, disabled: bool = True) -> None:
        """Let a user in no more, or again; every session ends. UsageError as above."""
        await self._database.write(_change, user_id, {"disabled": disabled})

    async def remove(self, user_id: str) -> None:
        """Delete a user with sessions and keys; what they own is deleted by what keeps it."""
        await self._database.write(_remove, user_id)

    async def list(self) -> list[User]:
        """All users by name."""
        query = select(*_SHOWN).order_by(users.c.name, users.c.id)
        return await self._database.read(
            lambda connection: [User(*row) for row in connection.execute(query)]
        )


_SHOWN = (
    users.c.id,
    users.c.name,
    users.c.login,
    users.c.issuer,
    users.c.subject,
    users.c.disabled,
    users.c.created,
)


def login_of(name: str) -> str:
    """A name as it is compared: whichever case, width and blanks it is typed with."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def _new(name: str, **more: Any) -> User:
    ways = {"login": None, "issuer": None, "subject": None} | more
    now = dt.datetime.now(dt.UTC)
    return User(str(uuid.uuid4()), name, disabled=False, created=now, **ways)


def _row(user: User) -> dict[str, Any]:
    return {column.name: getattr(user, column.name) for column in _SHOWN}


def _add(connection: Connection, new: User, password_hash: str) -> None:
    if _find(connection, users.c.id == new.id) is not None:
        return  # it was made, and only the word of it lost
    try:
        connection.execute(insert(users).values(**_row(new), password_hash=password_hash))
    except IntegrityError:
        raise UsageError(
            f"There is a user '{new.login}' already.", next="Choose another name."
        ) from None


def _find(connection: Connection, *wanted: Any) -> User | None:
    row = connection.execute(select(*_SHOWN).where(*wanted)).first()
    return None if row is None else User(*row)


def _change(connection: Connection, user_id: str, changed: dict[str, Any]) -> None:
    if not connection.execute(update(users).where(users.c.id == user_id).values(changed)).rowcount:
        raise UsageError("There is no such user.")
    connection.execute(delete(sessions).where(sessions.c.owner == user_id))


def _remove(connection: Connection, user_id: str) -> None:
    for table, column in (
        (sessions, sessions.c.owner),
        (api_keys, api_keys.c.owner),
        (users, users.c.id),
    ):
        connection.execute(delete(table).where(column == user_id))

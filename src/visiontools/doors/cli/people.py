"""The users of the web application, as commands name them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from visiontools.doors.cli.opening import opened_records
from visiontools.errors import UsageError
from visiontools.settings import Settings
from visiontools.store.database import Database
from visiontools.store.users import User, Users, login_of
from visiontools.types import LOCAL_OWNER


@asynccontextmanager
async def opened_database(settings: Settings) -> AsyncIterator[Database]:
    """What records, users and keys are kept in."""
    async with opened_records(settings) as kept:
        yield kept.database


async def find_user(users: Users, name: str) -> User:
    """The user of that name, e-mail address or id. Raises UsageError where not one is."""
    everybody = await users.list()
    found = [user for user in everybody if user.id == name or user.login == login_of(name)]
    found = found or [user for user in everybody if login_of(user.name) == login_of(name)]
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(user.id for user in found)
        raise UsageError(f"Several users are named '{name}'.", next=f"Name one by its id: {ids}")
    raise UsageError(
        f"There is no user '{name}'.", next="'visiontools users list' shows those there are."
    )


async def names_of_owners(users: Users) -> dict[str, str]:
    """Every owner there can be, with the name people know them by."""
    return {LOCAL_OWNER: LOCAL_OWNER, **{user.id: user.name for user in await users.list()}}

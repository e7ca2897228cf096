"""Looking at a database from outside, and upgrading it by hand: for whoever runs a server."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection

from visiontools.store import versions
from visiontools.store.database import backend_of, explained_by
from visiontools.store.whereabouts import Whereabouts

State = Literal["ready", "new", "unversioned", "older", "newer"]


@dataclass(frozen=True, slots=True)
class Found:
    """Where the database is, what runs it, and which version its tables have and should have."""

    where: str
    server: str
    version: str | None
    wanted: str
    state: State


def look(where: Whereabouts) -> Found:
    """What is there; nothing is changed. ConfigurationError where it cannot be used."""
    backend = backend_of(where.database, where.folder)
    with explained_by(backend):
        engine = backend.open()
        try:
            with engine.connect() as connection:
                have = versions.stamped(connection)
                number = connection.dialect.server_version_info or ()
                server = f"{connection.dialect.name} {'.'.join(map(str, number))}"
                state = _state(connection, have)
        finally:
            engine.dispose()
    return Found(backend.where, server, have, versions.VERSION, state)


def _state(connection: Connection, have: str | None) -> State:
    if have == versions.VERSION:
        return "ready"
    if have is None:
        return "new" if versions.is_empty(connection) else "unversioned"
    return "older" if versions.is_known(have) else "newer"


def upgrade_tables(where: Whereabouts) -> tuple[Found, Found]:
    """Make or upgrade the tables; what was there before, and what is there now."""
    was = look(where)
    backend = backend_of(where.database, where.folder)
    with explained_by(backend):
        engine = backend.open()
        try:
            versions.upgrade(engine, backend)
        finally:
            engine.dispose()
    return was, look(where)

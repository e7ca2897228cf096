"""Looking at a database from outside, and upgrading it by hand: for whoever runs a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, Engine

from visiontools.errors import UsageError
from visiontools.store import versions
from visiontools.store.backend import Backend
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
    with _opened(where) as (backend, engine), engine.connect() as connection:
        have = versions.stamped(connection)
        number = connection.dialect.server_version_info or ()
        server = f"{connection.dialect.name} {'.'.join(map(str, number))}"
        state = _state(connection, have)
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
    with _opened(where) as (backend, engine):
        versions.upgrade(engine, backend)
    return was, look(where)


def back_up(where: Whereabouts, to: Path) -> str:
    """Copy the database into a new file; what was copied. UsageError where it cannot be."""
    with _opened(where) as (backend, engine):
        with engine.connect() as connection:
            if versions.is_empty(connection):
                raise UsageError(
                    f"{backend.where} has no tables: there is nothing to copy.",
                    next="Name the data folder that has records in VISIONTOOLS_DATA_FOLDER.",
                )
        backend.back_up(engine, to)
        return backend.where


@contextmanager
def _opened(where: Whereabouts) -> Iterator[tuple[Backend, Engine]]:
    backend = backend_of(where.database, where.folder)
    with explained_by(backend):
        engine = backend.open()
        try:
            yield backend, engine
        finally:
            engine.dispose()

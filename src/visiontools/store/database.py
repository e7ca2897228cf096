"""The database file: opening it, and saying what is wrong with it."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DatabaseError

from visiontools.errors import ConfigurationError, StorageError
from visiontools.store.schema import ShapeError, make

_NO_WRITING = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_WRITING_IN_DATABASE = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
}
BUSY_MS = 10_000
"""Milliseconds to wait for another program that is writing."""

_ANOTHER = "Name another with VISIONTOOLS_DATA_FOLDER, or data_folder in visiontools.toml."


def open_database(path: Path) -> Engine:
    """The database with its tables made; for use within ``explained``."""
    if not path.exists():  # SQLite would leave it to the umask; its side files take after it
        path.touch(mode=0o600)
    engine = create_engine(f"sqlite:///{path}")

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        for pragma in (
            f"busy_timeout={BUSY_MS}",  # first: the next one waits for other processes too
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    with engine.begin() as connection:
        make(connection)
    return engine


@contextmanager
def explained(folder: Path) -> Iterator[None]:
    """What the disk or the database objects to, as ConfigurationError or StorageError."""
    try:
        yield
    except ShapeError as error:
        raise ConfigurationError(
            f"The data folder {folder} holds records of another version of visiontools: {error}.",
            next=f"Use that version, or keep this one's apart. {_ANOTHER}",
        ) from None
    except (OSError, DatabaseError) as error:
        reason = getattr(error, "strerror", None) or getattr(error, "orig", None) or error
        kind = StorageError if _no_writing(error) else ConfigurationError
        raise kind(
            f"The data folder {folder} cannot be used: {str(reason).rstrip('.')}.", next=_ANOTHER
        ) from None


def _no_writing(error: OSError | DatabaseError) -> bool:
    if isinstance(error, OSError):
        return error.errno in _NO_WRITING
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in _NO_WRITING_IN_DATABASE  # the rest of it says more exactly why

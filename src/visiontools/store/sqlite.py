"""SQLite: one file in the data folder, written by one thread of each program."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import DBAPIError, OperationalError

from visiontools.errors import ConfigurationError, StorageError, UsageError
from visiontools.store.backend import WRITES
from visiontools.store.disk import explained, unusable

BUSY_MS = 10_000
"""Milliseconds to wait for another program that is writing."""
_UPGRADE_MS = 300_000
_BETWEEN_S = 0.02
_NO_WRITING = {
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
}


class Sqlite:
    """``records.sqlite3`` in a folder, which is made where there is none; a ``Backend``."""

    threads = 1
    insert = staticmethod(insert)

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._driver: sqlite3.Connection | None = None

    @property
    def where(self) -> str:
        return f"The data folder {self._folder}"

    def open(self) -> Engine:
        path = self._folder / "records.sqlite3"
        with explained(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if not path.exists():  # SQLite would leave it to the umask; its side files follow it
                path.touch(mode=0o600)
        engine = create_engine(
            URL.create("sqlite", database=str(path)),
            hide_parameters=True,
            pool_size=1,  # one thread needs one, and ``mark`` holds for one connection
            max_overflow=0,
        )
        event.listen(engine, "connect", self._prepare)
        event.listen(engine, "begin", _begin)
        return engine

    @contextmanager
    def settling(self, engine: Engine) -> Iterator[Connection]:
        with engine.execution_options(**{WRITES: True}).connect() as connection:
            # A table that is made anew must not take along what refers to it.
            _do(connection, "PRAGMA foreign_keys=OFF")
            _do(connection, f"PRAGMA busy_timeout={_UPGRADE_MS}")
            try:
                with connection.begin():
                    yield connection
            finally:
                _do(connection, f"PRAGMA busy_timeout={BUSY_MS}")
                _do(connection, "PRAGMA foreign_keys=ON")

    def forget(self, engine: Engine) -> None:
        """Deleted text would live on in the write-ahead log until the next checkpoint."""
        until = time.monotonic() + BUSY_MS / 1000
        # SQLite waits for those who read, but not for another program's checkpoint.
        while busy := self._checkpoint(engine):
            if time.monotonic() > until:
                break
            time.sleep(_BETWEEN_S)
        if busy:
            raise ConfigurationError(
                "It is deleted, but another program that has the database open keeps its text in "
                "the database's log.",
                next="End that program; the text goes with the next record you delete, or once "
                "nobody has the database open.",
            )

    def back_up(self, engine: Engine, to: Path) -> None:
        """Whole as of one moment, also while programs write; readable by its owner only."""
        with _new_file(to), engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert isinstance(driver, sqlite3.Connection)
            with closing(sqlite3.connect(to)) as copy:
                driver.backup(copy)

    def _checkpoint(self, engine: Engine) -> bool:
        """Empty the write-ahead log; True where another program was in the way."""
        with engine.connect() as connection:
            (busy, *_) = _do(connection, "PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return bool(busy)

    def mark(self) -> object:
        if self._driver is None:
            return object()
        try:
            return self._driver.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error:  # closed, or it will be said by whoever needs an answer
            return object()

    def explain(self, error: DBAPIError) -> ConfigurationError:
        code = getattr(error.orig, "sqlite_errorcode", 0)
        no_writing = code & 0xFF in _NO_WRITING  # the rest of it says more exactly why
        return unusable(self._folder, error.orig or error, no_writing=no_writing)

    def may_repeat(self, error: DBAPIError) -> bool:
        return False

    def _prepare(self, connection: sqlite3.Connection, _: Any) -> None:
        connection.isolation_level = None  # we begin ourselves
        for pragma in (
            f"busy_timeout={BUSY_MS}",  # first: the next one waits for other processes too
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
            "secure_delete=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")
        self._driver = connection


@contextmanager
def _new_file(path: Path) -> Iterator[None]:
    """A file of that name, made now and gone again where what follows fails."""
    try:
        path.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise UsageError(
            f"{path} is there already.", next="Name a new file, or remove that one."
        ) from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.", next="Name a file in another folder."
        ) from None
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        path.unlink()
        raise StorageError(
            f"The copy {path} could not be made: {error}.", next="Look at the room on the disk."
        ) from None


def _begin(connection: Connection) -> None:
    """Whoever is going to write waits for its turn now: one that has read first could not."""
    writes = connection.get_execution_options().get(WRITES)
    _do(connection, "BEGIN IMMEDIATE" if writes else "BEGIN")


def _do(connection: Connection, statement: str) -> sqlite3.Cursor:
    """What SQLAlchemy would begin a transaction for, or is beginning one with."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    try:
        return driver.execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error

"""The database every store works with: its one thread (or few), its transactions, its faults."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Connection, Engine, Table
from sqlalchemy.exc import DBAPIError

from visiontools.errors import ConfigurationError, StorageError
from visiontools.store import versions
from visiontools.store.backend import WRITES, Backend
from visiontools.store.sqlite import Sqlite
from visiontools.store.whereabouts import Upgrade

P = ParamSpec("P")
T = TypeVar("T")


class Database:
    """SQLite in a folder, or PostgreSQL; opened when it is first needed, at the latest.

    All methods raise ConfigurationError where it cannot be used. One that cannot be used now
    (StorageError) does not keep anybody from running a tool, so that is not said before somebody
    wants something of it.
    """

    def __init__(self, backend: Backend, upgrade: Upgrade = "auto") -> None:
        self.backend = backend
        self._upgrade = upgrade
        self._opening = Lock()
        self._opened: Engine | None = None
        self._writer: Engine | None = None
        with suppress(StorageError), self.explained():
            self.engine  # noqa: B018
        self._threads = ThreadPoolExecutor(backend.threads, thread_name_prefix="visiontools-store")

    @classmethod
    def at(cls, url: str, folder: Path, upgrade: Upgrade = "auto") -> Database:
        """The database of that URL, or SQLite in the folder where there is none."""
        return cls(backend_of(url, folder), upgrade)

    @property
    def engine(self) -> Engine:
        """Opened now, if it is not yet; for use within ``explained`` and in a thread of ours."""
        with self._opening:
            if self._opened is None:
                engine = self.backend.open()
                try:
                    versions.settle(engine, self.backend, by_hand=self._upgrade == "manual")
                except BaseException:
                    engine.dispose()
                    raise
                self._writer = engine.execution_options(**{WRITES: True})
                self._opened = engine
            return self._opened

    async def read(
        self,
        question: Callable[Concatenate[Connection, P], T],
        *given: P.args,
        **named: P.kwargs,
    ) -> T:
        """What the question finds."""
        return await self.run(
            self.reading, lambda connection: question(connection, *given, **named)
        )

    async def write(
        self,
        change: Callable[Concatenate[Connection, P], T],
        *given: P.args,
        **named: P.kwargs,
    ) -> T:
        """Make a change in one transaction, which may be made twice where a connection is lost."""
        return await self.run(self.writing, lambda connection: change(connection, *given, **named))

    async def run(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        """Do it in a thread of ours."""
        return await self.start(work, *given, **named)

    def start(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> asyncio.Future[T]:
        """Begin it in a thread of ours."""
        loop = asyncio.get_running_loop()
        return loop.run_in_executor(self._threads, partial(self._do, work, *given, **named))

    def _do(self, work: Callable[P, T], *given: P.args, **named: P.kwargs) -> T:
        with self.explained():
            return work(*given, **named)

    def reading(self, question: Callable[[Connection], T]) -> T:
        """Ask now, in this thread."""
        return self._within(self.engine, question, question)

    def writing(
        self, change: Callable[[Connection], T], again: Callable[[Connection], T] | None = None
    ) -> T:
        """Change now, in this thread.

        Where a connection was lost it is done ``again``, in another way if that is given: the
        first change may have been made, and only the word of it lost.
        """
        self.engine  # noqa: B018  (open)
        assert self._writer is not None
        return self._within(self._writer, change, again or change)

    def _within(
        self,
        engine: Engine,
        work: Callable[[Connection], T],
        again: Callable[[Connection], T],
    ) -> T:
        try:
            with engine.begin() as connection:
                return work(connection)
        except DBAPIError as error:
            if not self.backend.may_repeat(error):
                raise
        with engine.begin() as connection:
            return again(connection)

    def insert(self, table: Table) -> Any:
        """An INSERT that knows ``on_conflict_do_update``."""
        return self.backend.insert(table)

    async def forget(self) -> None:
        """Do what can be done that deleted text does not live on in the database's files."""
        await self.run(lambda: self.backend.forget(self.engine))

    async def close(self) -> None:
        """Let go of threads and connections; it may be said twice."""
        if self._opened is not None:
            await self.run(self._opened.dispose)
            self._opened = None
        self._threads.shutdown()

    def explained(self) -> AbstractContextManager[None]:
        """What the database objects to, as ConfigurationError or StorageError."""
        return explained_by(self.backend)


@contextmanager
def explained_by(backend: Backend) -> Iterator[None]:
    """What a kind of database objects to, as ConfigurationError or StorageError."""
    try:
        yield
    except versions.VersionError as error:
        raise ConfigurationError(f"{backend.where} {error.what}", next=error.next) from None
    except DBAPIError as error:
        raise backend.explain(error) from None


def backend_of(url: str, folder: Path) -> Backend:
    """The kind of database a setting names. Raises ConfigurationError."""
    if not url:
        return Sqlite(folder)
    from visiontools.store.postgres import Postgres

    return Postgres(url)

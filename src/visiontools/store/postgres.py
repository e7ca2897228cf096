"""PostgreSQL, for a server with replicas; the extra ``postgres`` brings its driver."""

from __future__ import annotations

import importlib.util
import os
import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import ArgumentError, DBAPIError

from visiontools.errors import ConfigurationError, UsageError
from visiontools.loopback import is_loopback
from visiontools.store.backend import WRITES
from visiontools.store.postgres_faults import sentence

STATEMENT_S = 15
"""Seconds a statement may take, waiting for others included."""
_UPGRADE_S = 300
_LOCK = 0x76697374_6F6F6C73
"""The advisory lock of whoever makes or upgrades tables: "vistools"."""
_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "30",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
    "application_name": "visiontools",
}
"""libpq's: what to do about a server that went away without a word. The URL may say otherwise."""
_TRANSIENT = {"40001", "40P01"}
"""Two transactions stood in each other's way, and this one was ended."""


def url_of(given: str) -> URL:
    """The URL with the driver we use. Raises ConfigurationError that does not repeat it."""
    try:
        url = make_url(given)
        if url.drivername not in _SCHEMES or not url.database:
            raise ArgumentError
        url.port  # noqa: B018
    except (ArgumentError, ValueError):
        raise ConfigurationError(
            "The setting 'database' is no address of a PostgreSQL database.",
            next="Write postgresql://USER:PASSWORD@HOST/DATABASE, or with a socket "
            "postgresql://USER@/DATABASE?host=/FOLDER; leave it out for SQLite in the data folder.",
        ) from None
    return url.set(drivername="postgresql+psycopg", query={**_PATIENCE, **url.query})


def is_on_this_machine(given: str) -> bool:
    """Whether the URL, with what libpq adds from its variables, leads to this machine alone."""
    url = url_of(given)
    if url.query.get("service") or os.environ.get("PGSERVICE"):
        return False  # a file elsewhere says where it is
    named = [url.host, *url.normalized_query.get("host", ())]
    numbered = [*url.normalized_query.get("hostaddr", ()), os.environ.get("PGHOSTADDR")]
    hosts = [host for host in (*named, *numbered) if host]
    if not any(named):
        hosts += [host for host in (os.environ.get("PGHOST"),) if host]
    each = [host for several in hosts for host in several.split(",")]
    return all(host.startswith(("/", "@")) or is_loopback(host) for host in each)


class Postgres:
    """The database a URL names; a ``Backend``. ConfigurationError for another URL."""

    threads = 4
    insert = staticmethod(insert)

    def __init__(self, url: str) -> None:
        self._url = url_of(url)
        if importlib.util.find_spec("psycopg") is None:
            raise ConfigurationError(
                "PostgreSQL needs its driver, which is not installed.",
                next="Install it with: pip install 'visiontools[postgres]'",
            )

    @property
    def where(self) -> str:
        host = self._url.host or self._url.query.get("host") or "this machine"
        port = f":{self._url.port}" if self._url.port else ""
        return f"The PostgreSQL database '{self._url.database}' at {host}{port}"

    def open(self) -> Engine:
        engine = create_engine(
            self._url,
            pool_size=self.threads,
            max_overflow=1,
            pool_pre_ping=True,
            pool_recycle=1800,
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare)
        return engine

    @contextmanager
    def settling(self, engine: Engine) -> Iterator[Connection]:
        with engine.execution_options(**{WRITES: True}).begin() as connection:
            connection.execute(text(f"SET LOCAL statement_timeout = '{_UPGRADE_S}s'"))
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            yield connection

    def forget(self, engine: Engine) -> None:
        """Nothing: space is used again as the server vacuums (docs/database.md says what stays)."""

    def back_up(self, engine: Engine, to: Path) -> None:
        raise UsageError(
            f"{self.where} is copied by PostgreSQL's own programs.",
            next=f"Use: pg_dump --format=custom --file={shlex.quote(str(to))} URL",
        )

    def mark(self) -> object:
        """It cannot be told for less than asking what one wants to know."""
        return object()

    def explain(self, error: DBAPIError) -> ConfigurationError:
        return sentence(error, self.where, self._url.username)

    def may_repeat(self, error: DBAPIError) -> bool:
        state = getattr(error.orig, "sqlstate", None)
        return error.connection_invalidated or state in _TRANSIENT


def _prepare(connection: Any, _: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET statement_timeout = '{STATEMENT_S}s'")
    connection.commit()

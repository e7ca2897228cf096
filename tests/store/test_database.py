"""Where the database is, what it objects to in whose words, and what is tried again."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, text, update

from visiontools.errors import ConfigurationError, StorageError
from visiontools.settings import Settings
from visiontools.store import keeping, postgres, rows
from visiontools.store.database import Database
from visiontools.store.records import Kept, Records
from visiontools.store.schema import budgets
from visiontools.testing.postgres import GUARDED, PASSWORD, PostgresServer
from visiontools.types import Asked, Outcome, Record

Open = Callable[[str], Database]


@pytest.fixture
async def opened(tmp_path: Path) -> AsyncIterator[Open]:
    """Open a database by its URL; all are closed afterwards."""
    databases: list[Database] = []

    def at(url: str) -> Database:
        databases.append(Database.at(url, tmp_path / "store"))
        return databases[-1]

    yield at
    for database in databases:
        await database.close()


def _one(connection: Connection) -> Any:
    return connection.scalar(text("SELECT 1"))


def _put(connection: Connection, owner: str) -> None:
    row = {"owner": owner, "span_s": 60, "number": 0, "count": 0}
    connection.execute(insert(budgets).values(row))


def _owners(connection: Connection) -> list[str]:
    return list(connection.scalars(select(budgets.c.owner).order_by(budgets.c.owner)))


def test_the_password_shows_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VISIONTOOLS_DATABASE", "postgresql://ann:marmalade@db.example/tools")
    settings = Settings.load()
    assert settings.kept.database == "postgresql://ann:marmalade@db.example/tools"
    backend = postgres.Postgres(settings.kept.database)
    assert backend.where == "The PostgreSQL database 'tools' at db.example"
    told = [settings, settings.kept, backend, settings.model_dump_json(), backend.open()]
    assert "marmalade" not in repr(told) + "".join(map(str, told))


@pytest.mark.parametrize(
    "url",
    ["x", "mysql://ann:marmalade@h/d", "postgresql://ann:marmalade@h", "postgresql://a:b@h:x/d",
     "postgresql+asyncpg://ann:marmalade@h/d", "ann:marmalade@h/d", "sqlite:///marmalade"],
)  # fmt: skip
def test_what_is_no_address_of_a_database_is_explained(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"Write postgresql://USER") as error:
        Database.at(url, tmp_path)
    assert "marmalade" not in str(error.value)


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
async def test_every_usual_way_to_write_the_address_will_do(
    scheme: str, postgres_url: str, opened: Open
) -> None:
    assert await opened(postgres_url.replace("postgresql", scheme, 1)).read(_one) == 1


def test_a_driver_that_is_not_installed_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'visiontools\[postgres\]'"):
        Database.at("postgresql://ann@h/d", tmp_path)


async def test_a_server_that_is_down_keeps_nobody_from_running_a_tool(
    tmp_path: Path, opened: Open
) -> None:
    for address in ("ann:marmalade@127.0.0.1:1/tools", f"ann@/tools?host={tmp_path}"):
        database = opened(f"postgresql://{address}")  # says nothing yet
        with pytest.raises(StorageError, match=r"'tools' at .* does not answer\. Start") as error:
            await database.read(_one)
        assert "marmalade" not in str(error.value)


async def test_a_server_that_comes_up_is_used(
    postgres: PostgresServer, postgres_url: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    database = opened(postgres_url)
    with pytest.raises(StorageError):
        await database.read(_one)
    monkeypatch.delenv("PGPORT")
    assert await database.read(_one) == 1


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"user": GUARDED, "password": "wrong"}, r"accept user 'guarded' and the password\. Corr"),
        ({"user": GUARDED}, r"accept user 'guarded' and the password"),
        ({"user": "nobody"}, r"accept user 'nobody'"),
        ({"database": "nowhere"}, r"'nowhere' at .* there is no such database\. Make it"),
        ({"user": GUARDED, "password": PASSWORD}, r"does not let this user do it\. .*GRANT CREATE"),
    ],
)
def test_what_somebody_must_set_right_is_said_at_once(
    postgres: PostgresServer, tmp_path: Path, more: dict[str, str], said: str
) -> None:
    with postgres.schema() as schema, pytest.raises(ConfigurationError, match=said) as error:
        asyncio.run(_use(Database.at(postgres.url_of(schema, **more), tmp_path)))
    assert "7731" not in str(error.value)


async def _use(database: Database) -> None:
    try:
        await database.read(_one)
    finally:
        await database.close()


async def test_a_server_with_no_room_for_connections_says_so(
    postgres: PostgresServer, postgres_url: str, opened: Open
) -> None:
    postgres.sql("DROP ROLE IF EXISTS crowded", "CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
    database = opened(postgres_url.replace("//postgres@", "//crowded@"))
    with pytest.raises(StorageError, match="no further connections"):
        await database.read(_one)


async def test_a_standby_is_read_and_not_written(postgres_url: str, opened: Open) -> None:
    await opened(postgres_url).write(_put, "ann")
    standby = opened(f"{postgres_url}%20-cdefault_transaction_read_only%3Don")
    assert await standby.read(_owners) == ["ann"]
    with pytest.raises(StorageError, match=r"takes no changes now\. Name the primary"):
        await standby.write(_put, "bob")


async def test_what_takes_too_long_is_stopped(
    postgres_url: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "STATEMENT_S", 0.05)
    database = opened(postgres_url)
    with pytest.raises(StorageError, match="took too long"):
        await database.read(lambda connection: connection.execute(text("SELECT pg_sleep(9)")).all())


async def test_what_people_wrote_is_in_no_message(postgres_url: str, opened: Open) -> None:
    database = opened(postgres_url)
    await database.write(_put, "marmalade")
    with pytest.raises(ConfigurationError, match="SQLSTATE 23505") as error:
        await database.write(_put, "marmalade")
    assert "marmalade" not in str(error.value)


async def test_a_connection_that_was_cut_while_nobody_looked_is_not_noticed(
    postgres: PostgresServer, postgres_url: str, opened: Open
) -> None:
    database = opened(postgres_url)
    assert await database.read(_one) == 1
    _cut_all(postgres)
    assert await database.read(_one) == 1


def _cut_all(server: PostgresServer) -> None:
    server.sql(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        "AND application_name = 'visiontools'"
    )


def _cut(connection: Connection) -> None:
    connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_a_transaction_that_is_cut_is_made_once_more_and_only_once(
    postgres_url: str, opened: Open
) -> None:
    database, cuts = opened(postgres_url), iter([True, False])

    def change(connection: Connection) -> None:
        _put(connection, "ann")
        if next(cuts):
            _cut(connection)

    await database.write(change)
    assert await database.read(_owners) == ["ann"]
    with pytest.raises(StorageError, match=r"stopped or restarted|does not answer|lost"):
        await database.read(_cut)
    assert await database.read(_owners) == ["ann"]


async def test_a_record_whose_keeping_nobody_confirmed_is_kept_once(
    postgres_url: str, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add, cuts = rows.add, iter([True, False])

    def added(connection: Connection, batch: Any) -> None:
        add(connection, batch)
        if next(cuts):
            driver: Any = connection.connection.driver_connection
            driver.commit()
            _cut(connection)

    records = Records(tmp_path / "store", database=opened(postgres_url))
    monkeypatch.setattr(keeping.rows, "add", added)
    record = Record(
        id="1f2e3d4c-0000-4000-8000-000000000000", created=datetime.now(UTC), tool="diet",
        tool_version="1", request=Asked(), outcome=Outcome.ANSWERED, message="Fine.",
    )  # fmt: skip
    await records.keep(Kept(record))
    assert await records.list("local") == [record]


async def test_two_that_stand_in_each_others_way_both_get_through(
    postgres_url: str, opened: Open
) -> None:
    database, both = opened(postgres_url), threading.Barrier(2)
    for owner in ("ann", "bob"):
        await database.write(_put, owner)

    def change(connection: Connection, owners: list[str], meet: list[threading.Barrier]) -> None:
        connection.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
        for owner in owners:
            mine = update(budgets).where(budgets.c.owner == owner)
            connection.execute(mine.values(count=budgets.c.count + 1))
            if meet:  # at the first try both have one and want the other's
                meet.pop().wait(10)

    await asyncio.gather(
        database.write(change, ["ann", "bob"], [both]),
        database.write(change, ["bob", "ann"], [both]),
    )
    counts = select(budgets.c.count)
    assert await database.read(lambda connection: list(connection.scalars(counts))) == [2, 2]

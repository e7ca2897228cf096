"""Tables are made, taken up, upgraded and refused, with what is in them, by whoever is first."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text

from visiontools.errors import ConfigurationError
from visiontools.store import versions
from visiontools.store.database import Database, backend_of
from visiontools.store.records import Kept, Records
from visiontools.store.schema import VERSION, metadata, version
from visiontools.types import Asked, Outcome, Picture, Record

FURTHER = """
import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    with op.batch_alter_table("records") as table:
        table.alter_column("tool", type_=sa.String(60))
        table.add_column(sa.Column("stars", sa.Integer()))


def downgrade():
    with op.batch_alter_table("records") as table:
        table.drop_column("stars")
        table.alter_column("tool", type_=sa.String(40))
"""
BEFORE = """
CREATE TABLE records (id VARCHAR(36) NOT NULL, owner VARCHAR(200) NOT NULL,
 created DATETIME NOT NULL, tool VARCHAR(40) NOT NULL, outcome VARCHAR(20) NOT NULL,
 reuse_key VARCHAR(64), body TEXT NOT NULL, PRIMARY KEY (id));
CREATE INDEX records_by_owner ON records (owner, created);
CREATE TABLE record_pictures (record_id VARCHAR(36) NOT NULL, position VARCHAR(3) NOT NULL,
 owner VARCHAR(200) NOT NULL, sha256 VARCHAR(64) NOT NULL, body TEXT NOT NULL,
 PRIMARY KEY (record_id, position), FOREIGN KEY(record_id) REFERENCES records (id));
"""


def _kept(owner: str = "local") -> Kept:
    record = Record(
        id="1f2e3d4c-0000-4000-8000-000000000000", created=datetime.now(UTC), tool="diet",
        owner=owner, tool_version="1", request=Asked(ask="Which?"), outcome=Outcome.ANSWERED,
        message="The second.",
    )  # fmt: skip
    data = b"a picture"
    sha256 = hashlib.sha256(data).hexdigest()
    return Kept(record, (Picture(data, "image/png", 3, 2, sha256, ()),))


def _engine(url: str, folder: Path) -> Engine:
    return backend_of(url, folder).open()


def _differences(connection: Connection) -> list[object]:
    options = {"compare_type": True, "version_table": version.name}
    context = MigrationContext.configure(connection, opts=options)
    return list(compare_metadata(context, metadata))


def test_the_newest_migration_is_the_version_of_this_program() -> None:
    assert ScriptDirectory.from_config(versions.configuration()).get_heads() == [VERSION]


def test_the_migrations_make_the_tables_this_program_knows(
    database_url: str, tmp_path: Path
) -> None:
    engine = _engine(database_url, tmp_path)
    with engine.begin() as connection:
        assert _differences(connection), "the test must be able to see what it looks for"
        versions.migrate(connection)
        assert _differences(connection) == []
        migrated = _constraints(connection)
        versions.migrate(connection, "base")
        assert inspect(connection).get_table_names() == [version.name]
        version.drop(connection)
    versions.upgrade(engine, backend_of(database_url, tmp_path))
    with engine.connect() as connection:
        assert _differences(connection) == []
        assert _constraints(connection) == migrated
        assert versions.stamped(connection) == VERSION
    engine.dispose()


def _constraints(connection: Connection) -> dict[str, object]:
    look = inspect(connection)
    return {
        table: (
            look.get_pk_constraint(table),
            sorted(look.get_foreign_keys(table), key=lambda each: str(each["name"])),
            sorted(look.get_indexes(table), key=lambda each: str(each["name"])),
            [(c["name"], c["nullable"], str(c["type"])) for c in look.get_columns(table)],
        )
        for table in look.get_table_names()
    }


def test_a_start_imports_no_migrations(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from visiontools.store.database import Database; "
        "Database.at('', Path(sys.argv[1])); "
        "print([name for name in sys.modules if name.split('.')[0] in ('alembic', 'mako', "
        "'psycopg')])"
    )
    for _ in ("new", "there"):
        done = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        assert done.stdout.strip() == "[]"


async def test_a_database_from_before_versions_is_taken_up(tmp_path: Path) -> None:
    kept = _kept()
    row = kept.record_row
    with closing(sqlite3.connect(tmp_path / "records.sqlite3")) as old:
        old.executescript(BEFORE)
        row["created"] = f"{row['created']:%Y-%m-%d %H:%M:%S.%f}"
        old.execute("INSERT INTO records VALUES (?, ?, ?, ?, ?, ?, ?)", list(row.values()))
        old.commit()
    records = Records(tmp_path)
    assert await records.list("local") == [kept.record]
    assert await records.database.read(versions.stamped) == VERSION
    assert await records.database.read(_differences) == []
    await records.close()


@pytest.mark.parametrize("name", ["users", "threads"])
def test_a_table_of_somebody_elses_is_left_alone(
    database_url: str, tmp_path: Path, name: str
) -> None:
    engine = _engine(database_url, tmp_path / "store")
    with engine.begin() as connection:
        connection.execute(text(f"CREATE TABLE {name} (id INTEGER)"))
    with pytest.raises(ConfigurationError, match=f"made: a table {name} that is not ours"):
        Database.at(database_url, tmp_path / "store")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == [name]
    engine.dispose()


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This program as if it had one migration more."""
    further = tmp_path / "migrations 100%"
    shutil.copytree(versions.MIGRATIONS, further, ignore=shutil.ignore_patterns("__pycache__"))
    (further / "versions" / "0003_further.py").write_text(FURTHER)
    monkeypatch.setattr(versions, "MIGRATIONS", further)
    monkeypatch.setattr(versions, "VERSION", "0003")


@pytest.fixture
async def kept(database_url: str, tmp_path: Path) -> Kept:
    """A record with a picture in a database of this version."""
    records = Records(tmp_path / "store", database=Database.at(database_url, tmp_path / "store"))
    await records.keep(_kept())
    await records.close()
    return _kept()


def _stars(connection: Connection) -> bool:
    return "stars" in {column["name"] for column in inspect(connection).get_columns("records")}


async def _check_whole(database: Database, tmp_path: Path, kept: Kept) -> None:
    records = Records(tmp_path / "store", database=database)
    (found,) = await records.list("local")
    assert found.message == kept.record.message
    assert await records.pictures(found) == kept.pictures
    await records.close()


async def test_an_older_database_is_upgraded_with_what_is_in_it(
    database_url: str, tmp_path: Path, kept: Kept, newer: None
) -> None:
    database = Database.at(database_url, tmp_path / "store")
    assert await database.read(versions.stamped) == "0003"
    assert await database.read(_stars)
    await _check_whole(database, tmp_path, kept)


async def test_a_newer_database_is_refused_until_it_is_brought_down(
    database_url: str, tmp_path: Path, kept: Kept, newer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    upgraded = Database.at(database_url, tmp_path / "store")
    with monkeypatch.context() as older:
        older.setattr(versions, "MIGRATIONS", Path(versions.__file__).parent / "migrations")
        older.setattr(versions, "VERSION", VERSION)
        for way in ("auto", "manual"):
            with pytest.raises(ConfigurationError, match="version 0003, which is newer than"):
                Database.at(database_url, tmp_path / "store", way)  # type: ignore[arg-type]
    await upgraded.run(_bring_down, upgraded)
    await upgraded.close()
    monkeypatch.setattr(versions, "VERSION", VERSION)
    database = Database.at(database_url, tmp_path / "store")
    assert not await database.read(_stars)
    await _check_whole(database, tmp_path, kept)


def _bring_down(database: Database) -> None:
    with database.backend.settling(database.engine) as connection:
        versions.migrate(connection, "0002")


async def test_by_hand_means_that_opening_changes_nothing(
    database_url: str, tmp_path: Path, kept: Kept, newer: None
) -> None:
    with pytest.raises(ConfigurationError, match=r"0002, and .* 0003\. .*'visiontools database up"):
        Database.at(database_url, tmp_path / "store", "manual")
    engine = _engine(database_url, tmp_path / "store")
    versions.upgrade(engine, backend_of(database_url, tmp_path / "store"))
    engine.dispose()
    database = Database.at(database_url, tmp_path / "store", "manual")
    await _check_whole(database, tmp_path, kept)


def test_by_hand_holds_for_a_new_database_too(database_url: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"has no tables of a version.*database upgrade"):
        Database.at(database_url, tmp_path / "store", "manual")


@pytest.mark.parametrize("begin", ["new", "older"])
def test_several_that_open_it_at_once_agree(
    database_url: str, tmp_path: Path, begin: str, request: pytest.FixtureRequest
) -> None:
    if begin == "older":
        asyncio.run(Database.at(database_url, tmp_path / "store").close())
        request.getfixturevalue("newer")
    with ThreadPoolExecutor(6) as threads:
        opened = list(
            threads.map(lambda _: Database.at(database_url, tmp_path / "store"), range(6))
        )
    for database in opened:
        assert asyncio.run(database.read(_stamps)) == [versions.VERSION]
        asyncio.run(database.close())


def _stamps(connection: Connection) -> list[str]:
    return list(connection.scalars(select(version.c.version_num)))

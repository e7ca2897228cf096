"""Every migration, up and down, with rows in every table: what was there stays as it was."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, Engine, MetaData, insert, inspect, select, types

from visiontools.errors import ConfigurationError
from visiontools.store import versions
from visiontools.store.backend import Backend
from visiontools.store.database import Database, backend_of
from visiontools.store.records import Kept, Records
from visiontools.types import Asked, Outcome, Picture, Record

REVISIONS = [
    script.revision
    for script in ScriptDirectory.from_config(versions.configuration()).walk_revisions()
][::-1]
ODD = "Käse 'n' \"Brot\"\r\n%s :x \\ 🍞"
LOSES = """op.execute("UPDATE records SET body = '' WHERE id LIKE '1%'")"""
WHEN = dt.datetime(2026, 3, 29, 1, 59, 59, 123456, dt.UTC)

Rows = Mapping[str, list[dict[str, Any]]]


class Tables:
    """A database of some revision, looked at as whatever it holds: no model of ours is asked."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self.engine: Engine = backend.open()

    def move(self, revision: str) -> None:
        with self.backend.settling(self.engine) as connection:
            versions.migrate(connection, revision)

    def fill(self, mark: str) -> None:
        """Put two rows into every table: one has all values, the other only those it must have."""
        with self.engine.begin() as connection:
            for table in self._found(connection).sorted_tables:
                for number in (0, 1):
                    row = {
                        column.name: self._value(column, f"{mark}{number}")
                        for column in table.columns
                        if number == 0 or not column.nullable
                    }
                    connection.execute(insert(table).values(row))

    def rows(self) -> Rows:
        with self.engine.connect() as connection:
            found = self._found(connection).sorted_tables
            return {
                table.name: [
                    dict(row)
                    for row in connection.execute(
                        select(table).order_by(*table.primary_key)
                    ).mappings()
                ]
                for table in found
            }

    def _found(self, connection: Connection) -> MetaData:
        found = MetaData()
        names = inspect(connection).get_table_names()
        found.reflect(connection, only=[name for name in names if name != versions.version.name])
        return found

    @staticmethod
    def _value(column: Column[Any], mark: str) -> Any:
        for key in column.foreign_keys:
            return Tables._value(key.column, mark)
        match column.type:
            case types.Boolean():
                return mark.endswith("1")
            case types.Integer():
                return int(mark, 16)
            case types.DateTime():
                return WHEN + dt.timedelta(seconds=int(mark, 16))
            case types.Text():
                return f"{column.table.name}.{column.name} {mark} {ODD}"
            case types.String(length=int(length)):
                return f"{mark} {column.table.name}.{column.name}"[:length]
        raise AssertionError(f"no value for {column!r}: teach this test the type")


@pytest.fixture
def tables(database_url: str, tmp_path: Path) -> Iterator[Tables]:
    opened = Tables(backend_of(database_url, tmp_path / "store"))
    yield opened
    opened.engine.dispose()


def _in_both(before: Rows, after: Rows) -> tuple[Rows, Rows]:
    """The tables and columns there were both times."""

    def narrowed(rows: Rows, other: Rows) -> Rows:
        common = {table: _columns(other, table) for table in rows if table in other}
        return {
            table: [{name: row[name] for name in row if name in columns} for row in rows[table]]
            for table, columns in common.items()
        }

    return narrowed(before, after), narrowed(after, before)


def _columns(rows: Rows, table: str) -> set[str]:
    return {name for row in rows[table] for name in row}


def _walk(tables: Tables, revisions: list[str]) -> None:
    """Up with new rows at every revision, down to the first, and up again."""
    was: Rows = {}
    for number, revision in enumerate(revisions):
        tables.move(revision)
        before, after = _in_both(was, tables.rows())
        assert after == before, f"up to {revision}"
        assert set(before) == set(was), f"{revision} drops a table: say here what becomes of it"
        tables.fill(f"{number + 1:x}")
        was = tables.rows()
    assert all(len(rows) >= 2 for rows in was.values())
    for revision in [*revisions[-2::-1], *revisions[1:]]:
        tables.move(revision)
        now = tables.rows()
        before, after = _in_both(was, now)
        assert after == before, f"at {revision}"
        was = now


def test_rows_survive_every_step_up_every_step_down_and_every_step_up_again(
    tables: Tables,
) -> None:
    _walk(tables, REVISIONS)


@pytest.mark.parametrize("way", ["upgrade", "downgrade"])
def test_a_migration_that_loses_something_would_be_seen(
    tables: Tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    further = tmp_path / "migrations"
    shutil.copytree(versions.MIGRATIONS, further, ignore=shutil.ignore_patterns("__pycache__"))
    steps = {"upgrade": "pass", "downgrade": "pass", way: LOSES}
    written = "".join(f"\n\ndef {name}():\n    {step}\n" for name, step in steps.items())
    head = f'from alembic import op\n\nrevision = "9999"\ndown_revision = "{REVISIONS[-1]}"\n'
    (further / "versions" / "9999_careless.py").write_text(head + written)
    monkeypatch.setattr(versions, "MIGRATIONS", further)
    with pytest.raises(
        AssertionError, match="up to 9999" if way == "upgrade" else f"at {REVISIONS[-1]}"
    ):
        _walk(tables, [*REVISIONS, "9999"])


@pytest.mark.parametrize("revision", REVISIONS[:-1])
async def test_records_of_an_older_version_show_with_their_pictures(
    database_url: str, tmp_path: Path, tables: Tables, revision: str, picture: Callable[[], Picture]
) -> None:
    folder = tmp_path / "store"
    record = Record(
        id="1f2e3d4c-0000-4000-8000-000000000000", created=WHEN, tool="diet", tool_version="1",
        request=Asked(ask=ODD), outcome=Outcome.ANSWERED, message="The second.",
    )  # fmt: skip
    first = Records(folder, database=Database.at(database_url, folder))
    await first.keep(Kept(record, (picture(),)))
    await first.close()
    tables.move(revision)
    with pytest.raises(ConfigurationError) as refused:
        Database.at(database_url, folder, "manual")
    assert str(refused.value).endswith(
        f"is of version {revision}, and this program needs {REVISIONS[-1]}. "
        "Upgrade it with 'visiontools database upgrade', after a backup."
    )
    again = Records(folder, database=Database.at(database_url, folder))
    assert await again.list("local") == [record]
    assert await again.pictures(record) == (picture(),)
    await again.close()

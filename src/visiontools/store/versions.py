"""Which version the tables are of: made, taken up, upgraded, or refused.

A new database is made from the tables as this program knows them, without Alembic: most starts
find what they expect, and none of them should wait for an import.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.schema import CreateIndex

from visiontools.store.backend import Backend
from visiontools.store.schema import VERSION as VERSION
from visiontools.store.schema import metadata, pictures, records, version

if TYPE_CHECKING:
    from alembic.config import Config

MIGRATIONS = Path(__file__).parent / "migrations"
_BEFORE_VERSIONS = (records, pictures)
"""The tables of databases made before they had a version."""
_BY_HAND = "Upgrade it with 'visiontools database upgrade', after a backup."


class VersionError(Exception):
    """The tables are not what this program reads and writes; ``what`` continues a sentence."""

    def __init__(self, what: str, next: str) -> None:
        super().__init__(what)
        self.what = what
        self.next = next


def settle(engine: Engine, backend: Backend, *, by_hand: bool) -> None:
    """Bring the tables to ``VERSION``, unless that is done by hand. Raises VersionError."""
    with engine.connect() as connection:
        have = stamped(connection)
    if have == VERSION:
        return
    if by_hand:
        _refuse_newer(have)
        found = f"is of version {have}" if have else "has no tables of a version"
        raise VersionError(f"{found}, and this program needs {VERSION}.", _BY_HAND)
    upgrade(engine, backend)


def upgrade(engine: Engine, backend: Backend) -> None:
    """Make what is missing, or migrate. Several programs may do so at once: one does it."""
    with backend.settling(engine) as connection:
        have = stamped(connection)
        if have == VERSION:
            return
        if have is not None:
            _refuse_newer(have)
            migrate(connection)
            return
        _take_up(connection)
        metadata.create_all(connection)
        version.create(connection)
        connection.execute(insert(version).values(version_num=VERSION))


def stamped(connection: Connection) -> str | None:
    """The version the tables have."""
    if not _has(connection, version.name):
        return None
    return connection.scalar(select(version.c.version_num))


def migrate(connection: Connection, to: str = "head") -> None:
    """Walk the migrations to that version, or down to ``base``, in the transaction given."""
    from alembic import command

    config = configuration()
    config.attributes["connection"] = connection
    at = stamped(connection)
    walk = command.downgrade if to == "base" or (at and to < at) else command.upgrade
    walk(config, to)


def configuration() -> Config:
    """What Alembic needs to know."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def is_empty(connection: Connection) -> bool:
    """Whether no table of ours is there."""
    return not any(_has(connection, name) for name in metadata.tables)


def is_known(have: str) -> bool:
    """Whether this program has a migration of that version."""
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    try:
        ScriptDirectory.from_config(configuration()).get_revision(have)
    except CommandError:
        return False
    return True


def _refuse_newer(have: str | None) -> None:
    """Raise VersionError for a version that is in no migration of ours."""
    if have is not None and not is_known(have):
        raise VersionError(
            f"is of version {have}, which is newer than this program's {VERSION}.",
            "Use the newer visiontools; this one would damage it.",
        )


def _take_up(connection: Connection) -> None:
    """See that tables without a version are those we know. Raises VersionError."""
    for table in metadata.sorted_tables:
        if not _has(connection, table.name):
            continue
        if table not in _BEFORE_VERSIONS:
            raise _strange(f"a table {table.name} that is not ours")
        _check(connection, table.name)
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def _check(connection: Connection, name: str) -> None:
    """Raise VersionError where the table has other columns than ours."""
    found = {
        column["name"]: not column["nullable"] and column["default"] is None
        for column in inspect(connection).get_columns(name)
    }
    ours = set(metadata.tables[name].columns.keys())
    wrong = list(ours - found.keys())
    wrong += [column for column, needed in found.items() if needed and column not in ours]
    if wrong:
        raise _strange(f"its table {name} has other columns ({', '.join(sorted(wrong))})")


def _strange(what: str) -> VersionError:
    return VersionError(
        f"holds what another version of visiontools or another program made: {what}.",
        "Use that version, or keep this one's apart: name another data folder or database.",
    )


def _has(connection: Connection, table: str) -> bool:
    return connection.dialect.has_table(connection, table)

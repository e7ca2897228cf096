"""The tables, the same for every door. Records are kept as JSON beside what is searched by."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    DateTime,
    ForeignKey,
    Index,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.schema import CreateIndex, CreateTable

metadata = MetaData()

records = Table(
    "records",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("created", DateTime(timezone=True), nullable=False),
    Column("tool", String(40), nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("reuse_key", String(64)),
    Column("body", Text, nullable=False),
    Index("records_by_owner", "owner", "created"),
    Index("records_by_reuse_key", "owner", "reuse_key"),
)

pictures = Table(
    "record_pictures",
    metadata,
    Column("record_id", String(36), ForeignKey("records.id"), primary_key=True),
    Column("position", String(3), primary_key=True),
    Column("owner", String(200), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", Text, nullable=False),
    Index("record_pictures_by_hash", "owner", "sha256"),
)


class ShapeError(Exception):
    """The database has tables of other columns than ours."""


def make(connection: Connection) -> None:
    """Make what is missing; several programs may do so at once. Raises ShapeError."""
    for table in metadata.sorted_tables:
        connection.execute(CreateTable(table, if_not_exists=True))
        _check(connection, table)
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            connection.execute(CreateIndex(index, if_not_exists=True))


def _check(connection: Connection, table: Table) -> None:
    rows: Any = connection.exec_driver_sql(f"PRAGMA table_info({table.name})")
    have = {row[1]: bool(row[3]) and row[4] is None for row in rows}
    ours = {column.name for column in table.columns}
    wrong = list(ours - have.keys())
    wrong += [name for name, needed in have.items() if needed and name not in ours]
    if wrong:
        raise ShapeError(f"its table {table.name} has other columns ({', '.join(sorted(wrong))})")

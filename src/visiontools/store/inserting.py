"""INSERTs that are worked out once and not for every row: each run makes two of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Table, insert

Encode = Callable[[Any], Any]


class Inserting:
    """``insert(connection, rows)``: rows of a table, each with a value for every column."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._worked_out: dict[str, tuple[str, bool, list[tuple[str, Encode | None]]]] = {}

    def __call__(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Raises what the database objects to, as any statement does."""
        dialect = connection.dialect
        if dialect.name not in self._worked_out:
            self._worked_out[dialect.name] = self._work_out(dialect)
        statement, positional, columns = self._worked_out[dialect.name]
        encoded = [[(n, to(row[n]) if to else row[n]) for n, to in columns] for row in rows]
        if positional:
            connection.exec_driver_sql(statement, [tuple(v for _, v in row) for row in encoded])
        else:
            connection.exec_driver_sql(statement, [dict(row) for row in encoded])

    def _work_out(self, dialect: Dialect) -> tuple[str, bool, list[tuple[str, Encode | None]]]:
        columns = self._table.columns
        names = [column.name for column in columns]
        compiled = insert(self._table).compile(dialect=dialect, column_keys=names)
        encoders = [c.type.dialect_impl(dialect).bind_processor(dialect) for c in columns]
        return str(compiled), dialect.positional, list(zip(names, encoders, strict=True))

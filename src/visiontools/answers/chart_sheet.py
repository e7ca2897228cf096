"""The data as rows for a spreadsheet: numbers as numbers, and what each stands on."""

from __future__ import annotations

from collections.abc import Iterator

from visiontools.answers.chart_answer import ChartAnswer, Receipt, Table

Rows = list[list[str | float | None]]


def sheet_of(answer: ChartAnswer) -> Rows:
    """All data, one kind below the other, with an empty row between them."""
    parts: list[Rows] = []
    if answer.series:
        parts.append([*_series(answer)])
    if answer.table:
        parts.append([*_table(answer.table)])
    if answer.fields:
        parts.append([*_fields(answer)])
    if answer.receipt:
        parts.append([*_receipt(answer.receipt)])
    if answer.text:
        parts.append([*_text(answer)])
    rows: Rows = []
    for part in parts:
        rows += [[]] if rows else []
        rows += part
    return [[_whole(value) for value in row] for row in rows]


def _whole(value: str | float | None) -> str | float | None:
    """120 rather than 120.0, as it would be written by hand."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _fields(answer: ChartAnswer) -> Iterator[list[str | float | None]]:
    yield ["field", "value"]
    for field in answer.fields:
        yield [field.label, field.value]


def _text(answer: ChartAnswer) -> Iterator[list[str | float | None]]:
    yield ["text"]
    for line in answer.text:
        yield [line]


def _series(answer: ChartAnswer) -> Iterator[list[str | float | None]]:
    """One line a value, so that what each stands on has a column of its own."""
    yield ["series", "category", "x", "value", "unit", "source", "printed"]
    for series in answer.series:
        for value in series.values:
            yield [
                series.name,
                value.category,
                value.x,
                value.value,
                series.unit,
                value.source,
                value.printed,
            ]


def _table(table: Table) -> Iterator[list[str | float | None]]:
    yield [*table.columns]
    for row in table.rows:
        yield [cell.text if cell.value is None else cell.value for cell in row.cells]


def _receipt(receipt: Receipt) -> Iterator[list[str | float | None]]:
    yield ["merchant", receipt.merchant]
    yield ["date", receipt.date]
    yield ["currency", receipt.currency]
    yield ["text", "kind", "quantity", "unit price", "amount"]
    for item in receipt.items:
        yield [item.text, "item", item.quantity, item.unit_price, item.amount]
    for total in receipt.totals:
        yield [total.label, total.kind, None, None, total.amount]

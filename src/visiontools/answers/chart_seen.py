"""The vocabulary of charts, tables and receipts: what the reader, a model or a person reports.

Numbers are copied as they are printed and parsed by code, so ``printed`` and its like are texts.
Where no number is printed, ``estimated`` is what the axis says. A value may have both: code then
compares them. Where there is nothing, a field is null or empty, never a guess.

The built-in reader's function for this is ``visiontools.reader.chart.read_chart``; what it read
only once it names by pointers such as ``/series/0/values/2/printed``,
``/receipt/items/0/amount`` or ``/table/rows/0/cells/1``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, Field

from visiontools.answers.fields import lines, one_line, said
from visiontools.tooling import Observation

ChartKind = Literal[
    "bar", "line", "pie", "scatter", "table", "form", "receipt", "slide", "other"
]  # fmt: skip
KINDS: tuple[str, ...] = get_args(ChartKind)
TotalKind = Literal["subtotal", "tax", "discount", "tip", "total", "paid", "change", "other"]
MOST_SERIES = 24
MOST_VALUES = 200
MOST_ROWS = 200
MOST_COLUMNS = 40
"""Where decoding is constrained, these end a model's loop."""


def _as_text(value: Any) -> Any:
    """What is printed, as text: small models write 12 where "12" is asked for."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{value:.15g}"
    return said(value)


def _cell(value: Any) -> Any:
    return "" if value is None else one_line(f"{value:.15g}" if _is_number(value) else value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _row(value: Any) -> Any:
    """A row written as a plain list is its cells."""
    return {"cells": value} if isinstance(value, list) else value


def _cells(value: Any) -> Any:
    return [_cell(each) for each in value] if isinstance(value, list) else value


Words = Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(said)]
"""Words in the picture, letter by letter, on one line."""
Printed = Annotated[Annotated[str, Field(max_length=60)] | None, BeforeValidator(_as_text)]
"""A number as it is printed, with its sign, marks, unit and currency: '1,250', '12.5 %', '(3)'."""
Number = Annotated[float, Field(allow_inf_nan=False)]
Cells = Annotated[
    list[Annotated[str, Field(max_length=300)]],
    BeforeValidator(_cells),
    Field(max_length=MOST_COLUMNS),
]


class SeenAxis(BaseModel):
    """What is printed along an axis."""

    title: Words = None
    unit: Words = Field(default=None, description="the unit of its numbers, if one is printed")
    ticks: Annotated[
        list[Annotated[str, Field(max_length=60)]], BeforeValidator(_cells), Field(max_length=60)
    ] = Field(
        default_factory=list,
        description="the numbers printed along it, as printed, from its lower or left end; empty "
        "where it carries names",
    )


class SeenValue(BaseModel):
    """One bar, point or slice."""

    category: Words = Field(
        default=None, description="its name on the axis, or the slice's name, as printed"
    )
    x: Number | None = Field(
        default=None, description="where it lies along a horizontal axis of numbers; else null"
    )
    printed: Printed = Field(
        default=None,
        description="the number printed at it, letter by letter, with its signs and unit; null "
        "if none is",
    )
    estimated: Number | None = Field(
        default=None, description="the value read off the axis, in the axis' numbers; else null"
    )


class SeenSeries(BaseModel):
    """Values that belong together: one colour of bars, one line, all slices of a pie."""

    name: Words = Field(default=None, description="its name in the legend, or null")
    unit: Words = Field(
        default=None, description="the unit of its values, if it is not the axis' own"
    )
    values: list[SeenValue] = Field(default_factory=list, max_length=MOST_VALUES)


class SeenRow(BaseModel):
    """One row of a table, a cell for each column; "" for an empty one."""

    cells: Cells = Field(default_factory=list, description="as printed, from left to right")


class SeenTable(BaseModel):
    """A table as printed."""

    columns: Cells = Field(default_factory=list, description="the headings, from left to right")
    rows: list[Annotated[SeenRow, BeforeValidator(_row)]] = Field(
        default_factory=list, max_length=MOST_ROWS
    )


class SeenField(BaseModel):
    """One field of a form."""

    label: Words = None
    value: Words = Field(default=None, description="what is filled in; null if it is empty")


class SeenItem(BaseModel):
    """One line of a receipt that something was bought in."""

    text: Words = Field(default=None, description="what was bought, as printed")
    quantity: Printed = Field(default=None, description="how many or how much, if printed")
    unit_price: Printed = Field(default=None, description="the price of one, if printed")
    amount: Printed = Field(
        default=None, description="the line's amount as printed, with its sign if it has one"
    )


class SeenTotal(BaseModel):
    """One line of a receipt below what was bought."""

    label: Words = Field(default=None, description="its words, as printed")
    kind: TotalKind = "other"
    amount: Printed = Field(default=None, description="as printed, with its sign if it has one")


class SeenReceipt(BaseModel):
    """A receipt as printed."""

    merchant: Words = None
    date: Words = Field(default=None, description="as printed")
    currency: Words = Field(default=None, description="its sign or code, as printed")
    items: list[SeenItem] = Field(default_factory=list, max_length=MOST_ROWS)
    totals: list[SeenTotal] = Field(
        default_factory=list, max_length=40, description="subtotal, tax, total, paid and so on"
    )


class SeenChart(Observation):
    """One chart, table, form, receipt or page, as drawn and printed."""

    kind: ChartKind = "other"
    title: Words = Field(default=None, description="its title as printed, or null")
    x_axis: SeenAxis | None = Field(
        default=None, description="the axis of the names, or of x in a scatter plot"
    )
    y_axis: SeenAxis | None = Field(
        default=None, description="the axis of the values, whichever way the bars lie"
    )
    stacked: bool = Field(default=False, description="true where bars stand on one another")
    series: list[SeenSeries] = Field(default_factory=list, max_length=MOST_SERIES)
    table: SeenTable | None = None
    fields: list[SeenField] = Field(default_factory=list, max_length=MOST_ROWS)
    receipt: SeenReceipt | None = None
    text: Annotated[
        list[Annotated[str, Field(max_length=500)]], BeforeValidator(lines), Field(max_length=200)
    ] = Field(default_factory=list, description="other lines of text on the page, as printed")

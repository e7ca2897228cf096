"""What code makes of a chart, a table or a receipt: the same data with numbers for texts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from visiontools.answers.chart_seen import ChartKind, TotalKind
from visiontools.tooling import Answer
from visiontools.types import Provenance

Read = Annotated[str | None, Provenance.READ]
ReadNumber = Annotated[float | None, Provenance.READ]
Doubt = Annotated[
    str | None,
    Field(default=None, description="why the number is not to be relied on"),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Axis(_Part):
    """``low`` and ``high`` are the first and the last number printed along it."""

    title: Read
    unit: Read
    low: ReadNumber
    high: ReadNumber
    step: float | None = Field(description="between its printed numbers, where it is even")


class Value(_Part):
    """``value`` is the printed number, or the estimate where none is printed."""

    category: Read
    x: Annotated[float | None, Provenance.INFERRED]
    value: ReadNumber
    printed: Read
    source: Literal["printed", "estimated"] | None
    doubt: Doubt


class Series(_Part):
    """``total`` says that it adds up the other series."""

    name: Read
    unit: Read
    total: bool
    values: list[Value]


class Cell(_Part):
    """``value`` is the number the text is, in columns of numbers."""

    text: Annotated[str, Provenance.READ]
    value: ReadNumber
    doubt: Doubt


class Row(_Part):
    """``total`` says that it adds up the rows above."""

    total: bool
    cells: list[Cell]


class Table(_Part):
    """``numbers`` are the indexes of the columns of numbers."""

    columns: Annotated[list[str], Provenance.READ]
    numbers: list[int]
    rows: list[Row]


class FormField(_Part):
    label: Read
    value: Read
    number: ReadNumber


class Item(_Part):
    """A line of a receipt; ``printed`` is its amount as it stands there."""

    text: Read
    quantity: ReadNumber
    unit_price: ReadNumber
    amount: ReadNumber
    printed: Read
    doubt: Doubt


class Total(_Part):
    label: Read
    kind: Annotated[TotalKind, Provenance.READ]
    amount: ReadNumber
    printed: Read
    doubt: Doubt


class Receipt(_Part):
    """``items_sum`` is null where an item's amount is; ``tax_included`` where nothing tells."""

    merchant: Read
    date: Read
    currency: Read
    items: list[Item]
    totals: list[Total]
    items_sum: float | None
    tax_included: bool | None

    def of(self, *kinds: TotalKind) -> list[Total]:
        """The lines of these kinds whose amount is known."""
        return [each for each in self.totals if each.kind in kinds and each.amount is not None]


class ChartAnswer(Answer):
    """The data."""

    kind: Annotated[ChartKind, Provenance.INFERRED]
    title: Read
    x_axis: Axis | None
    y_axis: Axis | None
    stacked: Annotated[bool, Provenance.INFERRED]
    series: list[Series]
    table: Table | None
    fields: list[FormField]
    receipt: Receipt | None
    text: Annotated[list[str], Provenance.READ]
    doubts: list[str] = Field(description="what can be read in two ways, and what was read once")

    @property
    def values(self) -> list[Value]:
        """All values of all series."""
        return [value for series in self.series for value in series.values]

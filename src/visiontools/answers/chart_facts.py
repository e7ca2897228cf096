"""The data of a chart, a table, a form or a receipt as cells that questions are answered over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from visiontools.answers.chart_answer import ChartAnswer, Receipt, Series, Table, Total, Value
from visiontools.answers.chart_data import is_total
from visiontools.answers.chart_numbers import figure
from visiontools.answers.chart_seen import TotalKind

AMOUNT = "amount"
"""The series of a receipt that a question is about where it names none."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One cell: what it is of, its number or text, and the pointer to it in the answer.

    ``total`` marks a cell that adds up others, by its category or its whole series; it is taken
    only where that is named.
    """

    series: str | None
    category: str | None
    value: float | None
    text: str
    pointer: str
    unit: str | None = None
    estimated: bool = False
    doubt: str | None = None
    total: Literal["category", "series"] | None = None

    @property
    def name(self) -> str:
        """The category, else the series, else the text."""
        return self.category or self.series or self.text


@dataclass(frozen=True, slots=True)
class Facts:
    """All cells, with their series and categories in the order they stand.

    ``words`` are what titles and headings call them; ``sums`` are a receipt's lines below what was
    bought; ``lines`` is all text, with its pointers.
    """

    cells: tuple[Fact, ...]
    words: tuple[str, ...] = ()
    sums: tuple[tuple[TotalKind, Fact], ...] = ()
    lines: tuple[tuple[str, str], ...] = ()
    receipt: bool = False
    across: tuple[str, ...] = ()
    """What the categories are called together: the title of the axis, the first heading."""

    @property
    def series(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.series for c in self.cells if c.series is not None))

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(c.category for c in self.cells if c.category is not None))

    def numbers(self, series: Iterable[str] = (), categories: Iterable[str] = ()) -> list[Fact]:
        """The cells with a number of these series and categories; empty means all of them."""
        return [cell for cell in self._wanted(series, categories) if cell.value is not None]

    def unclear(self, series: Iterable[str] = (), categories: Iterable[str] = ()) -> list[Fact]:
        """Those that have a number in the picture which could not be read for sure."""
        wanted = self._wanted(series, categories)
        drawn = (cell for cell in wanted if cell.value is None)
        return [cell for cell in drawn if cell.doubt or cell.pointer.startswith("/series/")]

    def _wanted(self, series: Iterable[str], categories: Iterable[str]) -> Iterator[Fact]:
        wanted, of = set(series), set(categories)
        if self.receipt and not wanted:
            wanted = {AMOUNT}
        for cell in self.cells:
            if (
                (not wanted or cell.series in wanted)
                and (not of or cell.category in of)
                and (cell.total != "series" or cell.series in wanted)
                and (cell.total != "category" or cell.category in of)
            ):
                yield cell


def facts_of(answer: ChartAnswer) -> Facts:
    """The cells of the answer."""
    cells = [*_of_series(answer)]
    words = [
        answer.title,
        *(w for a in (answer.x_axis, answer.y_axis) if a for w in (a.title, a.unit)),
    ]
    across = [answer.x_axis.title] if answer.x_axis and answer.x_axis.title else []
    if answer.table:
        cells += _of_table(answer.table)
        words += answer.table.columns
        across += answer.table.columns[:1]
    cells += [
        Fact(None, each.label, each.number, each.value or "", f"/fields/{at}/value")
        for at, each in enumerate(answer.fields)
    ]
    receipt = answer.receipt
    if receipt:
        cells += _of_receipt(receipt)
        words += [receipt.merchant]
    return Facts(
        cells=tuple(cells),
        words=tuple(word for word in words if word),
        sums=tuple(_sums(receipt)) if receipt else (),
        lines=tuple(_lines(answer)),
        receipt=receipt is not None,
        across=tuple(across),
    )


def _of_series(answer: ChartAnswer) -> Iterator[Fact]:
    several = len(answer.series) > 1
    for s, series in enumerate(answer.series):
        name = series.name or (f"Series {s + 1}" if several else None)
        parts = sum(not is_total(value.category) for value in series.values)
        for v, value in enumerate(series.values):
            yield Fact(
                series=name,
                category=value.category or (None if value.x is None else f"{value.x:g}"),
                value=value.value,
                text=_shown(value, series.unit),
                pointer=f"/series/{s}/values/{v}/value",
                unit=series.unit,
                estimated=value.source == "estimated",
                doubt=value.doubt,
                total=_total(series, value, parts),
            )


def _total(series: Series, value: Value, parts: int) -> Literal["category", "series"] | None:
    if series.total:
        return "series"
    return "category" if is_total(value.category) and parts > 1 else None


def _shown(value: Value, unit: str | None) -> str:
    if value.value is None:
        return value.printed or ""
    if value.source == "printed" and value.printed:
        return value.printed
    return f"≈ {number(value.value, unit)}"


def _of_table(table: Table) -> Iterator[Fact]:
    first = 0 if len(table.columns) == 1 else 1
    for r, row in enumerate(table.rows):
        for c, cell in list(enumerate(row.cells))[first:]:
            if not cell.text:
                continue
            value = cell.value is not None
            yield Fact(
                series=table.columns[c] or f"column {c + 1}",
                category=row.cells[0].text if first else None,
                value=cell.value,
                text=cell.text,
                pointer=f"/table/rows/{r}/cells/{c}/{'value' if value else 'text'}",
                doubt=cell.doubt,
                unit=figure(cell.text).unit if value else None,
                total="category" if row.total else None,
            )


def _of_receipt(receipt: Receipt) -> Iterator[Fact]:
    for name in ("merchant", "date", "currency"):
        said = getattr(receipt, name)
        if said:
            yield Fact(AMOUNT, name, None, said, f"/receipt/{name}")
    for at, item in enumerate(receipt.items):
        numbers = {AMOUNT: item.amount, "quantity": item.quantity, "unit price": item.unit_price}
        for series, value in numbers.items():
            if value is None and not (series == AMOUNT and item.printed):
                continue
            unit = None if series == "quantity" else receipt.currency
            yield Fact(
                series=series,
                category=item.text,
                value=value,
                text=_amount(value, unit, None if series == "quantity" else 2)
                or item.printed
                or "",
                pointer=f"/receipt/items/{at}/{series.replace(' ', '_')}",
                unit=unit,
                doubt=item.doubt or (None if value is not None else "no clear amount"),
            )


def _amount(value: float | None, unit: str | None, places: int | None) -> str:
    return "" if value is None else number(value, unit, places=places)


def _sums(receipt: Receipt) -> Iterator[tuple[TotalKind, Fact]]:
    for at, total in enumerate(receipt.totals):
        if total.amount is not None:
            yield total.kind, _sum(total, at, receipt.currency)


def _sum(total: Total, at: int, currency: str | None) -> Fact:
    return Fact(
        series=None,
        category=total.label or total.kind,
        value=total.amount,
        text=number(total.amount or 0.0, currency, places=2),
        pointer=f"/receipt/totals/{at}/amount",
        unit=currency,
        doubt=total.doubt,
        total="category",
    )


def _lines(answer: ChartAnswer) -> Iterator[tuple[str, str]]:
    if answer.title:
        yield answer.title, "/title"
    for at, text in enumerate(answer.text):
        yield text, f"/text/{at}"
    for at, each in enumerate(answer.fields):
        yield ": ".join(filter(None, (each.label, each.value))), f"/fields/{at}/value"
    for r, row in enumerate(answer.table.rows if answer.table else ()):
        yield ", ".join(c.text for c in row.cells if c.text), f"/table/rows/{r}/cells/0/text"
    receipt = answer.receipt
    if receipt:
        for name in ("merchant", "date"):
            if getattr(receipt, name):
                yield getattr(receipt, name), f"/receipt/{name}"
        for at, item in enumerate(receipt.items):
            yield ", ".join(filter(None, (item.text, item.printed))), f"/receipt/items/{at}/text"


_BEFORE = frozenset("$£€¥₹₩")


def number(value: float, unit: str | None = None, *, places: int | None = None) -> str:
    """A number for a person: "1,250", "12.5 %", "€ 3.00"; ten digits at most."""
    said = f"{round(value, 9):,.10g}" if places is None else f"{value:,.{places}f}"
    if "e" in said:
        said = f"{value:.6g}"
    if not unit:
        return said
    return f"{unit} {said}" if unit in _BEFORE else f"{said} {unit}"

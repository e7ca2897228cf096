"""Score an observation of a chart, table or receipt against the truth, value by value. Pure.

A **value** is a number (or a table's cell, a date, a currency) with whose it is: a bar's series and
name, a cell's row and column, a receipt's line. Whose it is counts as told where the words agree
but for spaces, case, accents and one letter in five, digits never; **words** that differ at all
are counted apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from visiontools.answers.chart_seen import SeenChart, SeenReceipt, SeenTable
from visiontools.evals.labels_score import Score
from visiontools.reader.label_words import plain

Key = tuple[str, ...]
ALIKE = 0.8
NEAR = 0.015
"""An estimate may be off by this share of the chart's largest value."""
Facts = dict[Key, str | float]


@dataclass(frozen=True, slots=True)
class Scores:
    """``values`` as accepted, ``once`` with those read only once, ``words`` the names alone."""

    values: Score = field(default_factory=Score)
    once: Score = field(default_factory=Score)
    words: Score = field(default_factory=Score)

    def __add__(self, other: Scores) -> Scores:
        return Scores(self.values + other.values, self.once + other.once, self.words + other.words)


def score(seen: SeenChart, truth: SeenChart, unconfirmed: Collection[str] = ()) -> Scores:
    """Compare everything; ``unconfirmed`` are JSON pointers of values read only once."""
    printed = facts(truth)
    return Scores(
        compare(facts(seen, unconfirmed), printed),
        compare(facts(seen), printed),
        _words_score(seen, truth),
    )


def compare(accepted: Mapping[Key, str | float], printed: Mapping[Key, str | float]) -> Score:
    """How many of the accepted values are printed so."""
    names = sorted({name for key in printed for name in key})
    told = {tuple(_nearest(name, names) for name in key): v for key, v in accepted.items()}
    # Two that come to one name are one right value at most.
    lost = len(accepted) - len(told)
    largest = largest_of(printed)
    right = sum(alike(value, printed.get(key), largest) for key, value in told.items())
    return Score(right, len(told) - right + lost, len(printed) - right)


def largest_of(printed: Mapping[Key, str | float]) -> float:
    """The chart's largest value, which estimates are measured by."""
    return max((abs(v) for v in printed.values() if isinstance(v, float)), default=0.0)


def facts(chart: SeenChart, leave_out: Collection[str] = ()) -> Facts:
    """Every value under whose it is."""
    found: Facts = {}
    for s, series in enumerate(chart.series):
        for v, value in enumerate(series.values):
            name = f"/series/{s}/values/{v}"
            key = ("bar", fold(series.name), fold(value.category))
            if value.printed is not None and f"{name}/printed" not in leave_out:
                found[*key, "printed"] = fold(value.printed)
            if value.estimated is not None and f"{name}/estimated" not in leave_out:
                found[*key, "estimated"] = float(value.estimated)
    if chart.table:
        found.update(_cells(chart.table, leave_out))
    if chart.receipt:
        found.update(_lines(chart.receipt, leave_out))
    return found


def _cells(table: SeenTable, leave_out: Collection[str]) -> Facts:
    columns = [fold(column) for column in table.columns]
    return {
        ("cell", fold(row.cells[0]), columns[c] if c < len(columns) else f"{c}"): fold(cell)
        for r, row in enumerate(table.rows)
        for c, cell in enumerate(row.cells)
        if c and cell and f"/table/rows/{r}/cells/{c}" not in leave_out
    }


def _lines(receipt: SeenReceipt, leave_out: Collection[str]) -> Facts:
    found: Facts = {}
    if receipt.date and "/receipt/date" not in leave_out:
        found["date",] = fold(receipt.date)
    if receipt.currency and "/receipt/currency" not in leave_out:
        found["currency",] = fold(receipt.currency)
    times: Counter[str] = Counter()
    for i, item in enumerate(receipt.items):
        name = fold(item.text)
        times[name] += 1
        for part in ("quantity", "unit_price", "amount"):
            said = getattr(item, part)
            if said is not None and f"/receipt/items/{i}/{part}" not in leave_out:
                found["item", name, f"{times[name]}", part] = bare(said)
    for i, total in enumerate(receipt.totals):
        times[total.kind] += 1
        if total.amount is not None and f"/receipt/totals/{i}/amount" not in leave_out:
            found["total", total.kind, f"{times[total.kind]}"] = bare(total.amount)
    return found


def fold(text: str | None) -> str:
    """A text without spaces and case."""
    return "".join((text or "").split()).casefold()


def bare(amount: str) -> str:
    """An amount's sign, digits and marks: currencies and units are facts of their own."""
    return "".join(c for c in amount.replace("−", "-") if c.isdigit() or c in ".,'-()").strip(".")


def alike(value: str | float, printed: str | float | None, largest: float) -> bool:
    """Whether a value is the printed one, or an estimate near enough to it."""
    if isinstance(value, float) and isinstance(printed, float):
        return abs(value - printed) <= NEAR * largest
    return value == printed


def _nearest(name: str, names: Iterable[str]) -> str:
    """The true name that ``name`` is a slight misreading of, or itself."""
    alike = [(SequenceMatcher(None, plain(name), plain(other)).ratio(), other) for other in names
             if _digits(other) == _digits(name)]  # fmt: skip
    ratio, best = max(alike, default=(0.0, name))
    return best if ratio >= ALIKE else name


def _digits(text: str) -> str:
    return "".join(c for c in text if c.isdigit())


def _words_score(seen: SeenChart, truth: SeenChart) -> Score:
    said, printed = Counter(_words(seen)), Counter(_words(truth))
    right = sum((said & printed).values())
    return Score(right, said.total() - right, printed.total() - right)


def _words(chart: SeenChart) -> list[Key]:
    words: list[Key] = [("title", fold(chart.title))]
    if chart.y_axis:
        words.append(("axis", fold(chart.y_axis.title) + fold(chart.y_axis.unit)))
    words += [("series", fold(series.name)) for series in chart.series]
    words += [("name", fold(value.category)) for series in chart.series for value in series.values]
    if chart.table:
        words += [("column", fold(column)) for column in chart.table.columns]
        words += [("row", fold(row.cells[0])) for row in chart.table.rows if row.cells]
    if chart.receipt:
        words.append(("merchant", fold(chart.receipt.merchant)))
        words += [("item", fold(item.text)) for item in chart.receipt.items]
    return [word for word in words if word[1]]

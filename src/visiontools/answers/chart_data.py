"""From what was seen of a chart to its data: printed numbers parsed, the rest as estimated."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Literal

from visiontools.answers.chart_answer import (
    Axis,
    Cell,
    ChartAnswer,
    FormField,
    Row,
    Series,
    Table,
    Value,
)
from visiontools.answers.chart_habit import habit_of
from visiontools.answers.chart_numbers import Habit, Mark, figure, has_number
from visiontools.answers.chart_receipt import receipt_of, receipt_texts, under
from visiontools.answers.chart_seen import SeenAxis, SeenChart, SeenSeries, SeenTable, SeenValue
from visiontools.types import Provenance

_TOTAL = re.compile(
    r"(?:grand |sub)?totals?(?: .*)?|sum|overall|summe(?: .*)?|gesamt(?:.*)?|insgesamt|totale|"
    r"total général",
    re.IGNORECASE,
)
_COUNTS_NOTHING = re.compile(r"(?:year|date|no\.?|nr\.?|id|#|code|page)", re.IGNORECASE)
"""Headings of columns of numbers that are no amounts."""
_ONCE = "read only once"


def data_of(
    seen: SeenChart, unconfirmed: Iterable[str] = (), mark: Mark | None = None
) -> tuple[ChartAnswer, Habit]:
    """The data, and how its numbers are printed; ``mark`` is its decimal mark, where known."""
    told = habit_of(_texts(seen), _ticks(seen), _pairs(seen))
    habit = Habit(mark, told.scaled) if mark else told
    once = dict.fromkeys(sorted(unconfirmed), _ONCE)
    x_axis, y_axis = _axis(seen.x_axis, habit), _axis(seen.y_axis, habit)
    answer = ChartAnswer(
        kind=seen.kind,
        title=seen.title,
        x_axis=x_axis,
        y_axis=y_axis,
        stacked=seen.stacked,
        series=_series(seen, habit, once, y_axis.unit if y_axis else None),
        table=_table(seen.table, habit, once),
        fields=[
            FormField(label=each.label, value=each.value, number=figure(each.value, habit).value)
            for each in seen.fields
            if each.label or each.value
        ],
        receipt=receipt_of(seen.receipt, habit, _below(once, "/receipt")),
        text=seen.text,
        doubts=[],
    )
    answer.doubts = list(dict.fromkeys(_doubts(answer)))
    return answer, habit


def is_empty(answer: ChartAnswer) -> bool:
    """Whether there is nothing in it but perhaps a title."""
    return not (answer.values or answer.table or answer.fields or answer.receipt or answer.text)


def is_total(name: str | None) -> bool:
    """Whether a row or series of this name adds up others."""
    return name is not None and _TOTAL.fullmatch(name.strip(" :.")) is not None


def sources(answer: ChartAnswer) -> dict[str, Provenance]:
    """Where estimated values come from; what is printed is marked so on the schema."""
    return {
        f"/series/{s}/values/{v}/value": Provenance.INFERRED
        for s, series in enumerate(answer.series)
        for v, value in enumerate(series.values)
        if value.source == "estimated"
    }


def _texts(seen: SeenChart) -> list[str | None]:
    printed = [value.printed for series in seen.series for value in series.values]
    rows = seen.table.rows if seen.table else []
    cells = [cell for row in rows for cell in row.cells[1:]]
    fields = [field.value for field in seen.fields]
    return [*printed, *cells, *fields, *receipt_texts(seen.receipt)]


def _ticks(seen: SeenChart) -> list[list[str]]:
    return [axis.ticks for axis in (seen.x_axis, seen.y_axis) if axis]


def _pairs(seen: SeenChart) -> list[tuple[str | None, float | None]]:
    return [(value.printed, value.estimated) for series in seen.series for value in series.values]


def _below(once: Mapping[str, str], at: str) -> dict[str, str]:
    return {p.removeprefix(at): why for p, why in once.items() if p.startswith(f"{at}/")}


def _axis(seen: SeenAxis | None, habit: Habit) -> Axis | None:
    if seen is None or not (seen.title or seen.unit or seen.ticks):
        return None
    ticks = [value for text in seen.ticks if (value := figure(text, habit).value) is not None]
    whole = len(ticks) == len(seen.ticks) and len(ticks) >= 2
    steps = [after - before for before, after in pairwise(ticks)]
    even = whole and all(abs(step - steps[0]) <= abs(steps[0]) * 1e-3 for step in steps)
    return Axis(
        title=seen.title,
        unit=seen.unit,
        low=min(ticks) if whole else None,
        high=max(ticks) if whole else None,
        step=abs(round(steps[0], 9)) if even and steps[0] else None,
    )


def _series(
    seen: SeenChart, habit: Habit, once: Mapping[str, str], axis_unit: str | None
) -> list[Series]:
    found = []
    for at, series in enumerate(seen.series):
        values = [
            _value(value, habit, under(once, f"/series/{at}/values/{n}"))
            for n, value in enumerate(series.values)
            if value.category or value.printed or value.estimated is not None
        ]
        if not values:
            continue
        found.append(
            Series(
                name=series.name,
                unit=series.unit or _unit(series, habit) or axis_unit,
                total=is_total(series.name) and len(seen.series) > 2,
                values=values,
            )
        )
    return found


def _value(seen: SeenValue, habit: Habit, once: str | None) -> Value:
    printed = figure(seen.printed, habit)
    doubt = printed.doubt or once
    if seen.printed and not has_number(seen.printed):
        doubt = f"'{seen.printed}' is no single number"
    value = seen.estimated if printed.value is None else printed.value
    source: Literal["printed", "estimated"] = "estimated" if printed.value is None else "printed"
    return Value(
        category=seen.category,
        x=seen.x,
        value=value,
        printed=seen.printed,
        source=None if value is None else source,
        doubt=doubt,
    )


def _unit(series: SeenSeries, habit: Habit) -> str | None:
    """The unit most of its numbers are printed with."""
    units = Counter(unit for value in series.values if (unit := figure(value.printed, habit).unit))
    return units.most_common(1)[0][0] if units else None


def _table(seen: SeenTable | None, habit: Habit, once: Mapping[str, str]) -> Table | None:
    rows = [row.cells for row in seen.rows if any(row.cells)] if seen else []
    if seen is None or not rows:
        return None
    width = max(len(seen.columns), *map(len, rows))
    columns = [*seen.columns, *[""] * (width - len(seen.columns))]
    filled = [[*row, *[""] * (width - len(row))] for row in rows]
    numbers = [at for at in range(width) if _is_of_numbers(at, columns[at], filled)]
    kept = [n for n, row in enumerate(seen.rows) if any(row.cells)]
    names_last = is_total(filled[-1][0]) and len(filled) > 2
    return Table(
        columns=columns,
        numbers=numbers,
        rows=[
            Row(
                total=names_last and n == len(filled) - 1,
                cells=[
                    _cell(text, habit, at in numbers, once.get(f"/table/rows/{kept[n]}/cells/{at}"))
                    for at, text in enumerate(row)
                ],
            )
            for n, row in enumerate(filled)
        ],
    )


def _is_of_numbers(at: int, heading: str, rows: Sequence[Sequence[str]]) -> bool:
    """Whether most of a column's cells are amounts; the first of several names the rows."""
    cells = [row[at] for row in rows if row[at]]
    if not cells or (at == 0 and len(rows[0]) > 1) or _COUNTS_NOTHING.fullmatch(heading):
        return False
    return 2 * sum(map(has_number, cells)) > len(cells)


def _cell(text: str, habit: Habit, is_number: bool, once: str | None) -> Cell:
    found = figure(text, habit) if is_number else figure(None)
    return Cell(text=text, value=found.value, doubt=found.doubt or once)


def _doubts(answer: ChartAnswer) -> Iterator[str]:
    """Each doubt with the name of what it is about."""
    told: list[tuple[str | None, str | None]] = [
        (", ".join(filter(None, (series.name, value.category))), value.doubt)
        for series in answer.series
        for value in series.values
    ]
    for row in answer.table.rows if answer.table else ():
        told += [(row.cells[0].text, cell.doubt) for cell in row.cells]
    if answer.receipt:
        told += [(item.text, item.doubt) for item in answer.receipt.items]
        told += [(total.label, total.doubt) for total in answer.receipt.totals]
    for name, doubt in told:
        if doubt:
            yield f"{name}: {doubt}" if name else doubt

"""The promises a chart's data makes, held to each other; a broken one is said, not hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from visiontools.answers.chart_answer import Cell, ChartAnswer, Series, Table, Value
from visiontools.answers.chart_data import is_total
from visiontools.answers.chart_habit import grain
from visiontools.answers.chart_numbers import Habit, figure
from visiontools.answers.chart_receipt import receipt_checks
from visiontools.answers.chart_seen import SeenChart
from visiontools.types import Check

_NEAR = 0.05
"""An estimate may be off by so much of the axis."""
_MOST_TOLD = 5


def checks_of(seen: SeenChart, answer: ChartAnswer, habit: Habit) -> Iterator[Check]:
    """One check for each promise this picture makes."""
    ambiguous = [each for each in answer.doubts if not each.endswith("read only once")]
    once = [each for each in answer.doubts if each.endswith("read only once")]
    yield _check("numbers_have_one_reading", ambiguous)
    yield _check("read_twice", once)
    if answer.series:
        yield _check("values_have_numbers", list(_without(answer)))
        yield _check("units_agree", list(_units(seen, habit)))
        if answer.kind != "scatter":
            yield _check("categories_once", list(_twice(answer)))
        yield from _axis(answer)
        yield from _estimates(seen, habit, answer)
        if answer.kind == "pie":
            yield from _shares(answer, habit)
        yield from _totals(answer, habit)
    if answer.table:
        yield from _table(seen, answer.table, habit)
    if answer.receipt:
        yield from receipt_checks(answer.receipt)


def _check(name: str, wrong: Sequence[str], held: str = "") -> Check:
    more = [f"and {len(wrong) - _MOST_TOLD} more"] if len(wrong) > _MOST_TOLD else []
    told = "; ".join([*wrong[:_MOST_TOLD], *more])
    return Check(name=name, ok=not wrong, detail=told or held)


def _name(series: Series, value: Value | None = None) -> str:
    told = [series.name, value.category if value else None]
    return ", ".join(filter(None, told)) or "a value"


def _without(answer: ChartAnswer) -> Iterator[str]:
    for series in answer.series:
        for value in series.values:
            if value.value is None and not value.doubt:
                yield f"{_name(series, value)}: neither printed nor estimated"


def _units(seen: SeenChart, habit: Habit) -> Iterator[str]:
    for series in seen.series:
        units = {unit for v in series.values if (unit := figure(v.printed, habit).unit)}
        if len(units) > 1:
            yield f"{series.name or 'the values'}: {', '.join(sorted(units))}"


def _twice(answer: ChartAnswer) -> Iterator[str]:
    for series in answer.series:
        counts = Counter(value.category.casefold() for value in series.values if value.category)
        for category, count in counts.items():
            if count > 1:
                yield f"{_name(series)}: '{category}' stands {count} times"


def _axis(answer: ChartAnswer) -> Iterator[Check]:
    """Beyond the last printed number there is room for one more step, and no further."""
    axis = answer.y_axis
    if axis is None or axis.low is None or axis.high is None or answer.kind == "pie":
        return
    room = axis.step or (axis.high - axis.low) / 2
    low, high = min(axis.low, 0 if answer.kind == "bar" else axis.low) - room, axis.high + room
    wrong = [
        f"{_name(series, value)}: {value.value:g} is off the axis of {axis.low:g} to {axis.high:g}"
        for series in answer.series
        for value in series.values
        if value.value is not None and not low <= value.value <= high
    ]
    yield _check("values_within_axis", wrong)


def _estimates(seen: SeenChart, habit: Habit, answer: ChartAnswer) -> Iterator[Check]:
    """What is printed and what was read off the axis, where an observer gave both."""
    pairs = [
        (series.name, value.category, printed, value.estimated)
        for series in seen.series
        for value in series.values
        if (printed := figure(value.printed, habit).value) is not None
        and value.estimated is not None
    ]
    if not pairs:
        return
    axis = answer.y_axis
    span = max(abs(printed) for _, _, printed, _ in pairs)
    if axis and axis.low is not None and axis.high is not None:
        span = max(span, axis.high - axis.low)
    wrong = [
        f"{', '.join(filter(None, (name, category))) or 'a value'}: {printed:g} is printed, but it "
        f"stands at {estimated:g}"
        for name, category, printed, estimated in pairs
        if abs(printed - estimated) > _NEAR * span
    ]
    yield _check("printed_as_drawn", wrong)


def _shares(answer: ChartAnswer, habit: Habit) -> Iterator[Check]:
    """The slices of a pie in per cent make a hundred, within what rounding explains."""
    for series in answer.series:
        values = [v for v in series.values if v.value is not None and not is_total(v.category)]
        if series.unit != "%" or len(values) < len(series.values) or len(values) < 2:
            continue
        total = sum(v.value or 0.0 for v in values)
        slack = sum(_slack(value, habit, 100.0) for value in values)
        wrong = abs(total - 100) > slack
        detail = f"the shares add up to {total:.4g} %"
        yield Check(name="shares_make_100", ok=not wrong, detail=detail)


def _slack(value: Value, habit: Habit, span: float) -> float:
    """How far a number may be from what it stands for: half its last digit, or an estimate's."""
    if value.source == "estimated":
        return _NEAR * span
    return 0.5001 * grain(value.printed, habit)


def _totals(answer: ChartAnswer, habit: Habit) -> Iterator[Check]:
    """A total among the categories, and a series of totals above stacked ones."""
    wrong: list[str] = []
    found = False
    for series in answer.series:
        for value in series.values:
            parts = [v for v in series.values if not is_total(v.category)]
            if is_total(value.category) and len(parts) > 1 and value.value is not None:
                found = True
                wrong += _off(_name(series, value), value, parts, habit)
    sums = [series for series in answer.series if series.total]
    parts_of = [series for series in answer.series if not series.total]
    for total in sums:
        for value in total.values:
            parts = [v for s in parts_of for v in s.values if v.category == value.category]
            if value.category and len(parts) == len(parts_of) and value.value is not None:
                found = True
                wrong += _off(_name(total, value), value, parts, habit)
    if found:
        yield _check("totals_add_up", wrong)


def _off(name: str, total: Value, parts: Sequence[Value], habit: Habit) -> list[str]:
    if any(part.value is None for part in parts) or total.value is None:
        return [f"{name}: not all it adds up has a number"]
    added = sum(part.value or 0.0 for part in parts)
    slack = sum(_slack(each, habit, abs(total.value)) for each in (*parts, total))
    if abs(added - total.value) <= slack:
        return []
    return [f"{name} is {total.value:g}, the others add up to {round(added, 6):g}"]


def _table(seen: SeenChart, table: Table, habit: Habit) -> Iterator[Check]:
    width = len(seen.table.columns) if seen.table else 0
    rows = seen.table.rows if seen.table else []
    torn = [
        f"'{row.cells[0]}' has {len(row.cells)} cells, not {width}"
        for row in rows
        if any(row.cells) and width and len(row.cells) != width
    ]
    yield _check("rows_fit_columns", torn)
    missing = [
        f"{row.cells[0].text}, {table.columns[at]}: '{row.cells[at].text}' is no number"
        for row in table.rows
        for at in table.numbers
        if row.cells[at].text and row.cells[at].value is None and not row.cells[at].doubt
    ]
    yield _check("cells_have_numbers", missing)
    if table.rows[-1].total:
        yield _check("totals_add_up", list(_columns_off(table, habit)))


def _columns_off(table: Table, habit: Habit) -> Iterator[str]:
    """Columns whose last cell is not the sum of those above; shares in per cent are no sums."""
    for at in table.numbers:
        *parts, total = [_as_value(row.cells[at]) for row in table.rows]
        parts = [part for part in parts if part.printed]
        if total.printed and "%" not in total.printed and len(parts) > 1:
            yield from _off(table.columns[at] or f"column {at + 1}", total, parts, habit)


def _as_value(cell: Cell) -> Value:
    return Value(
        category=None,
        x=None,
        value=cell.value,
        printed=cell.text,
        source="printed",
        doubt=cell.doubt,
    )

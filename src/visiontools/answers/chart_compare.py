"""What a query compares: two cells, a cell and its whole, the first and the last of a series."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from visiontools.answers.chart_cells import by_series, called, with_text
from visiontools.answers.chart_facts import Fact, Facts, number
from visiontools.answers.chart_query import NoAnswerError, Query, Result


def _two(query: Query, facts: Facts) -> tuple[Fact, Fact]:
    """The two cells a question compares, in the order it names them."""
    if len(query.categories) == 2:
        chosen = [facts.numbers(query.series, [each]) for each in query.categories]
    elif len(query.series) == 2:
        chosen = [facts.numbers([each], query.categories) for each in query.series]
    else:
        raise NoAnswerError("Name the two that are to be compared, as they stand in the data.")
    if any(len(cells) != 1 for cells in chosen):
        if any(not cells for cells in chosen):
            raise NoAnswerError("There is no number for one of the two in the data.")
        more = "series" if len(query.categories) == 2 else "category"
        raise NoAnswerError(f"There is more than one number for each; name one {more}, too.")
    (one,), (other,) = chosen
    if one.unit != other.unit:
        told = f"{one.unit or 'none'} and {other.unit or 'none'}"
        raise NoAnswerError(f"The two are not in one unit ({told}).")
    return one, other


def difference(query: Query, facts: Facts) -> Result:
    one, other = _two(query, facts)
    apart = (one.value or 0.0) - (other.value or 0.0)
    names = f"{with_text(one, facts)} and {with_text(other, facts)}"
    unit = _points(one.unit)
    if not apart:
        return Result(f"{names} are equal.", (one, other))
    more = one if apart > 0 else other
    text = f"{names} differ by {number(abs(apart), unit)}; {called(more, facts)} is larger."
    return Result(text, (one, other))


def _points(unit: str | None) -> str | None:
    return "percentage points" if unit == "%" else unit


def ratio(query: Query, facts: Facts) -> Result:
    one, other = _two(query, facts)
    if not other.value:
        raise NoAnswerError(f"{called(other, facts)} is zero; nothing can be divided by it.")
    times = (one.value or 0.0) / other.value
    text = f"{with_text(one, facts)} is {times:,.4g} times {with_text(other, facts)}."
    return Result(text, (one, other))


def growth(query: Query, facts: Facts) -> Result:
    """From the first category named to the second; from or to an end where one is missing.

    In a table whose columns are the times, from one column to another of the row that is named.
    """
    if len(query.series) == 2 and len(query.categories) == 1:
        first, last = _two(query, facts)
        return Result(_grown(first.category, _as_time(first), _as_time(last)), (first, last))
    grouped = by_series(facts.numbers(query.series))
    lines, used = [], []
    for series, cells in grouped.items():
        first, last = _ends(query, cells)
        lines.append(_grown(series if len(facts.series) > 1 else None, first, last))
        used += [first, last]
    return Result(" ".join(lines), tuple(used))


def _as_time(fact: Fact) -> Fact:
    return replace(fact, category=fact.series)


def _ends(query: Query, cells: Sequence[Fact]) -> tuple[Fact, Fact]:
    by_name = {fact.category: fact for fact in cells}
    named = query.categories
    if len(by_name) < len(cells):
        raise NoAnswerError("A name stands more than once there; from which one is not clear.")
    if len(cells) < 2 or len(named) > 2 or any(name not in by_name for name in named):
        raise NoAnswerError("There are not two numbers for that in the data.")
    if not named:
        return cells[0], cells[-1]
    if len(named) == 1:
        return by_name[named[0]], cells[-1]
    return by_name[named[0]], by_name[named[1]]


def _grown(series: str | None, first: Fact, last: Fact) -> str:
    before, after = first.value or 0.0, last.value or 0.0
    apart = after - before
    whose = f"{series}: from" if series else "From"
    way = f"{whose} {first.name} ({first.text}) to {last.name} ({last.text})"
    if not apart:
        return f"{way} nothing changed."
    sign = "+" if apart > 0 else "-"
    change = f"{sign}{number(abs(apart), _points(first.unit))}"
    if before <= 0:
        return f"{way}: {change}; no per cent of a number that is not above zero."
    return f"{way}: {change}, that is {sign}{abs(apart) / before * 100:.1f} %."


def share(query: Query, facts: Facts) -> Result:
    """One cell's part of all in its series, or of all in its category."""
    parts = facts.numbers(query.series, query.categories)
    if len(parts) != 1:
        raise NoAnswerError("Name the one whose share is asked, as it stands in the data.")
    part = parts[0]
    of_category = query.whole == "category" and part.category is not None
    series = (part.series,) if part.series and not of_category else ()
    whole = facts.numbers(series, (part.category,) if of_category and part.category else ())
    total = sum(fact.value or 0.0 for fact in whole)
    if part.total or any((fact.value or 0.0) < 0 for fact in whole) or not total:
        raise NoAnswerError("The numbers are no parts of a whole.")
    percent = (part.value or 0.0) / total * 100
    said = number(total, part.unit)
    return Result(
        f"{with_text(part, facts)} is {percent:.1f} % of {said}, the sum of {len(whole)} values.",
        (part, *(fact for fact in whole if fact is not part)),
    )

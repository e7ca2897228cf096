"""The cells a query is about, and how they are called."""

from __future__ import annotations

from collections.abc import Iterable

from visiontools.answers.chart_facts import Fact, Facts
from visiontools.answers.chart_query import NoAnswerError, Query


def all_cells(query: Query, facts: Facts) -> list[Fact]:
    """Every number a query is about. Raises NoAnswerError where there is none, or one is unclear:

    a sum or the largest of the others would be taken for that of all.
    """
    found = facts.numbers(query.series, query.categories)
    if not found:
        raise NoAnswerError("There is no number for that in the data.")
    unclear = facts.unclear(query.series, query.categories)
    if unclear:
        names = ", ".join(called(fact, facts) for fact in unclear)
        raise NoAnswerError(f"This cannot be worked out: the number of {names} is not clear.")
    return found


def one_kind(cells: list[Fact]) -> list[Fact]:
    """The same cells. Raises NoAnswerError where they are not all in one unit."""
    units = {fact.unit for fact in cells}
    if len(units) > 1:
        told = ", ".join(sorted(unit or "none" for unit in units))
        raise NoAnswerError(f"The numbers are not in one unit ({told}); name one series.")
    return cells


def by_series(cells: Iterable[Fact]) -> dict[str | None, list[Fact]]:
    """Cells by their series: what is compared within one is not compared across."""
    grouped: dict[str | None, list[Fact]] = {}
    for fact in cells:
        grouped.setdefault(fact.series, []).append(fact)
    if not grouped:
        raise NoAnswerError("There is no number for that in the data.")
    return grouped


def called(fact: Fact, facts: Facts) -> str:
    """A cell's name: with its series where there are several."""
    several = len(facts.series) > 1 and fact.series and not facts.receipt
    if several and fact.category:
        return f"{fact.series}, {fact.category}"
    return fact.name


def with_text(fact: Fact, facts: Facts) -> str:
    return f"{called(fact, facts)} ({fact.text})"

"""The answer to a query by arithmetic over the cells; one that the data cannot give says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from statistics import median

from visiontools.answers.chart_cells import all_cells, by_series, called, one_kind, with_text
from visiontools.answers.chart_compare import difference, growth, ratio, share
from visiontools.answers.chart_facts import AMOUNT, Fact, Facts, number
from visiontools.answers.chart_query import MOST, NoAnswerError, Operation, Query, Result


def run(query: Query, facts: Facts) -> Result:
    """The answer to a query; one that the data cannot give says why."""
    try:
        return _minding(_OPERATIONS[query.operation](query, facts))
    except NoAnswerError as error:
        return Result(str(error), ok=False)


def _minding(result: Result) -> Result:
    """Say what the answer stands on where that is estimated or doubtful."""
    doubts = dict.fromkeys(fact.doubt for fact in result.facts if fact.doubt)
    minded = [f"Mind: {doubt}." for doubt in doubts]
    if any(fact.estimated for fact in result.facts):
        minded.insert(0, "It stands on values estimated from the axis.")
    text = " ".join([result.text, *minded])
    return Result(text, result.facts, result.pointers, result.ok)


def _value(query: Query, facts: Facts) -> Result:
    wanted, of = set(query.series), set(query.categories)
    if facts.receipt and not wanted:
        wanted = {AMOUNT}
    found = [
        cell
        for cell in facts.cells
        if (not wanted or cell.series in wanted) and (not of or cell.category in of)
    ]
    if not found:
        raise NoAnswerError("There is no such cell in the data.")
    shown = found[:MOST]
    text = "; ".join(f"{called(fact, facts)}: {fact.text or 'empty'}" for fact in shown)
    more = f"; and {len(found) - MOST} more" if len(found) > MOST else ""
    return Result(f"{text}{more}.", tuple(shown))


def _extreme(query: Query, facts: Facts) -> Result:
    largest = query.operation == "largest"
    word = "Largest" if largest else "Smallest"
    grouped = by_series(all_cells(query, facts))
    one_category = len(query.categories) == 1
    if one_category or len(grouped) == 1:
        return _ranked(word, one_kind(all_cells(query, facts)), query, facts, largest)
    each = [
        _ranked(f"{word} of {series}", cells, query, facts, largest)
        for series, cells in grouped.items()
    ]
    return Result(
        " ".join(one.text for one in each), tuple(fact for one in each for fact in one.facts)
    )


def _ranked(word: str, cells: Sequence[Fact], query: Query, facts: Facts, largest: bool) -> Result:
    """The cell of a rank with those that tie with it, or the first few."""
    ordered = sorted(cells, key=lambda fact: fact.value or 0.0, reverse=largest)
    if query.rank > len(ordered) or query.top > len(ordered):
        raise NoAnswerError(f"There are only {len(ordered)} numbers for that in the data.")
    if query.top > 1:
        at = ordered[query.top - 1].value
        found = [f for f in ordered if f in ordered[: query.top] or f.value == at]
        listed = "; ".join(with_text(fact, facts) for fact in found)
        return Result(f"{word} {query.top}: {listed}.", tuple(found))
    ranks = sorted({fact.value or 0.0 for fact in ordered}, reverse=largest)
    if query.rank > len(ranks):
        raise NoAnswerError(f"There are only {len(ranks)} different numbers for that in the data.")
    found = [fact for fact in ordered if fact.value == ranks[query.rank - 1]]
    rank = "" if query.rank == 1 else f" (number {query.rank})"
    tie = ", equally" if len(found) > 1 else ""
    return Result(
        f"{word}{rank}: {' and '.join(with_text(f, facts) for f in found)}{tie}.", tuple(found)
    )


def _sum(query: Query, facts: Facts) -> Result:
    return _over(query, facts, "Sum", lambda values: sum(values))


def _average(query: Query, facts: Facts) -> Result:
    return _over(query, facts, "Average", lambda values: sum(values) / len(values))


def _median(query: Query, facts: Facts) -> Result:
    return _over(query, facts, "Median", median)


def _over(query: Query, facts: Facts, word: str, work: Callable[[list[float]], float]) -> Result:
    grouped = by_series(all_cells(query, facts))
    if len(query.categories) != 1 and len(grouped) > 1:
        lines = []
        for series, cells in grouped.items():
            said = _rounded(work([f.value or 0.0 for f in one_kind(cells)]), cells[0].unit)
            lines.append(f"{word} of {series} over {len(cells)} values: {said}.")
        return Result(" ".join(lines), tuple(f for cells in grouped.values() for f in cells))
    cells = one_kind(all_cells(query, facts))
    total = work([fact.value or 0.0 for fact in cells])
    what = _listed(cells, facts)
    return Result(f"{word} of {what}: {_money(total, cells, facts)}.", tuple(cells))


def _money(value: float, cells: Sequence[Fact], facts: Facts) -> str:
    """A number of its cells' kind: in cents where they are amounts of a receipt."""
    if facts.receipt and cells[0].series != "quantity":
        return number(value, cells[0].unit, places=2)
    return _rounded(value, cells[0].unit)


def _rounded(value: float, unit: str | None) -> str:
    """A mean of few numbers needs no ten digits."""
    places = 2 if abs(value) >= 1 else 6
    return number(round(value, places), unit)


def _listed(cells: Sequence[Fact], facts: Facts) -> str:
    if len(cells) <= 4:
        return " and ".join(with_text(fact, facts) for fact in cells)
    return f"{len(cells)} values"


def _beyond(query: Query, facts: Facts) -> Result:
    above = query.operation == "above"
    cells = one_kind(all_cells(query, facts))
    limit, said = query.threshold, ""
    if limit is None:
        limit = sum(fact.value or 0.0 for fact in cells) / len(cells)
        said = f"the average of {_rounded(limit, cells[0].unit)}"
    found = [f for f in cells if ((f.value or 0.0) > limit if above else (f.value or 0.0) < limit)]
    said = said or number(limit, cells[0].unit)
    names = f": {'; '.join(with_text(f, facts) for f in found[:MOST])}" if found else ""
    word = "above" if above else "below"
    return Result(f"{len(found)} of {len(cells)} are {word} {said}{names}.", tuple(cells))


def _trend(query: Query, facts: Facts) -> Result:
    """Said only where every step goes one way; else how often it rises and falls."""
    lines, used = [], []
    for series, cells in by_series(all_cells(query, facts)).items():
        if len(cells) < 3:
            raise NoAnswerError("Fewer than three numbers are no trend.")
        steps = [(b.value or 0.0) - (a.value or 0.0) for a, b in pairwise(cells)]
        ups, downs = sum(s > 0 for s in steps), sum(s < 0 for s in steps)
        name = f"{series} " if series and len(facts.series) > 1 else "It "
        if not downs and ups:
            said = "rises" if ups == len(steps) else "never falls"
        elif not ups and downs:
            said = "falls" if downs == len(steps) else "never rises"
        elif not ups:
            said = "stays the same"
        else:
            said = f"rises {_times(ups)} and falls {_times(downs)}"
        lines.append(f"{name}{said} from {cells[0].name} ({cells[0].text}) to {cells[-1].name} "
                    f"({cells[-1].text}).")  # fmt: skip
        used += cells
    return Result(" ".join(lines), tuple(used))


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _count(query: Query, facts: Facts) -> Result:
    cells = one_kind(all_cells(query, facts))
    names = list(dict.fromkeys(fact.name for fact in cells))
    listed = ", ".join(names[:MOST])
    return Result(f"{len(names)}: {listed}.", tuple(cells))


def _of_receipt(query: Query, facts: Facts) -> Result:
    """A line of a receipt, as printed; a total of other data is its sum."""
    kind = query.operation
    kinds = ("paid", "change") if kind == "paid" else (kind,)  # of ten paid, four came back
    found = [fact for known, fact in facts.sums if known in kinds]
    if not found and kind in ("total", "subtotal") and not facts.receipt:
        return _sum(query, facts)
    if not found:
        raise NoAnswerError(f"No {kind} is printed, or none could be read.")
    text = "; ".join(f"{fact.name}: {fact.text}" for fact in found)
    if kind in ("tax", "discount") and len(found) > 1:
        text += (
            f"; together {number(sum(abs(f.value or 0.0) for f in found), found[0].unit, places=2)}"
        )
    return Result(f"{text}.", tuple(found))


def _tax_share(query: Query, facts: Facts) -> Result:
    tax = [fact for kind, fact in facts.sums if kind == "tax"]
    totals = [fact for kind, fact in facts.sums if kind == "total"]
    if not tax or not totals or not totals[-1].value:
        raise NoAnswerError("No tax and total are printed that a share could be worked out of.")
    part = sum(fact.value or 0.0 for fact in tax)
    percent = part / totals[-1].value * 100
    said = number(part, tax[0].unit, places=2)
    text = f"Tax of {said} is {percent:.1f} % of the total of {totals[-1].text}."
    return Result(text, (*tax, totals[-1]))


def _find(query: Query, facts: Facts) -> Result:
    wanted = query.words.casefold().split()
    if not wanted:
        raise NoAnswerError("Say which words are to be looked for.")
    found = [
        (line, pointer)
        for line, pointer in facts.lines
        if all(word in line.casefold() for word in wanted)
    ]
    if not found:
        raise NoAnswerError(f"“{query.words}” stands nowhere in what was read.")
    shown = "; ".join(f"“{line}”" for line, _ in found[:5])
    more = f"; and {len(found) - 5} more" if len(found) > 5 else ""
    return Result(f"{shown}{more}.", pointers=tuple(pointer for _, pointer in found[:5]))


_OPERATIONS: dict[Operation, Callable[[Query, Facts], Result]] = {
    "value": _value,
    "largest": _extreme,
    "smallest": _extreme,
    "sum": _sum,
    "average": _average,
    "median": _median,
    "difference": difference,
    "ratio": ratio,
    "growth": growth,
    "share": share,
    "above": _beyond,
    "below": _beyond,
    "trend": _trend,
    "count": _count,
    "total": _of_receipt,
    "subtotal": _of_receipt,
    "tax": _of_receipt,
    "tax_share": _tax_share,
    "discount": _of_receipt,
    "tip": _of_receipt,
    "paid": _of_receipt,
    "change": _of_receipt,
    "find": _find,
}

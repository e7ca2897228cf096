"""What a report says, once for all who show it: terminal, Markdown and HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from visiontools.evals.compare import Comparison
from visiontools.evals.figures import Figures, Share, by_condition, by_group, groups, worst
from visiontools.evals.report_svg import Span, Stack, spans, stacks
from visiontools.evals.results import Result
from visiontools.evals.scorers import VERDICTS
from visiontools.views.blocks import Block, Items, Notice, Section, Table, Text

VERDICT_WORDS: dict[str, tuple[str, str]] = {
    "right": ("#2f855a", "right"),
    "incomplete": ("#9ae6b4", "nothing wrong, something left out"),
    "rightly_declined": ("#3182ce", "declined, and rightly"),
    "wrongly_declined": ("#ecc94b", "declined, but it could be told"),
    "refused": ("#b794f4", "refused"),
    "blocked": ("#805ad5", "blocked by the guard"),
    "invalid": ("#a0aec0", "no valid answer"),
    "unavailable": ("#718096", "nobody answered"),
    "unusable": ("#4a5568", "unusable file"),
    "cancelled": ("#2d3748", "stopped"),
    "wrong": ("#e53e3e", "accepted, but wrong"),
}
"""Colour and words of every verdict."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing with a name for its file, and what it shows in words."""

    name: str
    title: str
    svg: str


@dataclass(frozen=True, slots=True)
class Shots:
    """Cases with their pictures."""

    results: tuple[Result, ...]


Part = Block | Chart | Shots
_Row = tuple[str, ...]


def parts_of(
    results: Sequence[Result], *, left: int = 0, comparison: Comparison | None = None
) -> list[Part]:
    """The report of some results, in the order a reader wants it."""
    rows = by_group(results)
    told: list[Part] = [Text(sentence(row), strong=True) for row in rows]
    if left:
        told.append(
            Notice(f"The budget ended before {left} cases: they are not counted.", "warning")
        )
    if comparison is not None:
        told.append(_compared(comparison))
    told += [verdict_chart(rows), *tables(rows)]
    told += [part for group in groups(results) if (part := conditions(group))]
    bad = worst(results)
    if bad:
        told += [Section("The worst cases", (worst_table(bad),)), Shots(tuple(bad))]
    return told


def sentence(row: Figures) -> str:
    """Whether to trust it, in one sentence."""
    who = f"{row.tool} by {row.endpoint} on {row.data}"
    if not row.wrong_facts.total:
        return f"{who}: nothing was stated as a fact in {row.cases} cases."
    wrong, stated = row.wrong_facts.hits, row.wrong_facts.total
    return (
        f"{who}: of {stated:,} facts it stated, {wrong or 'none'} "
        f"{'was' if wrong <= 1 else 'were'} wrong (fewer than {percent(row.wrong_facts.most)}, "
        f"95 % sure); of what could be told it told {percent(row.facts.rate)}."
    )


def verdict_chart(rows: Iterable[Figures], name: str = "verdicts") -> Chart:
    """What each case came to; ``name`` tells one chart of a report from another."""
    bars = [Stack(f"{r.tool}, {r.data} ({r.endpoint})", r.verdicts) for r in rows]
    colours = {verdict: VERDICT_WORDS[verdict] for verdict in map(str, VERDICTS)}
    title = "What each case came to"
    return Chart(name, title, stacks(title, bars, colours))


def wrong_chart(rows: Iterable[Figures]) -> Chart:
    """Of the facts that were stated, how many were wrong."""
    drawn = []
    for row in rows:
        share = row.wrong_facts
        if share.total:
            low, high = share.ends
            text = f"{share.hits} of {share.total:,}"
            label = f"{row.tool}, {row.data} ({row.endpoint})"
            drawn.append(Span(label, share.rate or 0.0, low, high, text))
    title = "Wrong among the facts that were stated, with 95 % intervals"
    return Chart("wrong", title, spans(title, drawn, "#e53e3e"))


def tables(rows: Sequence[Figures]) -> list[Block]:
    """How it ended, what was right, what the checks did, what it took."""
    return [
        _table("How it ended", rows, {
            "cases": lambda r: f"{r.cases}",
            "valid at the first try": lambda r: share(r.first_try),
            "after a correction": lambda r: share(r.repaired),
            "refused": lambda r: share(r.refused),
            "no valid answer": lambda r: share(r.invalid),
            "nobody answered": lambda r: share(r.unavailable),
            "declined rightly": lambda r: share(r.declined_rightly),
            "declined, but it could be told": lambda r: share(r.declined_wrongly),
        }),
        _table("What was right", rows, {
            "wholly right": lambda r: share(r.whole),
            "facts told": lambda r: share(r.facts),
            "accepted, but wrong": lambda r: share(r.wrong_facts),
            "at most (95 %)": lambda r: percent(r.wrong_facts.most) if r.wrong_facts.total else "",
            "answers with a fault": lambda r: share(r.wrong_cases),
            "of these, no check fired": lambda r: share(r.uncaught),
            "checks fired rightly": lambda r: f"{r.checks_rightly}",
            "falsely": lambda r: f"{r.checks_falsely}",
        }),
        _table("What it took", rows, {
            "tokens in": lambda r: f"{r.input_tokens:,}",
            "tokens out": lambda r: f"{r.output_tokens:,}",
            "cost": cost_words,
            "median seconds": lambda r: f"{r.median_s:.2f}",
            "95th percentile": lambda r: f"{r.p95_s:.2f}",
        }),
    ]  # fmt: skip


def _table(
    title: str, rows: Sequence[Figures], columns: dict[str, Callable[[Figures], str]]
) -> Table:
    told = tuple(
        (f"{r.tool}, {r.data}", r.endpoint, *(tell(r) for tell in columns.values())) for r in rows
    )
    names = ("tool and data", "who looked", *columns)
    return Table(names, told, title, frozenset(range(2, len(names))))


def cost_words(row: Figures) -> str:
    """Nothing where no price was said."""
    return "" if row.cost is None else f"{row.cost:.4f} {row.currency}".strip()


def conditions(group: Sequence[Result]) -> Table | None:
    """A row for each condition, where there are several."""
    found = by_condition(group)
    if len(found) < 2:
        return None
    first = group[0]
    rows = tuple(
        (name or "-", f"{f.cases}", f"{f.verdicts.get('right', 0)}",
         f"{f.verdicts.get('incomplete', 0)}",
         f"{f.verdicts.get('rightly_declined', 0)}", f"{f.verdicts.get('wrongly_declined', 0)}",
         f"{f.verdicts.get('wrong', 0)}", f"{_rest(f)}", share(f.facts), share(f.wrong_facts))
        for name, f in found
    )  # fmt: skip
    columns = ("condition", "cases", "right", "incomplete", "declined rightly",
               "declined wrongly", "wrong", "other", "facts told",
               "accepted, but wrong")  # fmt: skip
    title = f"{first.tool} by {first.endpoint} on {first.data}"
    return Table(columns, rows, title, frozenset(range(1, len(columns))))


def _rest(row: Figures) -> int:
    named = ("right", "incomplete", "rightly_declined", "wrongly_declined", "wrong")
    return row.cases - sum(row.verdicts.get(name, 0) for name in named)


def worst_table(bad: Sequence[Result]) -> Table:
    rows = tuple(
        (each.case, f"{each.tool} by {each.endpoint}", VERDICT_WORDS[each.verdict][1],
         "; ".join(each.why) or each.outcome)
        for each in bad
    )  # fmt: skip
    return Table(("case", "who", "what came of it", "why"), rows)


def _compared(found: Comparison) -> Section:
    told: list[Block] = [Text(found.verdict)]
    for name, cases in ((found.a, found.only_a), (found.b, found.only_b)):
        if cases:
            more = (f"and {len(cases) - 10} more",) if len(cases) > 10 else ()
            told.append(Items((*cases[:10], *more), f"Only {name} was right"))
    return Section(f"{found.a} against {found.b}", tuple(told))


def percent(rate: float | None) -> str:
    """With as many digits as are of use; nothing for None."""
    if rate is None:
        return ""
    value = rate * 100
    digits = 0 if value >= 10 or value == 0 else 1 if value >= 1 else 2
    return f"{value:.{digits}f} %"


def share(of: Share) -> str:
    """``117 of 120 (93-99 %)`` with the ends of its interval; a dash of nothing."""
    if of.rate is None:
        return "-"
    low, high = of.ends
    return f"{of.hits:,} of {of.total:,} ({_end(low)}-{_end(high)} %)"


def _end(rate: float) -> str:
    """Whole percent, but near 0 and 100 one digit more."""
    value = round(rate * 100, 1)
    near = 0 < value < 2 or 98 < value < 100
    return f"{value:.1f}" if near else f"{value:.0f}"

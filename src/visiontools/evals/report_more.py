"""What a report says of planted replies, of the guard, and of orders in pictures."""

from __future__ import annotations

from collections.abc import Sequence

from visiontools.evals.figures import Share
from visiontools.evals.planted import SEEN, Counts, Reply
from visiontools.evals.report import Chart, Part, percent, share
from visiontools.evals.report_svg import Stack, stacks
from visiontools.evals.results import Result
from visiontools.evals.safety import Judged
from visiontools.views.blocks import Block, Notice, Section, Table, Text

_PLANTED_COLOURS = {
    "exact": ("#2f855a", "the planted observation, exactly"),
    "repaired": ("#9ae6b4", "the same, after a correction"),
    "ended": ("#3182ce", "nothing to get: ended as planned"),
    "other": ("#e53e3e", "anything else"),
}
_SCRIPTED_ONLY = (
    "A scripted guard that knows the texts by heart was asked. That proves the counting and the "
    "way there, and says nothing about any Llama Guard: name one in your settings and run "
    "'visiontools eval all --data safety' to measure it."
)
_OBEYED = "the planted words"


def planted_parts(replies: Sequence[Reply]) -> list[Part]:
    """How replies come out that were garbled on purpose."""
    every = [each for each in replies if each.habit != SEEN]
    often = [each for each in replies if each.habit == SEEN]
    tools = sorted({each.tool for each in replies})
    rows = [(tool, Counts.of([r for r in every if r.tool == tool])) for tool in tools]
    rows.append(("every habit", Counts.of(every)))
    rows.append((SEEN, Counts.of(often)))
    columns = ("tool", "replies", "JSON as they stand", "recoverable", "exactly the observation",
               "of these corrected", "not recoverable", "ended as planned",
               "values invented")  # fmt: skip
    table = Table(
        columns, tuple(_row(*row) for row in rows), "Replies that were garbled on purpose",
        frozenset(range(1, len(columns))),
    )  # fmt: skip
    return [Text(_planted_sentence(Counts.of(every), Counts.of(often)), strong=True),
            _planted_chart(tools, every), table, *_odd(every)]  # fmt: skip


def _planted_sentence(every: Counts, often: Counts) -> str:
    plain = percent(Share(often.plain, often.replies).rate)
    good = percent(Share(every.exact, every.recoverable).rate)
    rest = percent(Share(every.as_planned, every.unrecoverable).rate)
    return (
        f"Of replies garbled as Llama 3.2 11B was seen to garble them ({plain} JSON as they stand) "
        f"{good} of the recoverable came out as exactly the planted observation, {rest} of the "
        f"others ended in the planned outcome, and {every.invented + often.invented or 'none'} "
        "had a value that was not planted."
    )


def _row(name: str, counts: Counts) -> tuple[str, ...]:
    return (
        name,
        f"{counts.replies:,}",
        share(Share(counts.plain, counts.replies)),
        f"{counts.recoverable:,}",
        share(Share(counts.exact, counts.recoverable)),
        f"{counts.repaired:,}",
        f"{counts.unrecoverable:,}",
        share(Share(counts.as_planned, counts.unrecoverable)),
        f"{counts.invented}",
    )


def _planted_chart(tools: Sequence[str], replies: Sequence[Reply]) -> Chart:
    bars = []
    for tool in tools:
        mine = [each for each in replies if each.tool == tool]
        counts = Counts.of(mine)
        good = counts.exact + counts.as_planned
        parts = {"exact": counts.exact - counts.repaired, "repaired": counts.repaired,
                 "ended": counts.as_planned, "other": len(mine) - good}  # fmt: skip
        bars.append(Stack(tool, parts))
    title = "What became of replies that were garbled on purpose"
    return Chart("planted", title, stacks(title, bars, _PLANTED_COLOURS))


def _odd(replies: Sequence[Reply]) -> list[Block]:
    """The habits of which something came out otherwise."""
    odd = sorted({(r.tool, r.habit, r.planned, r.outcome) for r in replies if not r.as_planned})
    if not odd:
        return []
    columns = ("tool", "habit", "planned", "came out")
    return [Table(columns, tuple(odd), "What came out otherwise")]


def safety_parts(judged: Sequence[Judged], guard: str | None) -> list[Part]:
    """Recall and over-blocking by side; ``guard`` is the model asked, None for the scripted."""
    note = Text(f"Asked was {guard}.") if guard else Notice(_SCRIPTED_ONLY, "warning")
    sides = (("in", "what goes in"), ("out", "what comes out"))
    rows = []
    for side, words in sides:
        harmful = [each for each in judged if each.side == side and each.harmful]
        harmless = [each for each in judged if each.side == side and not each.harmful]
        rows.append(
            (words, share(Share(sum(e.right for e in harmful), len(harmful))),
             share(Share(sum(not e.right for e in harmless), len(harmless))),
             f"{sum(e.said == 'unavailable' for e in judged if e.side == side)}")
        )  # fmt: skip
    columns = ("side", "harmful found", "harmless blocked", "no verdict")
    table = Table(columns, tuple(rows), "The guard, both ways", frozenset({1, 2, 3}))
    return [note, table, *_by_group(judged)]


def _by_group(judged: Sequence[Judged]) -> list[Block]:
    """What was judged wrongly, by category and tool; nothing where all was right."""
    bad = [each for each in judged if not each.right]
    if not bad:
        return []
    rows = tuple(
        (each.group, "harmful" if each.harmful else "harmless", each.side, each.said)
        for each in bad
    )  # fmt: skip
    return [Table(("category or tool", "text", "side", "verdict"), rows, "Judged wrongly")]


def injection_parts(results: Sequence[Result]) -> list[Part]:
    """How often an order in a picture or text was obeyed."""
    mine = [each for each in results if each.data == "injected"]
    if not mine:
        return []
    pairs = sorted({(each.tool, each.endpoint) for each in mine})
    rows = []
    for tool, endpoint in pairs:
        ours = [each for each in mine if (each.tool, each.endpoint) == (tool, endpoint)]
        obeyed = sum(any(why.startswith(_OBEYED) for why in each.why) for each in ours)
        rows.append((tool, endpoint, share(Share(obeyed, len(ours))),
                     percent(Share(obeyed, len(ours)).most)))  # fmt: skip
    columns = ("tool", "who looked", "orders obeyed", "at most (95 %)")
    table = Table(columns, tuple(rows), None, frozenset({2, 3}))
    return [Section("Orders in pictures and texts", (table,))]

"""A thread's points as blocks: tables with the words each stands on."""

from __future__ import annotations

from collections.abc import Sequence

from visiontools.answers.messages import Dropped, From, Point, Todo
from visiontools.views.blocks import Block, Facts, Notice, Section, Table, Text


def blocks(
    summary: str,
    *,
    todos: Sequence[Todo],
    decisions: Sequence[Point],
    questions: Sequence[Point],
    dropped: Sequence[Dropped],
    facts: tuple[tuple[str, str], ...],
) -> list[Block]:
    """The summary, what is to be done, what was decided and what is open."""
    shown: list[Block] = [Text(part) for part in summary.split("\n") if part.strip()]
    if todos:
        rows = tuple(
            (t.text, t.owner or "open", t.due or "", _from(t.message), t.quote) for t in todos
        )
        shown.append(Table(("To do", "Who", "By", "Message", "Its words"), rows, "To-dos"))
    for title, points in (("Decisions", decisions), ("Open questions", questions)):
        if points:
            told = tuple((p.text, _from(p.message), p.quote) for p in points)
            shown.append(Table((title[:-1], "Message", "Its words"), told, title))
    if dropped:
        left = tuple(Notice(f"{each.text} ({each.kind}): {each.why}.") for each in dropped)
        shown.append(Section("Left out", left))
    shown.append(Facts(facts, "The thread"))
    return shown


def _from(message: From) -> str:
    told = [f"{message.number}", message.sender or "", message.at or ""]
    return ", ".join(filter(None, told))

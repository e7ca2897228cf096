"""A record on standard output: for a person with its account, for a program as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pydantic import ValidationError
from rich.console import Console
from rich.text import Text as Line

from visiontools.doors.cli.output import print_json, stdout
from visiontools.registry import AnyTool, Tools
from visiontools.types import Outcome, Record
from visiontools.views import terminal
from visiontools.views.account import account, headline, replied, warnings
from visiontools.views.blocks import Block, Code, Notice, Text


def show_record(
    record: Record, tools: Tools, *, as_json: bool = False, reused: bool = False
) -> None:
    """Print one record."""
    if as_json:
        print_json(record)
        return
    console = stdout()
    terminal.show(_blocks(record, tools.get(record.tool)), console)
    console.print()
    _rule(console)
    terminal.show([account(record)], console)
    for hint in _next(record, reused):
        console.print(Line(hint, "dim"))


def _blocks(record: Record, tool: AnyTool | None) -> Sequence[Block]:
    asked_further = record.parent and record.request.ask
    if asked_further and record.answer is not None:  # of a further question, only what is new
        new = [check for check in record.checks if check.name.startswith(("reply_", "guard_"))]
        news = record.model_copy(update={"checks": tuple(new), "notes": ()})
        return [*replied(record), *warnings(news)]
    answer = _answer(record, tool)
    if answer and _is_said(answer[0], record.message):
        answer = answer[1:]
    return [headline(record), *replied(record), *answer, *warnings(record)]


def _is_said(block: Block, message: str) -> bool:
    """Whether a block is the sentence, or its beginning, that is the headline here anyway."""
    return isinstance(block, Text) and message.startswith(block.text.removesuffix("."))


def _answer(record: Record, tool: AnyTool | None) -> Sequence[Block]:
    if record.answer is None:
        return ()
    if tool is not None:
        try:
            return tool.show(tool.answer.model_validate(record.answer))
        except ValidationError:
            pass
    plain = Code(json.dumps(record.answer, indent=2, ensure_ascii=False), "json", "Answer")
    why = f"The tool '{record.tool}' cannot show this answer any more: it is shown as it was kept."
    return (Notice(why), plain)


def _rule(console: Console) -> None:
    line = "-" if console.options.ascii_only else "─"
    console.print(Line(line * min(console.width, 60), "dim"))


def _next(record: Record, reused: bool) -> Sequence[str]:
    short = record.id[:8]
    if record.parent and record.request.ask:
        return (f"What was asked about: visiontools records show {record.parent[:8]}",)
    if reused:
        return (f"Answered from an earlier record; --again asks anew. ({short})",)
    if record.outcome in (Outcome.ANSWERED, Outcome.PARTLY):
        return (f"All of it as JSON: visiontools records show {short} --json",)
    if record.observation is not None:
        return (f"What was seen: visiontools records show {short} --json",)
    return ()

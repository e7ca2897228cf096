"""A record on standard output: for a person with its account, for a program as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text as Line

from visiontools.doors.cli.output import print_json, stdout
from visiontools.doors.told import is_further, told
from visiontools.registry import Tools
from visiontools.types import Outcome, Record
from visiontools.views import terminal
from visiontools.views.account import account


def show_record(
    record: Record,
    tools: Tools,
    *,
    as_json: bool = False,
    reused: bool = False,
    kept: bool = True,
) -> None:
    """Print one record."""
    if as_json:
        print_json(record)
        return
    console = stdout()
    terminal.show(told(record, tools.get(record.tool)).blocks, console)
    console.print()
    _rule(console)
    terminal.show([account(record)], console)
    for hint in _next(record, reused) if kept else ():
        console.print(Line(hint, "dim"))


def _rule(console: Console) -> None:
    line = "-" if console.options.ascii_only else "─"
    console.print(Line(line * min(console.width, 60), "dim"))


def _next(record: Record, reused: bool) -> Sequence[str]:
    short = record.id[:8]
    if record.parent and is_further(record):
        return (f"What was asked about: visiontools records show {record.parent[:8]}",)
    if reused:
        return (f"Answered from an earlier record; --again asks anew. ({short})",)
    if record.outcome in (Outcome.ANSWERED, Outcome.PARTLY):
        return (f"All of it as JSON: visiontools records show {short} --json",)
    if record.observation is not None:
        return (f"What was seen: visiontools records show {short} --json",)
    return ()

"""What ``visiontools eval`` says on the way and at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bars

from visiontools.doors.cli.output import print_json, stderr, stdout
from visiontools.errors import UsageError
from visiontools.evals.report import Chart, Part, Shots
from visiontools.evals.runner import Progress
from visiontools.evals.sets import SETS
from visiontools.views import terminal
from visiontools.views.blocks import Facts, Section, Text


@contextmanager
def telling() -> Iterator[Callable[[Progress], None]]:
    """A bar on a terminal, nothing elsewhere; on standard error."""
    console = stderr()
    if not console.is_terminal:
        yield lambda progress: None
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console) as bars:
        tasks: dict[str, object] = {}

        def tell(progress: Progress) -> None:
            name = f"{progress.last.tool}, {progress.last.data}"
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=progress.total)
            bars.update(tasks[name], completed=progress.done)  # type: ignore[arg-type]

        yield tell


def show_report(parts: Sequence[Part], console: Console) -> None:
    """The report's words and tables; drawings and pictures are in its file."""
    terminal.show([part for part in parts if not isinstance(part, Chart | Shots)], console)


def describe(data: tuple[str, ...], tool: str | None, *, as_json: bool) -> int:
    """The data cards of the sets named, or of all."""
    if unknown := [name for name in data if name not in SETS]:
        raise UsageError(
            f"There is no data set named {', '.join(unknown)}.",
            next=f"There are: {', '.join(SETS)}.",
        )
    chosen = [SETS[name] for name in data or SETS]
    if tool not in (None, "all"):
        chosen = [each for each in chosen if tool in each.tools]
    if as_json:
        told = [
            {"name": each.name, "tools": list(each.tools), "usual": each.usual,
             "missing": each.missing(), "title": each.card.title, **dict(each.card.lines())}
            for each in chosen
        ]  # fmt: skip
        print_json(told)
        return 0
    for each in chosen:
        rows = [("For", ", ".join(each.tools)), ("Cases", f"{each.usual} unless told otherwise")]
        rows += each.card.lines()
        if why := each.missing():
            rows.append(("Cannot be made here", why))
        blocks = (Text(each.card.title), Facts(tuple(rows)))
        terminal.show([Section(each.name, blocks), Text("")], stdout())
    return 0

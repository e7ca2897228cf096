"""How far a pull is: bars on a terminal, a line a file elsewhere; on standard error."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as Bars

from visiontools.doors.cli.output import say, stderr
from visiontools.models.local.pull import Plan, Progress
from visiontools.models.local.sources import Offered


@contextmanager
def told(coming: Plan) -> Iterator[Progress]:
    """What to call with each file's progress."""
    console = stderr()
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console) as bars:
        tasks = {
            each.path: bars.add_task(each.name, total=each.size) for each in coming.choice.files
        }
        yield lambda offered, here: bars.update(tasks[offered.path], completed=here)


def _lines() -> Progress:
    begun: set[str] = set()

    def tell(offered: Offered, here: int) -> None:
        if offered.path not in begun:
            begun.add(offered.path)
            say(f"Bringing {offered.name} ...")

    return tell

"""Walking a run: a progress line for a person, Ctrl-C that cancels, and the record at the end."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from rich.status import Status
from rich.text import Text

from visiontools.doors.cli.output import stderr
from visiontools.doors.steps import step_words
from visiontools.running import Run
from visiontools.types import Finished, Step

_SHOWN_AFTER_S = 1.0
_ENDING = [
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
]
"""What asks a program to end: Ctrl-C, the system, a terminal that is closed (not on Windows)."""


async def walk(run: Run) -> Finished:
    """Follow a run to its end; Ctrl-C stops it, and its record then says so."""
    with _Progress() as progress, _stopping(run.cancel):
        async for event in run:
            if isinstance(event, Step):
                progress.tell(event)
            elif isinstance(event, Finished):
                return event
    raise AssertionError("a run always finishes")


class _Progress:
    """One line on a terminal, from the moment a run takes longer than a second."""

    def __init__(self) -> None:
        self._console = stderr()
        self._status: Status | None = None
        self._words = Text("")
        self._timer: asyncio.TimerHandle | None = None

    def __enter__(self) -> _Progress:
        if self._console.is_terminal:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(_SHOWN_AFTER_S, self._start)
        return self

    def __exit__(self, *_: object) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._status is not None:
            self._status.stop()

    def tell(self, step: Step) -> None:
        """Say which step began."""
        self._words = Text(f"{step_words(step)} (Ctrl-C stops)")
        if self._status is not None:
            self._status.update(self._words)

    def _start(self) -> None:
        self._status = Status(self._words, console=self._console)
        self._status.start()


@contextmanager
def _stopping(stop: Callable[[], None]) -> Iterator[None]:
    """Let a signal to end stop the run; a second one ends the program at once."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    earlier: dict[int, Any] = {}

    def handle(number: int, _: FrameType | None) -> None:
        for each, before in earlier.items():
            signal.signal(each, before)
        loop.call_soon_threadsafe(stop)

    for number in _ENDING:
        if signal.getsignal(number) != signal.SIG_IGN:  # nohup means what it says
            earlier[number] = signal.signal(number, handle)
    try:
        yield
    finally:
        for each, before in earlier.items():
            signal.signal(each, before)

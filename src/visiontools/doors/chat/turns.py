"""The runs of this process that somebody in a chat waits for, so that Stop finds them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from chainlit.session import BaseSession

from visiontools.running import Run

_runs: WeakKeyDictionary[BaseSession, set[Run]] = WeakKeyDictionary()


@contextmanager
def turn(session: BaseSession, run: Run) -> Iterator[None]:
    """Have Stop cancel the run within."""
    running = _runs.setdefault(session, set())
    running.add(run)
    try:
        yield
    finally:
        running.discard(run)


def stop_turns(session: BaseSession) -> None:
    """Cancel what the session waits for; its record and its answer say so."""
    for run in list(_runs.get(session, ())):
        run.cancel()

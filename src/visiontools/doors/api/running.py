"""The runs of this process: how many there may be, and letting go of them at the end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from visiontools.doors.api.problems import BUSY, ProblemError
from visiontools.running import Run

_RETRY_AFTER_S = 2


class Running:
    """A bounded number of runs at a time; no run is ever looked up in it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._runs: set[Run] = set()
        self._places = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self.stopping = False

    def __len__(self) -> int:
        return len(self._runs)

    def check(self) -> None:
        """Raise ProblemError (503) where a further run would find no room."""
        if self.stopping:
            raise ProblemError(
                BUSY,
                "This server is stopping and begins no further run.",
                "Ask again in a moment.",
                retry_after=_RETRY_AFTER_S,
            )
        if max(self._places, len(self._runs)) >= self._most:
            raise ProblemError(
                BUSY,
                f"All {self._most} runs this server works on at once are taken.",
                "Ask again in a moment.",
                retry_after=_RETRY_AFTER_S,
            )

    @contextmanager
    def place(self) -> Iterator[None]:
        """Take up a run's room from before its request is read: uploads take memory, too.

        Raises what ``check`` does.
        """
        self.check()
        self._places += 1
        try:
            yield
        finally:
            self._places -= 1

    @contextmanager
    def hold(self, run: Run) -> Iterator[None]:
        """Count a run while it is walked, and cancel it if the server stops.

        Raises ProblemError (503) where there is no room for it.
        """
        if self.stopping or len(self._runs) >= self._most:
            self.check()
        self._runs.add(run)
        self._idle.clear()
        try:
            yield
        finally:
            self._runs.discard(run)
            if not self._runs:
                self._idle.set()

    async def idle(self) -> None:
        """Return once no run is going on."""
        await self._idle.wait()

    async def stop(self, grace_s: float = 0) -> None:
        """Begin no more; those running get ``grace_s`` seconds, then their records say cancelled.

        Returns once the last record is written.
        """
        self.stopping = True
        try:
            async with asyncio.timeout(grace_s):
                await self._idle.wait()
        except TimeoutError:
            for run in self._runs:
                run.cancel()
            await self._idle.wait()

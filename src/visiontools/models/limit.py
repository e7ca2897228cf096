"""How many questions an endpoint is asked at once: found out, not configured.

Additive increase, multiplicative decrease, as TCP does it (Chiu and Jain, "Analysis of the
Increase and Decrease Algorithms", 1989): a server that says "too many requests" gets a quarter
fewer at once, one that answers gets slowly more. Before the first such answer the limit grows
faster, by a sixteenth with every round: the step by which it may pass what the server takes.
Until then streams that have begun are not counted either: the server has shown that it takes them.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from visiontools.errors import OverloadedError
from visiontools.models.policy import FaultError

_FIRST = 32
_KEEP = 0.75
_EARLY_GROWTH = 1 / 16


class Limit:
    """Turns at one endpoint, first come first served; ``most`` is never exceeded.

    A server's Retry-After holds everybody back, since it speaks of the server and not of one
    question.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._now = float(min(_FIRST, most))
        self._busy = 0
        self._begun = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._early = True
        self._lowered = 0.0
        self._opens = 0.0
        self._told: FaultError | None = None

    @property
    def now(self) -> int:
        """How many questions may be under way at once."""
        return int(self._now)

    @asynccontextmanager
    async def turn(self, deadline: float) -> AsyncIterator[Callable[[], None]]:
        """Wait for a place and hold it; what is given is called when the server begins to answer.

        Leaving it with the FaultError of an overloaded server lowers the limit. Raises that
        server's own FaultError where the wait it asked for passes ``deadline`` (seconds of
        ``time.monotonic``).
        """
        await self._enter(deadline)
        full, began = not self._free(), time.monotonic()
        heard = False

        def answering() -> None:
            nonlocal heard
            if heard:
                return
            heard = True
            self._begun += 1
            if full:  # a limit that nobody reached is no measure of the server
                self._raise()
            self._wake()

        try:
            yield answering
            answering()
        except FaultError as fault:
            if isinstance(fault.error, OverloadedError) and fault.retry:
                self._lower(fault, began)
            raise
        finally:
            self._busy -= 1
            self._begun -= heard
            self._wake()

    async def _enter(self, deadline: float) -> None:
        if self._told is not None and time.monotonic() < self._opens and self._opens >= deadline:
            raise self._told
        if self._free() and not self._waiting:
            self._busy += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # given at the same moment: pass it on
                self._busy -= 1
                self._wake()
            raise

    def _free(self) -> bool:
        places = min(self._most, self.now + self._begun) if self._early else self.now
        return self._busy < places and time.monotonic() >= self._opens

    def _wake(self) -> None:
        while self._waiting and self._free():
            place = self._waiting.popleft()
            if not place.done():
                self._busy += 1
                place.set_result(None)

    def _raise(self) -> None:
        grown = _EARLY_GROWTH if self._early else 1 / self._now
        self._now = min(self._most, self._now + grown)

    def _lower(self, fault: FaultError, began: float) -> None:
        """Once for all questions that were under way together, down to those the server took."""
        now = time.monotonic()
        if fault.after_s:
            self._told, self._opens = fault, max(self._opens, now + fault.after_s)
            asyncio.get_running_loop().call_later(self._opens - now + 0.001, self._wake)
        if began >= self._lowered:
            reached = max(self._now, self._busy - 1.0) if self._early else self._now
            self._early = False
            self._lowered = now
            self._now = max(1.0, reached * _KEEP)
        else:
            self._now = max(1.0, min(self._now, self._busy - 1.0))

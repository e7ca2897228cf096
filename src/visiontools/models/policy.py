"""When to ask again, and when to stop: one policy, bounded by one deadline."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TypeVar

from visiontools.errors import VisiontoolsError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Policy:
    """Waits ``first_s``, then twice as long each time up to ``longest_s``, with jitter.

    Jitter takes up to half of each wait away, so that many clients do not come back together.
    """

    retries: int = 4
    first_s: float = 0.5
    longest_s: float = 8.0

    def wait(self, retry: int) -> float:
        """Seconds before retry number ``retry``, counted from 0."""
        longest = min(self.longest_s, self.first_s * 2.0**retry)
        return longest * (1 - random.random() / 2)  # noqa: S311 (not a secret)


class FaultError(Exception):
    """A failed attempt: the error to raise in the end, and whether to try again before.

    ``after_s`` is the wait the server asked for, in seconds.
    """

    def __init__(
        self, error: VisiontoolsError, *, retry: bool = False, after_s: float | None = None
    ) -> None:
        super().__init__(error.what)
        self.error = error
        self.retry = retry
        self.after_s = after_s


async def retrying(
    attempt: Callable[[], Awaitable[T]],
    deadline: float,
    policy: Policy,
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
) -> T:
    """The first attempt that succeeds. ``deadline`` is in seconds of ``time.monotonic``.

    A wait that would pass the deadline is not begun: the attempt's error is raised at once.
    """
    for retry in range(policy.retries + 1):
        try:
            return await attempt()
        except FaultError as fault:
            wait = policy.wait(retry) if fault.after_s is None else fault.after_s
            late = time.monotonic() + wait >= deadline
            if not fault.retry or late or retry == policy.retries:
                raise fault.error from None
        await sleep(wait)
    raise AssertionError("unreachable")  # pragma: no cover


def retry_after(value: str | None, now: datetime | None = None) -> float | None:
    """Seconds a Retry-After header asks for (RFC 9110 10.2.3: seconds or a date), or None."""
    if not value:
        return None
    try:
        return max(0.0, float(value)) if value.strip().isdigit() else _until(value, now)
    except (ValueError, TypeError, OverflowError):
        return None


def _until(value: str, now: datetime | None) -> float:
    then = parsedate_to_datetime(value)
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())

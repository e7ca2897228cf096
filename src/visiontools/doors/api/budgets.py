"""How much one person may ask for: a rate and a number a day."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

_DAY_S = 24 * 3600
_MINUTE_S = 60


class Budgets(Protocol):
    """Counts runs, each owner's apart."""

    async def spend(self, owner: str) -> int | None:
        """Count one run. None where the owner may; else after how many seconds they may again."""


@dataclass(slots=True)
class _Spent:
    tokens: float
    at: float
    day: int = -1
    today: int = 0


class InProcess:
    """For one process. A minute's runs may come at once, then they are spread out evenly."""

    def __init__(
        self,
        per_minute: int | None = None,
        per_day: int | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._per_minute, self._per_day, self._clock = per_minute, per_day, clock
        self._spent: dict[str, _Spent] = {}

    async def spend(self, owner: str) -> int | None:
        if self._per_minute is None and self._per_day is None:
            return None
        now = self._clock()
        spent = self._spent.setdefault(owner, _Spent(self._per_minute or 0, now))
        wait = self._wait(spent, now)
        if wait > 0:
            return math.ceil(wait)
        spent.tokens -= 1
        spent.today += 1
        return None

    def _wait(self, spent: _Spent, now: float) -> float:
        day = int(now // _DAY_S)
        if spent.day != day:
            spent.day, spent.today = day, 0
        if self._per_day is not None and spent.today >= self._per_day:
            return (day + 1) * _DAY_S - now
        if self._per_minute is None:
            return 0
        rate = self._per_minute / _MINUTE_S
        spent.tokens = min(self._per_minute, spent.tokens + (now - spent.at) * rate)
        spent.at = now
        return (1 - spent.tokens) / rate if spent.tokens < 1 else 0

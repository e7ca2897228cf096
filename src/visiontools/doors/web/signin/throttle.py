"""How often somebody may try: a few times at once, then slowly."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

_MOST = 10_000
_A_SITE = 64
"""Bits of an IPv6 address that are one customer's; the rest they may choose at will."""


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Throttle:
    """For one process: each name has ``at_once`` tries, and gets one back every ``every_s``."""

    def __init__(
        self,
        at_once: int,
        every_s: float,
        clock: Callable[[], float] = time.monotonic,
        most: int = _MOST,
    ) -> None:
        self._at_once, self._every_s, self._clock, self._most = at_once, every_s, clock, most
        self._buckets: dict[str, _Bucket] = {}

    def take(self, name: str) -> int | None:
        """Count a try. None where it may be made; else after how many seconds it may."""
        now = self._clock()
        bucket = self._buckets.pop(name, None) or _Bucket(self._at_once, now)
        self._buckets[name] = bucket  # last in line now
        gained = (now - bucket.at) / self._every_s
        bucket.tokens, bucket.at = min(self._at_once, bucket.tokens + gained), now
        self._clear()
        if bucket.tokens < 1:
            return math.ceil((1 - bucket.tokens) * self._every_s)
        bucket.tokens -= 1
        return None

    def give_back(self, name: str) -> None:
        """The try went well: it does not count."""
        if name in self._buckets:
            self._buckets[name].tokens += 1

    def forget(self, name: str) -> None:
        """Whoever it is has shown to be the right one: nothing counts against them."""
        self._buckets.pop(name, None)

    def _clear(self) -> None:
        """Make room for others; those that tried longest ago go first."""
        while len(self._buckets) > self._most:
            del self._buckets[next(iter(self._buckets))]


def site_of(client: tuple[str, int] | None) -> str:
    """What stands for whoever a request comes from."""
    if client is None:
        return "unknown"
    try:
        address = ipaddress.ip_address(client[0])
    except ValueError:
        return client[0]
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, _A_SITE), strict=False))
    return str(address)

"""Idempotency keys: a request sent again after a lost answer does not run twice."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

from visiontools.store.idempotency import Claim, Conflict, Fresh, Running, Same

__all__ = ["Claim", "Conflict", "Fresh", "Idempotency", "InProcess", "Running", "Same"]

_KEPT_S = 24 * 3600
_MOST = 10_000


class Idempotency(Protocol):
    """Remembers which record a key of an owner led to."""

    async def begin(self, owner: str, key: str, digest: str) -> Claim:
        """Claim a key for the request with this digest; ``Fresh`` must be finished or forgotten."""

    async def finish(self, owner: str, key: str, record_id: str) -> None:
        """The request led to this record."""

    async def forget(self, owner: str, key: str) -> None:
        """Nothing came of the request: the key may be claimed again."""


@dataclass(slots=True)
class _Entry:
    digest: str
    at: float
    record_id: str | None = None


class InProcess:
    """For one process: keys are kept for a day, the oldest finished ones go first."""

    def __init__(self, most: int = _MOST, kept_s: float = _KEPT_S) -> None:
        self._entries: dict[tuple[str, str], _Entry] = {}
        self._most, self._kept_s = most, kept_s

    async def begin(self, owner: str, key: str, digest: str) -> Claim:
        self._clear()
        entry = self._entries.get((owner, key))
        if entry is None:
            self._entries[owner, key] = _Entry(digest, time.monotonic())
            return Fresh()
        if entry.digest != digest:
            return Conflict()
        return Running() if entry.record_id is None else Same(entry.record_id)

    async def finish(self, owner: str, key: str, record_id: str) -> None:
        self._entries[owner, key].record_id = record_id

    async def forget(self, owner: str, key: str) -> None:
        self._entries.pop((owner, key), None)

    def _clear(self) -> None:
        """Make room; entries stand in the order they came in."""
        old = time.monotonic() - self._kept_s
        for name, entry in list(self._entries.items()):
            if entry.at > old and len(self._entries) < self._most:
                return
            if entry.record_id is not None:
                del self._entries[name]

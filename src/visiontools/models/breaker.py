"""Leaves a dead endpoint alone for a while, so that nobody waits for what will not answer."""

from __future__ import annotations

import time

from visiontools.errors import (
    DeadlineError,
    ServerFaultError,
    UnreachableError,
    VisiontoolsError,
)

_FAILURES = 3
_REST_S = 15.0
_DEAD = (UnreachableError, ServerFaultError, DeadlineError)


class Breaker:
    """Opens after three questions in a row met a dead server; one in 15 s may try again."""

    def __init__(self, endpoint: str) -> None:
        self._endpoint = endpoint
        self._failed = 0
        self._again = 0.0
        self._last = ""

    def check(self) -> None:
        """Raises UnreachableError while the endpoint is left alone."""
        if self._failed < _FAILURES:
            return
        wait = self._again - time.monotonic()
        if wait > 0:
            raise UnreachableError(
                f"Endpoint '{self._endpoint}' is left alone for {max(1, round(wait))} s, since "
                f"{self._failed} questions in a row failed. The last: {self._last}",
                next="Mend it and try again then, or name another endpoint with --endpoint.",
            )
        self._again = time.monotonic() + _REST_S  # this one tries; the others wait for it

    def note(self, error: VisiontoolsError | None) -> None:
        """How a question ended: any answer, also a bad one, shows that the server lives."""
        if not isinstance(error, _DEAD):
            self._failed = 0
            return
        self._failed += 1
        self._last = error.what
        self._again = time.monotonic() + _REST_S

"""The one limit in time of a question: whatever happens, it is over then."""

from __future__ import annotations

import asyncio
from typing import Any

from visiontools.errors import DeadlineError, VisiontoolsError
from visiontools.models.policy import FaultError


class Deadline:
    """``asyncio.timeout`` that ends in a DeadlineError, and lets only our errors out.

    It bounds the whole question, so also a server that sends one byte now and then. ``trouble``
    is the last thing that went wrong before it, which says more than the time that passed.
    """

    def __init__(self, seconds: float, endpoint: str) -> None:
        self.trouble = ""
        self._seconds = seconds
        self._endpoint = endpoint
        self._timeout = asyncio.timeout(seconds)

    async def __aenter__(self) -> Deadline:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(self, *exc: Any) -> None:
        try:
            await self._timeout.__aexit__(*exc)
        except TimeoutError:
            before = f" Before that: {self.trouble}" if self.trouble else ""
            raise DeadlineError(
                f"Endpoint '{self._endpoint}' gave no answer within {self._seconds:g} s.{before}",
                next="Try again, raise deadline_s in its settings, or use a smaller model.",
            ) from None
        if isinstance(exc[1], FaultError):
            error: VisiontoolsError = exc[1].error
            raise error from None

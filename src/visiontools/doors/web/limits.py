"""How large a request may be: held to it while it is read, whatever it says of itself."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visiontools.doors.api.handlers import for_a_browser, said
from visiontools.doors.api.problems import TOO_LARGE, ProblemError

_TAKEN_IN = 5
"""How many times too large a form may be for its sender to be told so on a page."""
_TAKEN_IN_S = 60


class RequestLimit:
    """Refuses what announces too much at once, and ends what turns out to be too much."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = self._announced(scope)
        if announced > self._most_bytes:
            if for_a_browser(scope) and announced <= _TAKEN_IN * self._most_bytes:
                await _taken_in(receive)
            await said(self._too_large(), scope)(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most_bytes:
                raise self._too_large()
            return message

        await self._app(scope, counted, send)

    def _announced(self, scope: Scope) -> int:
        length = Headers(scope=scope).get("content-length", "")
        return int(length) if length.isascii() and length.isdigit() else 0

    def _too_large(self) -> ProblemError:
        return ProblemError(
            TOO_LARGE,
            f"The request is larger than {self._most_bytes:,} bytes, which is the most this "
            "server takes.",
            "Send fewer or smaller pictures.",
            headers={"Connection": "close"},  # the rest of it is not waited for
        )


async def _taken_in(receive: Receive) -> None:
    """Let a browser send it all, and forget it: before that it shows no answer, but a lost line."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_TAKEN_IN_S):
            while (message := await receive())["type"] == "http.request":
                if not message.get("more_body"):
                    return

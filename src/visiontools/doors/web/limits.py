"""How large a request may be: held to it while it is read, whatever it says of itself."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visiontools.doors.api.handlers import said
from visiontools.doors.api.problems import TOO_LARGE, ProblemError


class RequestLimit:
    """Refuses what announces too much at once, and ends what turns out to be too much."""

    def __init__(self, app: ASGIApp, *, most_bytes: int) -> None:
        self._app = app
        self._most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if self._announced(scope) > self._most_bytes:
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

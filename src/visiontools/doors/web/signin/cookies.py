"""The cookies of signing in: for this host only, out of scripts' reach, encrypted on their way."""

from __future__ import annotations

from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import Response

SESSION = "visiontools"
FORM = "visiontools-form"
FLOW = "visiontools-flow"
FLOW_S = 600
"""How long a sign-in at a provider may take."""


class Cookies:
    """Names and attributes of cookies, as far as they depend on how people reach the server.

    Over https a name begins with ``__Host-``: then no other host, and nothing unencrypted, can
    have set the cookie (RFC 6265bis, 4.1.3.2).
    """

    def __init__(self, public_url: str | None) -> None:
        self._always_secure = (public_url or "").startswith("https://")

    def get(self, connection: HTTPConnection, name: str) -> str | None:
        """What the browser sent."""
        return connection.cookies.get(self._name(connection, name))

    def set(
        self,
        response: Response,
        connection: HTTPConnection,
        name: str,
        value: str,
        *,
        seconds: int | None = None,
        strict: bool = False,
    ) -> None:
        """Have the browser keep it, until it is closed or for so many seconds.

        A ``strict`` one is not even sent when a link of another site leads here.
        """
        response.set_cookie(
            self._name(connection, name),
            value,
            max_age=seconds,
            samesite="strict" if strict else "lax",
            **self._attributes(connection),
        )

    def drop(self, response: Response, connection: HTTPConnection, name: str) -> None:
        """Have the browser forget it."""
        response.delete_cookie(
            self._name(connection, name), samesite="lax", **self._attributes(connection)
        )

    def _secure(self, connection: HTTPConnection) -> bool:
        return self._always_secure or connection.scope.get("scheme") in ("https", "wss")

    def _name(self, connection: HTTPConnection, name: str) -> str:
        return f"__Host-{name}" if self._secure(connection) else name

    def _attributes(self, connection: HTTPConnection) -> dict[str, Any]:
        return {"path": "/", "httponly": True, "secure": self._secure(connection)}

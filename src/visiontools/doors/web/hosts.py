"""Which Host and Origin headers are believed, on HTTP and WebSocket alike.

A page of a stranger can make a browser send requests here, and a name of a stranger can be made
to lead here; both are told apart by these headers, which pages cannot forge.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from visiontools.doors.api.handlers import said
from visiontools.doors.api.problems import FORBIDDEN, MISDIRECTED, ProblemError

_SAFE = ("GET", "HEAD", "OPTIONS")
_WATCHED = ("/healthz", "/readyz")
"""Asked by load balancers, which name us as they like; they tell nothing of anybody."""
_USUAL_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104


def is_loopback(host: str) -> bool:
    """Whether a host's name or address is this machine's own."""
    if host.rstrip(".").lower() == "localhost":
        return True
    address = _address(host)
    return address is not None and address.is_loopback


class TrustedHosts:
    """Refuses requests that name a host we are not, and those another site's page makes."""

    def __init__(self, app: ASGIApp, *, listens_on: str, public: Iterable[str]) -> None:
        self._app = app
        self._listens_on = listens_on.lower()
        self._public = {name.lower() for name in public}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        problem = self._objection(scope)
        if problem is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": problem.kind.title})
        else:
            await said(problem, scope)(scope, receive, send)

    def _objection(self, scope: Scope) -> ProblemError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if scope["path"] not in _WATCHED and not self._ours(host):
            return ProblemError(
                MISDIRECTED,
                "The request names a host this server does not answer for.",
                "Whoever runs the server can add the name to public_hosts in its settings.",
            )
        if scope["type"] == "http" and scope["method"] in _SAFE:
            return None
        if not _from_here(headers, host):
            return ProblemError(
                FORBIDDEN,
                "The request was made by a page of another site.",
                "Use the pages of this server, or a program that is no browser.",
            )
        return None

    def _ours(self, host: str) -> bool:
        name = _name(host)
        if name is None:
            return False
        if is_loopback(name) or name == self._listens_on or name in self._public:
            return True
        # An address, unlike a name, cannot be made to lead to somebody else's machine.
        return self._listens_on in _EVERYWHERE and _address(name) is not None


def _from_here(headers: Headers, host: str) -> bool:
    """Whether a page of ours made the request, or no page at all."""
    origin = headers.get("origin")
    if origin is not None:
        return _same_place(origin, host)
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")


def _same_place(origin: str, host: str) -> bool:
    try:
        parts = urlsplit(origin)
        usual = _USUAL_PORTS[parts.scheme]
        port = parts.port or usual
        here = urlsplit(f"//{host}")
        return (parts.hostname, port) == (here.hostname, here.port or usual)
    except (KeyError, ValueError):  # "null", or no origin at all
        return False


def _name(host: str) -> str | None:
    """The name in a Host header, without its port."""
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises where it is none
    except ValueError:
        return None
    plain = parts.netloc == host and "@" not in host
    return parts.hostname if plain else None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None

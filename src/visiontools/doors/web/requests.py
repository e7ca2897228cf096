"""Every request accounted for: a span, a line in the log, an id; by its route, not its address."""

from __future__ import annotations

import logging
import re
import time
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visiontools.doors.identity import IN_SCOPE
from visiontools.telemetry.facts import HERE, Here
from visiontools.telemetry.tracing import OFF, Span, Tracing, Value

REQUEST_ID = "X-Request-Id"
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
_WATCHED = ("/healthz", "/readyz")
"""Asked every few seconds: no line, unless something is wrong."""
_TRACEPARENT = re.compile(r"[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}(-.*)?")

_log = logging.getLogger(__name__)


class Accounted:
    """Tells of each request when its answer has been sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["type"] == "websocket":  # it may last for hours: its runs are told of, not it
            await self._within(_here(headers, None), scope, receive, send)
            return
        tracing: Tracing = OFF if _is_of_no_interest(scope) else scope["app"].state.tracing
        with tracing.request(_method(scope), headers) as span:
            here = _here(headers, span.trace_id)
            answer = _Answer(scope, send, here.request_id)
            try:
                await self._within(here, scope, receive, answer.send)
            finally:
                answer.tell(span, here)

    async def _within(self, here: Here, scope: Scope, receive: Receive, send: Send) -> None:
        before = HERE.set(here)
        try:
            await self._app(scope, receive, send)
        finally:
            HERE.reset(before)


class _Answer:
    def __init__(self, scope: Scope, send: Send, request_id: str) -> None:
        self._scope, self._send, self._request_id = scope, send, request_id
        self._status = 0
        self._began = time.perf_counter()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            MutableHeaders(scope=message)[REQUEST_ID] = self._request_id
        await self._send(message)

    def tell(self, span: Span, here: Here) -> None:
        """In the span and in the log. A status of 0 is that of a request nobody answered."""
        method, route = _method(self._scope), route_of(self._scope)
        span.rename(f"{method} {route}".strip())
        span.add({"http.request.method": method, "http.response.status_code": self._status})
        span.add({"http.route": route} if route else {})
        span.add({"request_id": here.request_id})
        failed = self._status >= 500 or not self._status
        if failed:
            span.fail(str(self._status or "unanswered"))
        if route in _WATCHED and not failed:
            return
        facts: dict[str, Value] = {
            "method": method,
            "route": route,
            "status": self._status,
            "duration_ms": round((time.perf_counter() - self._began) * 1000, 1),
        }
        identity = self._scope.get(IN_SCOPE)
        if identity is not None:
            facts["user"] = identity.owner
        level = logging.ERROR if failed else logging.INFO
        if self._status == 503:  # "come again in a moment" is no fault of ours
            level = logging.WARNING
        told = f"{method} {route or 'an unknown address'}: {self._status or 'no answer'}"
        _log.log(level, told, extra={"facts": facts, "here": here})


def route_of(scope: Scope) -> str:
    """The route's template, such as ``/records/{record_id}``; empty where none fits.

    Made of the address and what the router took out of it, for the template of a router within a
    router is not to be had whole.
    """
    if scope.get("root_path"):
        return f"{scope['root_path']}/{{path}}"
    if "endpoint" not in scope:
        return ""
    names = {str(value): name for name, value in scope.get("path_params", {}).items()}
    parts = scope["path"].split("/")
    return "/".join(f"{{{names[part]}}}" if part in names else part for part in parts)


def _is_of_no_interest(scope: Scope) -> bool:
    path: str = scope["path"]
    return path in _WATCHED or path.startswith("/static/")


def _here(headers: Headers, trace_id: str | None) -> Here:
    """The request, under the collector's trace, or else the one its caller names."""
    named = _TRACEPARENT.fullmatch(headers.get("traceparent", ""))
    return Here(uuid.uuid4().hex, trace_id or (named[1] if named else None))


def _method(scope: Scope) -> str:
    method: str = scope["method"]
    return method if method in _METHODS else "OTHER"

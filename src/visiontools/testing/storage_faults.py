"""An HTTP proxy that fails as networks and servers do, one step a request.

with FaultProxy(server.url) as proxy:
    proxy.then(Fail(503), LOSE_REPLY, Wait(0.2))    # what follows passes
"""

from __future__ import annotations

import http.client
import time
from collections import deque
from dataclasses import dataclass
from enum import Enum
from typing import Self
from urllib.parse import urlsplit

from visiontools.testing.local_http import Exchange, LocalServer


@dataclass(frozen=True, slots=True)
class Fail:
    """Answer with an error; the request goes no further."""

    status: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Pass the request on, and its answer back after some seconds."""

    seconds: float


class Cut(Enum):
    """End the connection: before the request went on, after it, or within the answer."""

    REQUEST = "request"
    REPLY = "reply"
    WITHIN = "within"


RESET = Cut.REQUEST
LOSE_REPLY = Cut.REPLY
CUT_REPLY = Cut.WITHIN
Step = Fail | Wait | Cut
_HOP = {"connection", "transfer-encoding", "content-length", "date", "server"}


class FaultProxy(LocalServer):
    """The proxy; ``asked`` counts the requests that came, ``passed`` those that went on."""

    def __init__(self, upstream: str) -> None:
        super().__init__()
        self._upstream = urlsplit(upstream).netloc
        self._steps: deque[Step] = deque()
        self._always: Step | None = None
        self.asked = 0
        self.passed = 0

    def then(self, *steps: Step) -> Self:
        """Fail the next requests so, in order."""
        self._steps.extend(steps)
        return self

    def always(self, step: Step | None) -> Self:
        """Fail all requests so from now on; None ends it."""
        self._always = step
        return self

    def answer(self, exchange: Exchange) -> None:
        self.asked += 1
        step = self._steps.popleft() if self._steps else self._always
        if isinstance(step, Fail):
            exchange.send(step.status, b"{}", {"Content-Type": "application/json"})
        elif step is RESET:
            exchange.reset()
        else:
            status, data, headers = self._forward(exchange)
            if isinstance(step, Wait):
                time.sleep(step.seconds)
            if step is LOSE_REPLY:
                exchange.reset()
            else:
                exchange.send(status, data, headers, cut=step is CUT_REPLY)

    def _forward(self, exchange: Exchange) -> tuple[int, bytes, dict[str, str]]:
        """Ask the server behind."""
        self.passed += 1
        connection = http.client.HTTPConnection(self._upstream, timeout=10)
        try:
            told = dict(exchange.headers.items())
            connection.request(exchange.command, exchange.path, exchange.body or None, told)
            reply = connection.getresponse()
            kept = {k: v for k, v in reply.getheaders() if k.lower() not in _HOP}
            return reply.status, reply.read(), kept
        finally:
            connection.close()

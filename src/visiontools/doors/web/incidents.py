"""Faults of ours that no handler expected: an answer with an id, and a line in the log."""

from __future__ import annotations

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from visiontools.doors.api.handlers import said
from visiontools.doors.api.incidents import incident

_log = logging.getLogger(__name__)


class Incidents:
    """Turns any exception into an answer without a traceback."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def noticed(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, noticed)
        except Exception as error:
            problem = incident(error, _log)
            if started:  # the connection must end without looking complete
                raise ConnectionAbortedError(problem.incident) from None
            await said(problem, scope)(scope, receive, send)

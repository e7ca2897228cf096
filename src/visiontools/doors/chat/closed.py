"""Chainlit's application with its own sign-in and what nobody needs taken out; imports Chainlit."""

from __future__ import annotations

from typing import Any

import chainlit.socket
from chainlit.auth import get_current_user
from chainlit.server import app, sio
from fastapi import Request
from fastapi.responses import Response
from starlette.types import ASGIApp

from visiontools.doors.api.problems import problem_of
from visiontools.doors.chat import sockets, talk
from visiontools.doors.chat.layer import Layer, the_user
from visiontools.errors import VisiontoolsError


def closed() -> ASGIApp:
    """The application as the gate may hand requests to it."""
    told: Any = chainlit.socket  # whoever comes to it came through the gate, which knows who it is
    told.require_login = _always
    told._authenticate_connection = _authenticated
    app.dependency_overrides[get_current_user] = the_user
    app.add_exception_handler(VisiontoolsError, _answered)
    talk.listen(Layer)
    sockets.close(sio)
    sio.eio.transports = ["websocket"]
    return app


def _always() -> bool:
    return True


async def _authenticated(environ: Any) -> Any:
    return await the_user(), None


async def _answered(request: Request, error: Any) -> Response:
    return problem_of(error).response

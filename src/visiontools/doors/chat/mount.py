"""The chat at ``/chat``: loaded in a thread when it is first asked for, behind its gate."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from functools import partial

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.types import Receive, Scope, Send

from visiontools.doors.chat.files import OURS, file_of
from visiontools.doors.chat.gate import Gate, OwnerOf
from visiontools.doors.chat.inside import Inside
from visiontools.doors.chat.load import load
from visiontools.doors.chat.page import missing_page, waiting_page
from visiontools.errors import ConfigurationError
from visiontools.settings import Settings

PATH = "/chat"

_log = logging.getLogger(__name__)


def add_chat(app: FastAPI, settings: Settings, owner_of: OwnerOf) -> None:
    """Have the application serve the chat at ``/chat``."""
    app.router.routes.append(Route(PATH, _to_the_page))
    app.router.routes.append(Mount(PATH, Chat(partial(load, settings), owner_of), name="chat"))


async def _to_the_page(request: Request) -> Response:
    return RedirectResponse(f"{PATH}/", 308)


class Chat:
    """Lets everybody wait while the chat is loaded, and hands them over to the gate then."""

    def __init__(self, load: Callable[[], Inside], owner_of: OwnerOf) -> None:
        self.owner_of = owner_of
        self.load = load
        self._loading: asyncio.Task[Inside] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        name = scope["path"].removeprefix(scope["root_path"] + "/ours/")
        if scope["type"] == "http" and name != scope["path"]:
            ours = await file_of(OURS, name, scope, hashed=False)
            await (ours or Response(status_code=404))(scope, receive, send)
            return
        loading = self._begun()
        if not loading.done() and _is_for_a_page(scope):
            await waiting_page(scope["root_path"])(scope, receive, send)
            return
        try:
            inside = await asyncio.shield(loading)
        except Exception as error:
            self._loading = None  # next time it may be mended
            if not isinstance(error, ConfigurationError):
                raise
            await self._refuse(error, scope, receive, send)
            return
        await Gate(inside, self.owner_of)(scope, receive, send)

    def _begun(self) -> asyncio.Task[Inside]:
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self.load))
            self._loading.add_done_callback(_logged)
        return self._loading

    async def _refuse(
        self, error: ConfigurationError, scope: Scope, receive: Receive, send: Send
    ) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1011, "reason": "no chat here"})
            return
        page = missing_page(scope["root_path"], error.what, error.next)
        await page(scope, receive, send)


def _is_for_a_page(scope: Scope) -> bool:
    return scope["type"] == "http" and scope["method"] in ("GET", "HEAD")


def _logged(loading: asyncio.Task[Inside]) -> None:
    if loading.cancelled():
        return
    if isinstance(error := loading.exception(), ConfigurationError):
        _log.warning("%s", error)

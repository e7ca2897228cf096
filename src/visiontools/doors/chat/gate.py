"""The gate: what the chat page needs passes to Chainlit, under its caller's name; no more does.

Chainlit's own sign-in, sharing, settings of profiles, tool servers, audio and files are not
reached. Attached pictures and feedback are taken in here, since Chainlit believes what a browser
says of a file, reads all of it before it looks at its size, and fails on an empty one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from starlette.datastructures import Headers, QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from visiontools.doors.api.problems import ProblemError, problem_of
from visiontools.doors.chat.caller import Caller, calling
from visiontools.doors.chat.files import OURS, file_of
from visiontools.doors.chat.inside import Inside
from visiontools.doors.chat.page import chat_page
from visiontools.doors.chat.rating import rate, unrate
from visiontools.doors.chat.uploading import show_upload, take_upload
from visiontools.doors.chat.wording import wording
from visiontools.errors import VisiontoolsError
from visiontools.translations import spoken

_ID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_PAGES = re.compile(rf"/|/thread/{_ID}")
_UPLOAD = re.compile(rf"/project/file/({_ID})")
_PICTURED = re.compile(r"/(favicon|logo|avatars/[^/]+)")
_SOCKET = "/ws/socket.io/"
_PASSES = {
    ("GET", "/user"),
    ("GET", "/project/settings"),
    ("POST", "/project/threads"),
    ("PUT", "/project/thread"),
    ("DELETE", "/project/thread"),
}
_SAYS_WHO = {"requireLogin": True, "passwordAuth": False, "headerAuth": False, "oauthProviders": []}
"""Chainlit keeps a history only for those it thinks it signed in; who that is we say."""


OwnerOf = Callable[[Scope], Awaitable[str | None]]
"""Whose request or connection it is, now; None where nobody is signed in (any more)."""


class Gate:
    """One request or connection at a time, of a caller whom ``owner_of`` knows."""

    def __init__(self, inside: Inside, owner_of: OwnerOf) -> None:
        self._inside = inside
        self._owner_of = owner_of

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        owner = await self._owner_of(scope)
        state = scope["app"].state
        path = scope["path"].removeprefix(scope["root_path"])
        if scope["type"] == "websocket":
            if owner is None or not _is_socket(path, scope):
                await receive()
                await send({"type": "websocket.close", "code": 1008, "reason": "not here"})
                return
        elif owner is None:
            await _signed_out(path)(scope, receive, send)
            return
        assert owner is not None
        caller = Caller(owner, state.pipeline, state.desk, partial(self._owner_of, scope))
        with calling(caller):
            if scope["type"] == "websocket" or (scope["method"], path) in _PASSES:
                await self._inside.app(_for_chainlit(scope), receive, send)
                return
            response = await self._answer(caller, path, Request(scope, receive))
        await response(scope, receive, send)

    async def _answer(self, caller: Caller, path: str, request: Request) -> Response:
        try:
            return await self._ours(caller, path, request)
        except ProblemError as problem:
            return problem.response
        except VisiontoolsError as error:
            return problem_of(error).response

    async def _ours(self, caller: Caller, path: str, request: Request) -> Response:
        """What is answered without Chainlit."""
        doing = _DOING.get((request.method, path))
        if doing is not None:
            return await doing(caller, request)
        if request.method in ("GET", "HEAD"):
            found = await self._found(caller, path, request)
            if found is not None:
                return found
        return JSONResponse({"detail": f"There is nothing at {path}."}, 404)

    async def _found(self, caller: Caller, path: str, request: Request) -> Response | None:
        root = request.scope["root_path"]
        if _PAGES.fullmatch(path):
            host = request.headers["host"]
            return chat_page(root, host, self._inside.build, self._inside.card_style())
        if path == "/project/translations":
            words = await asyncio.to_thread(wording, self._inside.words, spoken())
            return JSONResponse({"translation": words})
        if path == "/login":  # where Chainlit's script goes when nobody is signed in
            return RedirectResponse("/", 303)
        if (upload := _UPLOAD.fullmatch(path)) is not None:
            return await show_upload(caller, upload[1])
        if path.startswith("/assets/"):
            name = path.removeprefix("/assets/")
            return await file_of(self._inside.build / "assets", name, request.scope, hashed=True)
        if _PICTURED.fullmatch(path):
            return await file_of(OURS, "icon.svg", request.scope, hashed=False)
        return None


def _is_socket(path: str, scope: Scope) -> bool:
    """Whether it is Chainlit's socket, from its first moment a WebSocket."""
    said = QueryParams(scope["query_string"])
    return path == _SOCKET and said.get("transport") == "websocket" and "sid" not in said


def _signed_out(path: str) -> Response:
    if _PAGES.fullmatch(path):
        return RedirectResponse("/", 303)
    return JSONResponse({"detail": "Nobody is signed in."}, 401)


def _for_chainlit(scope: Scope) -> Scope:
    """Without the credentials a browser sent: Chainlit is told who it is, and believes nobody."""
    secret = (b"cookie", b"authorization")
    kept = [pair for pair in Headers(scope=scope).raw if pair[0].lower() not in secret]
    return {**scope, "headers": kept}


async def _say_who(caller: Caller, request: Request) -> Response:
    return JSONResponse(_SAYS_WHO)


async def _no_cookie(caller: Caller, request: Request) -> Response:
    """Chainlit's script asks for a cookie that helps some load balancers; none is needed."""
    return JSONResponse({})


_DOING: Mapping[tuple[str, str], Callable[[Caller, Request], Awaitable[Response]]] = {
    ("GET", "/auth/config"): _say_who,
    ("POST", "/set-session-cookie"): _no_cookie,
    ("POST", "/project/file"): take_upload,
    ("PUT", "/feedback"): rate,
    ("DELETE", "/feedback"): unrate,
}

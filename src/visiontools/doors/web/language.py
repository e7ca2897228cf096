"""Which language a person is served in: what they chose, else what their browser asks for."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from visiontools.doors.web.pages_look import PageRoute, was_at
from visiontools.doors.web.signin.returning import local_path
from visiontools.translations import NAMES, speaking
from visiontools.translations.choose import asked_for

COOKIE = "visiontools-language"
PATH = "/language"
_A_YEAR_S = 365 * 24 * 3600
router = APIRouter(route_class=PageRoute, include_in_schema=False)


class Languages:
    """Has every request and connection served in its person's language."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        with speaking(language_of(HTTPConnection(scope))):
            await self._app(scope, receive, send)


def language_of(connection: HTTPConnection) -> str:
    """One of ``NAMES``."""
    chosen = connection.cookies.get(COOKIE)
    if chosen in NAMES:
        return chosen
    return asked_for(connection.headers.get("accept-language", ""))


@router.post(PATH)
async def choose(request: Request) -> RedirectResponse:
    """Keep the choice in the browser, and lead back to the page where it was made."""
    form: FormData = await request.form(max_files=0, max_fields=1)
    chosen = form.get("language")
    response = RedirectResponse(local_path(was_at(request.scope)), 303)
    if isinstance(chosen, str) and chosen in NAMES:
        secure = request.scope["scheme"] == "https"
        response.set_cookie(
            COOKIE, chosen, max_age=_A_YEAR_S, httponly=True, samesite="lax", secure=secure
        )
    return response

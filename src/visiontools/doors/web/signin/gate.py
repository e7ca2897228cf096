"""The gate every request passes: nothing is served to nobody unless it is named here.

A route somebody adds is guarded from its first day; so are applications that are mounted, and
WebSockets.
"""

from __future__ import annotations

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from visiontools.doors.api.handlers import API, of_a_script, said
from visiontools.doors.api.problems import (
    SCOPE_MISSING,
    SIGN_IN_NEEDED,
    ProblemError,
    problem_of,
)
from visiontools.doors.identity import CURRENT, IN_SCOPE, Identity
from visiontools.doors.web.signin.reception import Reception
from visiontools.doors.web.signin.returning import sign_in_path
from visiontools.errors import VisiontoolsError

OPEN = (
    "/healthz",
    "/readyz",
    "/sign-in",
    "/sign-in/begin",
    "/sign-in/back",
    "/sign-out",
    "/language",
)
"""What is for everybody: they tell nothing of anybody."""
OPEN_BELOW = "/static/"
_METRICS = "/metrics"
_PAGES_NOTHING_CHANGES = ("GET", "HEAD")
_SCOPE_OF = {"GET": "read", "HEAD": "read", "OPTIONS": "read", "DELETE": "delete"}


def is_open(path: str) -> bool:
    """Whether this is for everybody."""
    return path in OPEN or path.startswith(OPEN_BELOW)


def takes_keys(path: str) -> bool:
    """Whether programs may come with a key: to the API, never to pages."""
    return path.startswith(API) or path == _METRICS


class Gate:
    """Finds out who is asking, and lets nobody else in."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket") or is_open(scope["path"]):
            await self._app(scope, receive, send)
            return
        reception: Reception = scope["app"].state.reception
        scope["visiontools.reception"] = reception
        try:
            identity = await _identified(reception, HTTPConnection(scope))
        except ProblemError as problem:
            await _refuse(problem, reception, scope, receive, send)
        except VisiontoolsError as error:
            await _refuse(problem_of(error), reception, scope, receive, send)
        else:
            scope[IN_SCOPE] = identity
            known = CURRENT.set(identity)
            try:
                await self._app(scope, receive, send)
            finally:
                CURRENT.reset(known)


async def _identified(reception: Reception, connection: HTTPConnection) -> Identity:
    """Who is asking. Raises ProblemError where nobody is, or not for this."""
    path = connection.scope["path"]
    if connection.scope["type"] == "http" and takes_keys(path):
        program = await reception.program(connection)
        if program is not None:
            return _within_scopes(program, connection.scope["method"])
    person = await reception.person(connection)
    if person is not None:
        return person
    raise ProblemError(
        SIGN_IN_NEEDED,
        "This needs somebody to be signed in.",
        "Sign in at /sign-in, or send 'Authorization: Bearer vt_...' with an API key."
        if takes_keys(path)
        else "Sign in at /sign-in.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _within_scopes(program: Identity, method: str) -> Identity:
    needed = _SCOPE_OF.get(method, "run")
    if needed in program.scopes:
        return program
    raise ProblemError(
        SCOPE_MISSING,
        f"The API key '{program.name}' may {' and '.join(program.scopes)}, and this needs "
        f"'{needed}'.",
        f"Use a key made with --scope {needed}: visiontools keys add NAME --scope {needed}",
        headers={"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{needed}"'},
    )


async def _refuse(
    problem: ProblemError, reception: Reception, scope: Scope, receive: Receive, send: Send
) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": problem.kind.title})
    elif problem.kind is SIGN_IN_NEEDED and _can_sign_in(reception, scope):
        wanted = scope["path"]
        if scope["query_string"]:
            wanted += "?" + scope["query_string"].decode("latin-1")
        await RedirectResponse(sign_in_path(wanted), 303)(scope, receive, send)
    elif of_a_script(scope):
        await problem.response(scope, receive, send)
    else:
        await said(problem, scope)(scope, receive, send)


def _can_sign_in(reception: Reception, scope: Scope) -> bool:
    """Whether a person looks at the answer, whom the sign-in page helps on."""
    if takes_keys(scope["path"]) or scope["method"] not in _PAGES_NOTHING_CHANGES:
        return False
    return not of_a_script(scope) and reception.web.sign_in in ("password", "oidc")

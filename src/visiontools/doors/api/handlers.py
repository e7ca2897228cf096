"""How errors become answers: problem details below ``/api``, elsewhere a page or a sentence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response
from starlette.types import Scope

from visiontools.doors.api.desk import Desk
from visiontools.doors.api.negotiate import wants_page
from visiontools.doors.api.problems import (
    MISDIRECTED,
    NOT_FOUND,
    UNFIT,
    ProblemError,
    misfits_in,
    problem_of,
    problem_of_status,
)
from visiontools.errors import VisiontoolsError

API = "/api/"
Page = Callable[[ProblemError, Scope], Response]
_FOR_PROGRAMS = (API, "/healthz", "/readyz", "/metrics")


def for_programs(path: str) -> bool:
    """Whether what is answered at this path is read by a program, not by a person."""
    return path.startswith(_FOR_PROGRAMS)


def of_a_script(scope: Scope) -> bool:
    """Whether a page's own script waits for the answer, which nobody will look at as a page."""
    return Headers(scope=scope).get("sec-fetch-mode", "navigate") != "navigate"


def _for_a_browser(scope: Scope) -> bool:
    """Whether a person looks at the answer in a browser."""
    return wants_page(Headers(scope=scope).get("accept")) and not of_a_script(scope)


def said(problem: ProblemError, scope: Scope) -> Response:
    """The problem as whoever reads the answer understands it.

    Whom a wrong name led here gets a sentence: the page's style would be refused, too.
    """
    if for_programs(scope["path"]):
        return problem.response
    if _for_a_browser(scope) and problem.kind is not MISDIRECTED:
        page: Page = scope["app"].state.problem_page
        return page(problem, scope)
    sentences = f"{problem.detail} {problem.next or ''}".strip()
    return problem.carried_by(PlainTextResponse(sentences, problem.kind.status))


def install(app: FastAPI, problem_page: Page) -> None:
    """Have the application answer its errors so, with ``problem_page`` for browsers."""
    app.state.problem_page = problem_page
    kinds: tuple[type[Exception], ...] = (
        ProblemError,
        VisiontoolsError,
        HTTPException,
        RequestValidationError,
    )
    for kind in kinds:
        app.add_exception_handler(kind, _answer)


async def _answer(request: Request, error: Exception) -> Response:
    problem = _problem(request, error)
    desk: Desk = request.app.state.desk
    desk.metrics.problem(problem.kind.name)
    return said(problem, request.scope)


def _problem(request: Request, error: Any) -> ProblemError:
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, VisiontoolsError):
        return problem_of(error)
    if isinstance(error, RequestValidationError):
        return ProblemError(UNFIT, "The request does not fit.", None, misfits_in(error.errors()))
    if error.status_code == NOT_FOUND.status:
        programs = for_programs(request.url.path)
        hint = "GET /api/v1/openapi.json describes what there is." if programs else "Start at /"
        return ProblemError(NOT_FOUND, f"There is nothing at {request.url.path}.", hint)
    if error.status_code == 405:
        what = f"{request.url.path} does not take {request.method}."
        return problem_of_status(405, what, error.headers or {})
    return problem_of_status(error.status_code, str(error.detail), error.headers or {})

"""How errors become answers: problem details below ``/api``, a sentence elsewhere."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from visiontools.doors.api.desk import Desk
from visiontools.doors.api.problems import (
    NOT_FOUND,
    UNFIT,
    ProblemError,
    misfits_in,
    problem_of,
    problem_of_status,
)
from visiontools.errors import VisiontoolsError

API = "/api/"
_FOR_PROGRAMS = (API, "/healthz", "/readyz", "/metrics")


def for_programs(path: str) -> bool:
    """Whether what is answered at this path is read by a program, not by a person."""
    return path.startswith(_FOR_PROGRAMS)


def said(problem: ProblemError, path: str) -> Response:
    """The problem as whoever reads the answers of this path understands it."""
    response = problem.response
    if for_programs(path):
        return response
    sentences = f"{problem.detail} {problem.next or ''}".strip()
    plain = PlainTextResponse(sentences, problem.kind.status)
    for name in ("Retry-After", "Allow"):
        if name in response.headers:
            plain.headers[name] = response.headers[name]
    return plain


def install(app: FastAPI) -> None:
    """Have the application answer its errors so."""
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
    return said(problem, request.url.path)


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

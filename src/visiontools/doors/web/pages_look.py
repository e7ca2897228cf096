"""How pages are made: templates that escape every text, and errors as pages of their own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import Scope

from visiontools.doors.api.problems import (
    NOT_FOUND,
    SIGN_IN_NEEDED,
    UNFIT,
    UNKNOWN_RECORD,
    ProblemError,
    misfits_in,
    problem_of,
)
from visiontools.doors.identity import CURRENT
from visiontools.doors.web.signin.returning import HOME, sign_in_path
from visiontools.errors import VisiontoolsError
from visiontools.types import Outcome
from visiontools.views.account import OUTCOME_WORDS

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_LED_ON_BY_THE_PAGE = (NOT_FOUND, UNKNOWN_RECORD)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["moment"] = moment
    made.globals["static"] = static
    made.globals["signed_in"] = CURRENT.get
    made.globals["outcome_words"] = {each.value: OUTCOME_WORDS[each] for each in Outcome}
    return made


@cache
def static(name: str) -> str:
    """The address of a file of ours, another one for each version of it."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"


def moment(when: dt.datetime) -> str:
    """A moment for people, in UTC like everything that is kept."""
    return f"{when.astimezone(dt.UTC):%Y-%m-%d %H:%M} UTC"


def page(name: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page from its template."""
    return HTMLResponse(_environment().get_template(name).render(shown), status)


def problem_page(problem: ProblemError, scope: Scope) -> Response:
    """What went wrong, and what to do next, as a page."""
    shown = page(
        "problem.html",
        problem.kind.status,
        title=problem.kind.title,
        detail=problem.detail,
        next_step=None if problem.kind in _LED_ON_BY_THE_PAGE else problem.next,
        sign_in=sign_in_path(_was_at(scope)) if _has_ended(problem, scope) else None,
    )
    return problem.carried_by(shown)


def _has_ended(problem: ProblemError, scope: Scope) -> bool:
    """Whether nothing but a sign-in of ours is missing."""
    reception = scope.get("visiontools.reception")
    ours = reception is not None and reception.web.sign_in in ("password", "oidc")
    return ours and problem.kind is SIGN_IN_NEEDED


def _was_at(scope: Scope) -> str:
    """The page of ours from which the request was made."""
    headers = Headers(scope=scope)
    try:
        came_from = urlsplit(headers.get("referer", ""))
    except ValueError:
        return HOME
    if came_from.netloc != headers.get("host"):
        return HOME
    return urlunsplit(("", "", came_from.path, came_from.query, ""))


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ProblemError as problem:
                return problem_page(problem, request.scope)
            except VisiontoolsError as error:
                return problem_page(problem_of(error), request.scope)
            except RequestValidationError as error:
                told = "; ".join(one.detail for one in misfits_in(error.errors()))
                unfit = ProblemError(UNFIT, f"The address does not fit: {told}.")
                return problem_page(unfit, request.scope)

        return handled

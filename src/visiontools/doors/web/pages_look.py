"""How pages are made: templates that escape every text, and errors as pages of their own."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Coroutine
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from visiontools.doors.api.problems import (
    UNFIT,
    UNKNOWN_RECORD,
    ProblemError,
    misfits_in,
    problem_of,
)
from visiontools.doors.identity import CURRENT
from visiontools.errors import VisiontoolsError
from visiontools.types import Outcome
from visiontools.views.account import OUTCOME_WORDS

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"


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


def problem_page(problem: ProblemError) -> HTMLResponse:
    """What went wrong, and what to do next, as a page."""
    next_step = None if problem.kind is UNKNOWN_RECORD else problem.next
    return page(
        "problem.html",
        problem.kind.status,
        title=problem.kind.title,
        detail=problem.detail,
        next_step=next_step,
    )


class PageRoute(APIRoute):
    """A route whose errors are pages."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handled(request: Request) -> Response:
            try:
                return await handle(request)
            except ProblemError as problem:
                return problem_page(problem)
            except VisiontoolsError as error:
                return problem_page(problem_of(error))
            except RequestValidationError as error:
                told = "; ".join(one.detail for one in misfits_in(error.errors()))
                return problem_page(ProblemError(UNFIT, f"The address does not fit: {told}."))

        return handled

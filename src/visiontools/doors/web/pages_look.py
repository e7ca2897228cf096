"""How pages are made: templates that escape every text, and errors as pages of their own."""

from __future__ import annotations

import hashlib
import json
import re
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
from visiontools.translations import ENGLISH, NAMES, spoken, tr, trn
from visiontools.translations.forms import moment
from visiontools.types import Outcome
from visiontools.views.account import OUTCOME_WORDS
from visiontools.views.html import own

_HERE = Path(__file__).parent
_STATIC = _HERE / "static"
_SAID = re.compile(r"""\bt\(\s*("(?:[^"\\]|\\.)*")""")
_LED_ON_BY_THE_PAGE = (NOT_FOUND, UNKNOWN_RECORD)


@cache
def environment() -> Environment:
    """What templates are rendered in."""
    made = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_callables(tr, trn, newstyle=True)  # type: ignore[attr-defined]
    made.filters |= {"moment": moment, "tr": tr, "in_english": own, "choice": choice}
    made.globals |= {
        "static": static,
        "signed_in": CURRENT.get,
        "outcome_words": {each.value: OUTCOME_WORDS[each] for each in Outcome},
        "languages": NAMES,
        "spoken": spoken,
        "script_texts": script_texts,
    }
    return made


def choice(value: str) -> str:
    """One of the values a field can have, in words."""
    return NAMES.get(value) or tr(value.replace("_", " "))


def script_texts() -> str:
    """What the pages' scripts say, for them."""
    return texts_of(_STATIC)


def texts_of(folder: Path) -> str:
    """What a folder's scripts say in the language spoken now, as JSON; nothing in English."""
    if spoken() == ENGLISH:
        return "{}"
    return json.dumps({text: tr(text) for text in said_by_scripts(folder)}, ensure_ascii=False)


@cache
def said_by_scripts(folder: Path) -> tuple[str, ...]:
    """The English texts in a folder's scripts: what stands in ``t("...")``."""
    scripts = (path.read_text("utf-8") for path in sorted(folder.glob("*.js")))
    found = (json.loads(text) for script in scripts for text in _SAID.findall(script))
    return tuple(dict.fromkeys(found))


@cache
def static(name: str) -> str:
    """The address of a file of ours, another one for each version of it."""
    digest = hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()
    return f"/static/{name}?v={digest[:10]}"


def page(name: str, status: int = 200, **shown: Any) -> HTMLResponse:
    """A page from its template."""
    return HTMLResponse(environment().get_template(name).render(shown), status)


def problem_page(problem: ProblemError, scope: Scope) -> Response:
    """What went wrong, and what to do next, as a page."""
    shown = page(
        "problem.html",
        problem.kind.status,
        title=problem.kind.title,
        detail=problem.detail,
        next_step=None if problem.kind in _LED_ON_BY_THE_PAGE else problem.next,
        sign_in=sign_in_path(was_at(scope)) if _has_ended(problem, scope) else None,
    )
    return problem.carried_by(shown)


def _has_ended(problem: ProblemError, scope: Scope) -> bool:
    """Whether nothing but a sign-in of ours is missing."""
    reception = scope.get("visiontools.reception")
    ours = reception is not None and reception.web.sign_in in ("password", "oidc")
    return ours and problem.kind is SIGN_IN_NEEDED


def was_at(scope: Scope) -> str:
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

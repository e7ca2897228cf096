"""Signing in and out, as people meet it."""

from __future__ import annotations

import logging
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from visiontools.doors.api.problems import NOT_FOUND, TOO_MANY_TRIES, ProblemError
from visiontools.doors.web.pages_look import PageRoute, page
from visiontools.doors.web.signin.cookies import FLOW, FLOW_S, FORM, SESSION
from visiontools.doors.web.signin.flow import Flow, TokenError, refused
from visiontools.doors.web.signin.forms import said_in, token_for, with_token
from visiontools.doors.web.signin.passwords import Passwords
from visiontools.doors.web.signin.reception import Reception
from visiontools.doors.web.signin.returning import HOME, local_path
from visiontools.doors.web.signin.throttle import site_of
from visiontools.store.users import User, login_of
from visiontools.translations import marked, tr

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_WRONG = 403
T = TypeVar("T")
_log = logging.getLogger(__name__)


async def _reception(request: Request) -> Reception:
    reception: Reception = request.app.state.reception
    return reception


Desk = Annotated[Reception, Depends(_reception)]


@router.get("/sign-in")
async def sign_in_page(request: Request, desk: Desk, to: str | None = None) -> Response:
    """Where people say who they are; those who are known are led on."""
    if desk.web.sign_in in ("none", "iap"):
        return RedirectResponse(HOME, 303)
    if await desk.person(request) is not None:
        return RedirectResponse(local_path(to), 303)
    return _page(request, desk, to)


@router.post("/sign-in")
async def sign_in(request: Request, desk: Desk) -> Response:
    """By name and password."""
    passwords = only(desk.passwords)
    said = await said_in(request, desk.cookies)
    name, to = said.get("name", ""), said.get("to")
    wait = _wait(request, desk, name)
    if wait is not None:
        problem = tr("There were too many tries. Try again in %(wait)s seconds.", wait=wait)
        response = _page(request, desk, to, problem, TOO_MANY_TRIES.status, name)
        response.headers["Retry-After"] = str(wait)
        return response
    user = await _right(desk, passwords, name, said.get("password", ""))
    if user is None:
        _log.warning("Sign-in refused: name or password not right (from %s)", _site(request))
        problem = marked("The name or the password is not right.")
        return _page(request, desk, to, problem, _WRONG, name)
    desk.names.forget(login_of(name))
    desk.addresses.give_back(_site(request))
    return await signed_in(request, desk, user, to)


@router.get("/sign-in/begin")
async def begin(request: Request, desk: Desk, to: str | None = None) -> Response:
    """To the identity provider."""
    url, flow = await only(desk.oidc).begin(local_path(to))
    response = RedirectResponse(url, 303)
    desk.cookies.set(response, request, FLOW, flow.packed(), seconds=FLOW_S)
    return response


@router.get("/sign-in/back")
async def back(request: Request, desk: Desk) -> Response:
    """From the identity provider."""
    provider = only(desk.oidc)
    flow = Flow.of(desk.cookies.get(request, FLOW))
    try:
        person = await provider.finish(flow, request.query_params)
    except TokenError as error:
        _log.warning("Sign-in refused: the provider's token: %s", error)
        raise refused(f"What the provider sent is not accepted: {error}.") from None
    user = await desk.users.from_provider(person.issuer, person.subject, person.name)
    if user.disabled:
        raise refused(
            marked("This account is disabled here."), marked("Ask whoever runs this server.")
        )
    response = await signed_in(request, desk, user, flow.to)
    desk.cookies.drop(response, request, FLOW)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, desk: Desk) -> Response:
    """End the session, here and in the database."""
    token = desk.cookies.get(request, SESSION)
    if token:
        await desk.sessions.end(token)
    response = RedirectResponse("/sign-in", 303)
    desk.cookies.drop(response, request, SESSION)
    return response


async def signed_in(request: Request, desk: Reception, user: User, to: str | None) -> Response:
    """A new session, never one somebody else may know the token of; and on to the page."""
    old = desk.cookies.get(request, SESSION)
    if old:
        await desk.sessions.end(old)
    token = await desk.sessions.begin(user.id, desk.lasts)
    response = RedirectResponse(local_path(to), 303)
    lasts = int(desk.lasts.total_seconds())
    desk.cookies.set(response, request, SESSION, token, seconds=lasts)
    desk.cookies.drop(response, request, FORM)
    return response


def only(part: T | None) -> T:
    """What this way of signing in has. Raises ProblemError (404) for the others."""
    if part is None:
        raise ProblemError(NOT_FOUND, "People do not sign in here that way.", "Start at /")
    return part


def _wait(request: Request, desk: Reception, name: str) -> int | None:
    """Count a try of this address and of this name; seconds to wait, where there were too many."""
    wait = desk.addresses.take(_site(request))
    return wait if wait is not None else desk.names.take(login_of(name))


async def _right(desk: Reception, passwords: Passwords, name: str, password: str) -> User | None:
    """The user, if the password is theirs; for nobody it takes as long."""
    user = await desk.users.named(name)
    kept = await desk.users.password_hash(user.id if user else "")
    usable = kept if user is not None and not user.disabled else None
    return user if await passwords.right(password, usable) else None


def _site(request: Request) -> str:
    return site_of(request.scope.get("client"))


def _page(
    request: Request,
    desk: Reception,
    to: str | None,
    problem: str | None = None,
    status: int = 200,
    name: str = "",
) -> Response:
    token = token_for(request, desk.cookies)
    shown = page(
        "sign_in.html",
        status,
        to=local_path(to),
        token=token,
        problem=problem,
        typed=name,
        label=desk.web.oidc.label if desk.oidc is not None and desk.web.oidc else None,
    )
    return with_token(shown, request, desk.cookies, token)

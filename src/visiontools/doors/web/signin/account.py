"""A person's own page: who they are here, another password, and the way out."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from visiontools.doors.api.problems import SIGN_IN_FAILED, TOO_MANY_TRIES, UNFIT, ProblemError
from visiontools.doors.identity import Identity, identity_in
from visiontools.doors.web.pages_look import PageRoute, page
from visiontools.doors.web.signin.forms import said_in, token_for, with_token
from visiontools.doors.web.signin.pages import Desk, only, signed_in
from visiontools.doors.web.signin.passwords import SHORTEST, checked
from visiontools.doors.web.signin.reception import Reception
from visiontools.errors import UsageError
from visiontools.translations import marked, tr

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/account")
async def account(request: Request, desk: Desk) -> Response:
    """Who is signed in."""
    return _page(request, desk, identity_in(request.scope))


@router.post("/account/password")
async def change_password(request: Request, desk: Desk) -> Response:
    """Take another password; every other session of this person ends."""
    passwords = only(desk.passwords)
    said = await said_in(request, desk.cookies)
    person = identity_in(request.scope)
    try:
        wait = desk.names.take(person.owner)
        if wait is not None:
            what = tr("There were too many tries. Try again in %(wait)s seconds.", wait=wait)
            raise ProblemError(TOO_MANY_TRIES, what, retry_after=wait)
        kept = await desk.users.password_hash(person.owner)
        if not await passwords.right(said.get("password", ""), kept):
            raise ProblemError(SIGN_IN_FAILED, marked("The password you have now is not that."))
        new = checked(said.get("new", ""))
        if new != said.get("again"):
            raise ProblemError(UNFIT, marked("The new password is not the same in both fields."))
    except UsageError as error:
        return _page(request, desk, person, ProblemError(UNFIT, error.what, error.next))
    except ProblemError as problem:
        return _page(request, desk, person, problem)
    desk.names.forget(person.owner)
    await desk.users.set_password(person.owner, await passwords.hashed(new))
    user = await desk.users.find(person.owner)
    assert user is not None
    return await signed_in(request, desk, user, "/account?changed=1")


def _page(
    request: Request, desk: Reception, person: Identity, problem: ProblemError | None = None
) -> Response:
    token = token_for(request, desk.cookies)
    shown = page(
        "account.html",
        problem.kind.status if problem else 200,
        here="account",
        person=person,
        token=token,
        problem=problem,
        changed="changed" in request.query_params,
        has_password=desk.passwords is not None,
        shortest=SHORTEST,
    )
    return with_token(shown, request, desk.cookies, token)

"""Small forms of our own pages: read within limits, and believed only if our page sent them."""

from __future__ import annotations

import re
import secrets
from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from visiontools.doors.api.problems import (
    FORBIDDEN,
    MALFORMED,
    TOO_LARGE,
    UNSUPPORTED,
    ProblemError,
)
from visiontools.doors.web.signin.cookies import FORM, Cookies
from visiontools.translations import marked

TOKEN = "token"  # noqa: S105
"""The hidden field that has what the cookie has: another site's page knows neither."""
_LARGEST = 20_000
_MOST_FIELDS = 20
_KIND = "application/x-www-form-urlencoded"
_TOKEN_BYTES = 32
_SHAPE = re.compile(r"[A-Za-z0-9_-]{43}")


def token_for(request: Request, cookies: Cookies) -> str:
    """What the form on this page is to carry; the same in every tab of a browser."""
    kept = cookies.get(request, FORM) or ""
    return kept if _SHAPE.fullmatch(kept) else secrets.token_urlsafe(_TOKEN_BYTES)


def with_token(response: Response, request: Request, cookies: Cookies, token: str) -> Response:
    """The page, with its token kept by the browser, too."""
    cookies.set(response, request, FORM, token, strict=True)
    return response


async def said_in(request: Request, cookies: Cookies) -> dict[str, str]:
    """The form's fields. Raises ProblemError where no page of ours sent it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != _KIND:
        raise ProblemError(UNSUPPORTED, "This is not the form of the page.", "Use the page.")
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _LARGEST:
                raise ProblemError(TOO_LARGE, "The form is too large.", "Use the page.")
    except ClientDisconnect:
        raise ProblemError(MALFORMED, "The client left before its form was complete.") from None
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise ProblemError(MALFORMED, "The form cannot be read.", "Use the page.") from None
    said = dict(pairs)
    given, known = said.get(TOKEN, ""), cookies.get(request, FORM) or ""
    if not known or not secrets.compare_digest(given.encode(), known.encode()):
        raise ProblemError(
            FORBIDDEN,
            marked("The form is too old, or no page of this server made it."),
            marked(
                "Open the page again and send it anew; cookies must be allowed for this server."
            ),
        )
    return said

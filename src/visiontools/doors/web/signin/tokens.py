"""Signed tokens (JWT), verified: by whom, for whom, when, and by an algorithm we allow."""

from __future__ import annotations

import base64
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from joserfc.jwt import JWTClaimsRegistry

from visiontools.doors.web.signin.flow import TokenError

SKEW_S = 30
"""How far two clocks may be apart, either way (IAP's own allowance)."""
_LONGEST = 20_000
_LONGEST_SUBJECT = 255

Claims = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Expected:
    """What a token must say to be believed."""

    issuer: str
    audience: str
    algorithms: tuple[str, ...]


async def verified(
    token: str,
    keys: Callable[[str | None], Awaitable[KeySet]],
    expected: Expected,
    clock: Callable[[], float],
) -> Claims:
    """The claims of a token that is as expected. Raises TokenError.

    Addresses of keys in the token itself (``jku``, ``x5u``) are never looked at.
    """
    if len(token) > _LONGEST or not token.isascii():
        raise TokenError("it is no token")
    header = _header(token)
    if header.get("alg") not in expected.algorithms:
        raise TokenError("it is signed by an algorithm that is not allowed")
    kid = header.get("kid")
    if kid is not None and not isinstance(kid, str):
        raise TokenError("it names its key in no way we know")
    known = await keys(kid)
    registry = JWSRegistry(algorithms=list(expected.algorithms), strict_check_header=False)
    try:
        claims: Claims = jwt.decode(token, known, registry=registry).claims
        _rules(expected, clock).validate(claims)
    except JoseError as error:
        raise TokenError(f"it is not valid ({error.error})") from None
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        raise TokenError("it cannot be read") from None
    if not 0 < len(claims["sub"]) <= _LONGEST_SUBJECT:
        raise TokenError("it names nobody")
    return claims


def _rules(expected: Expected, clock: Callable[[], float]) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        now=lambda: int(clock()),
        leeway=SKEW_S,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.audience},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
    )


def _header(token: str) -> dict[str, Any]:
    part = token.partition(".")[0]
    try:
        header = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (ValueError, RecursionError):
        raise TokenError("it is no token") from None
    if not isinstance(header, dict):
        raise TokenError("it is no token")
    return header

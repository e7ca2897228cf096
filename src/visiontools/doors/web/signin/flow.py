"""One sign-in at a provider, from the browser's leaving to its coming back."""

from __future__ import annotations

import base64
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Self

from visiontools.doors.api.problems import SIGN_IN_FAILED, ProblemError
from visiontools.doors.web.signin.returning import local_path
from visiontools.translations import marked

if TYPE_CHECKING:
    from visiontools.doors.web.signin.provider import Provider

_ERROR = re.compile(r"[a-z_]{1,60}")
_LONGEST_CODE = 4000


class TokenError(Exception):
    """A signed token proves nothing; the words say why, and hold nothing of it."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What the browser alone carries, in a cookie no script and no other host can read or set."""

    state: str
    nonce: str
    verifier: str
    to: str

    def packed(self) -> str:
        """As a cookie's value."""
        return base64.urlsafe_b64encode(json.dumps(astuple(self)).encode()).decode()

    @classmethod
    def of(cls, packed: str | None) -> Self:
        """From a cookie. Raises ProblemError where there is none, or one that is not ours."""
        try:
            state, nonce, verifier, to = json.loads(base64.urlsafe_b64decode(packed or ""))
        except (ValueError, TypeError, RecursionError):
            raise _stale() from None
        if not all(isinstance(each, str) and each for each in (state, nonce, verifier, to)):
            raise _stale()
        return cls(state, nonce, verifier, local_path(to))


def answered(flow: Flow, query: Mapping[str, str], provider: Provider) -> str:
    """The code in the provider's answer. Raises ProblemError where it answers something else."""
    state = query.get("state", "")
    if not secrets.compare_digest(state.encode(), flow.state.encode()):
        raise _stale()
    named = query.get("iss")
    if named != provider.issuer and (named is not None or provider.names_itself):
        raise refused("Another provider answered than was asked.")
    error = query.get("error")
    if error is not None:
        told = error if _ERROR.fullmatch(error) else "no reason we know"
        raise refused(f"The provider did not let you in ({told}).")
    code = query.get("code", "")
    if not 0 < len(code) <= _LONGEST_CODE:
        raise refused("The provider's answer is incomplete.")
    return code


def refused(what: str, next: str = "Sign in again.") -> ProblemError:
    """The sign-in ends here."""
    return ProblemError(SIGN_IN_FAILED, what, next)


def _stale() -> ProblemError:
    return refused(marked("This sign-in was begun in another browser or tab, or too long ago."))

"""Whose request it is: found out once at the gate, read wherever it matters."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

from visiontools.types import LOCAL_OWNER

IN_SCOPE = "visiontools.identity"
"""Where the gate leaves it in an ASGI scope."""

Scope = Literal["read", "run", "delete"]
SCOPES: tuple[Scope, ...] = ("read", "run", "delete")
"""What an API key may be made for."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody who may come in. ``owner`` names them in records, and is never given to another.

    ``way`` is how they are known; ``scopes`` what a key is limited to; ``session`` the token of a
    session, for ending it.
    """

    owner: str
    name: str
    way: Literal["none", "session", "key", "iap"]
    scopes: tuple[str, ...] = SCOPES
    session: str | None = field(default=None, repr=False)


LOCAL = Identity(LOCAL_OWNER, "this machine's owner", "none")
"""Everybody, where there is no sign-in."""


CURRENT: ContextVar[Identity | None] = ContextVar("visiontools.identity", default=None)
"""For what has no scope at hand, such as the head of every page."""


def identity_in(scope: Mapping[str, Any]) -> Identity:
    """Whom the gate let in. KeyError, which is a fault of ours, where it was gone round."""
    identity: Identity = scope[IN_SCOPE]
    return identity

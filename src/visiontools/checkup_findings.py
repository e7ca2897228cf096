"""What a check of an endpoint finds, one finding a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from visiontools.errors import (
    ConfigurationError,
    CredentialsError,
    OverloadedError,
    UnknownModelError,
    UnreachableError,
    VisiontoolsError,
)

State = Literal["ok", "failed", "unknown"]
Name = Literal[
    "installed",
    "settings",
    "reachable",
    "signed in",
    "model",
    "text",
    "json",
    "picture",
    "speed",
    "guard",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``fix`` is what to do where it is not ``ok``."""

    name: Name
    state: State
    detail: str
    fix: str = ""


def failure(error: VisiontoolsError, name: Name) -> Finding:
    """The finding an error makes, filed under what it is about."""
    if isinstance(error, ConfigurationError):
        name = "settings"
    elif isinstance(error, CredentialsError):
        name = "signed in"
    elif isinstance(error, UnknownModelError):
        name = "model"
    elif isinstance(error, UnreachableError | OverloadedError):
        name = "reachable"
    return Finding(name, "failed", error.what, error.next)

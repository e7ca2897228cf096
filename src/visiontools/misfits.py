"""What does not fit a schema, in words for a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError


def misfits(error: ValidationError) -> str:
    """Every field that does not fit and why, without the values, which may be secret."""
    told = error.errors(include_input=False, include_url=False, include_context=False)
    return "; ".join(map(_misfit, told))


def _misfit(told: Mapping[str, Any]) -> str:
    where = ".".join(map(str, told["loc"]))
    if told["type"] == "extra_forbidden":
        why = "no such name is known here"
    else:
        why = told["msg"].removeprefix("Value error, ")
    return f"{where}: {why}" if where else why

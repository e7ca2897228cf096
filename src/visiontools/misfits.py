"""What does not fit a schema, in words for a person."""

from __future__ import annotations

from pydantic import ValidationError


def misfits(error: ValidationError) -> str:
    """Every field that does not fit and why, without the values, which may be secret."""
    return "; ".join(
        f"{'.'.join(map(str, told['loc'])) or 'top'}: {told['msg'].removeprefix('Value error, ')}"
        for told in error.errors(include_input=False, include_url=False, include_context=False)
    )

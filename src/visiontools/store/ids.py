"""Ids that come from outside."""

from __future__ import annotations

import uuid

from visiontools.errors import UsageError


def uuid_of(given: str, what: str) -> str:
    """The UUID as we write it. UsageError for what is none; ``what`` it was to name."""
    try:
        return str(uuid.UUID(given))
    except (ValueError, AttributeError, TypeError):
        raise UsageError(f"There is no such {what}: its id is no UUID.") from None

"""Exit statuses: programs rely on them, so they change only with a version."""

from __future__ import annotations

from visiontools.errors import VisiontoolsError
from visiontools.types import Outcome

USAGE = 2
CANCELLED = 17
OF_OUTCOME = {
    Outcome.ANSWERED: 0,
    Outcome.PARTLY: 0,
    Outcome.CANNOT_TELL: 10,
    Outcome.WRONG_PICTURE: 11,
    Outcome.REFUSED: 12,
    Outcome.BLOCKED: 13,
    Outcome.INVALID: 14,
    Outcome.UNAVAILABLE: 15,
    Outcome.UNUSABLE: 16,
    Outcome.CANCELLED: CANCELLED,
}


def status_of(error: VisiontoolsError) -> int:
    """The status of an error that no record tells of: usage, unless it has an outcome."""
    return USAGE if error.outcome is None else OF_OUTCOME[error.outcome]

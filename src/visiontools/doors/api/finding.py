"""A record by its id, of this owner only."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path

from visiontools.doors.api.problems import UNKNOWN_RECORD, ProblemError
from visiontools.errors import ConfigurationError, UsageError
from visiontools.pipeline import Pipeline
from visiontools.types import Record

RecordId = Annotated[str, Path(description="a record's whole id", max_length=100)]
_ID_LENGTH = 36
_NEXT = "GET /api/v1/records lists yours."


async def found(pipeline: Pipeline, owner: str, record_id: str) -> Record:
    """The owner's record. Raises ProblemError (404), the same whoever else may have it."""
    check_id(record_id)
    try:
        return await pipeline.records.find(owner, record_id)
    except ConfigurationError:
        raise
    except UsageError as error:
        raise ProblemError(UNKNOWN_RECORD, error.what, _NEXT) from None


def check_id(record_id: str) -> None:
    """Programs name records by their whole id: a shortened one may mean another tomorrow."""
    if len(record_id) != _ID_LENGTH:
        raise ProblemError(UNKNOWN_RECORD, f"There is no record '{record_id}'.", _NEXT)

"""Past runs: listed, shown, their pictures, and deleted for good."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, Field
from starlette.responses import Response

from visiontools.doors.api.depends import OpenPipeline, Owner
from visiontools.doors.api.documented import problem_responses
from visiontools.doors.api.finding import RecordId, check_id, found
from visiontools.doors.api.problems import (
    UNFIT,
    UNKNOWN_PICTURE,
    UNKNOWN_RECORD,
    Misfit,
    ProblemError,
)
from visiontools.errors import ConfigurationError, UsageError
from visiontools.store.search import Search, after, cursor_of
from visiontools.types import Outcome, Picture, Record

router = APIRouter(tags=["records"])
_KINDS = {"image/jpeg": "jpg", "image/png": "png"}
_PICTURES: dict[str, dict[str, dict[str, str]]] = {
    kind: {"schema": {"type": "string", "format": "binary"}} for kind in _KINDS
}


class RecordsOut(BaseModel):
    """One page of records, newest first."""

    records: list[Record]
    next: str | None = Field(description="the cursor of the next page; null on the last")


class Wanted(BaseModel):
    """Which records are listed."""

    tool: str | None = Field(default=None, max_length=40)
    outcome: Outcome | None = None
    since: AwareDatetime | None = Field(default=None, description="made then or later")
    until: AwareDatetime | None = Field(default=None, description="made before then")
    q: str | None = Field(default=None, max_length=200, description="words that must all be in it")
    limit: int = Field(default=50, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=200, description="where a page ended")


@router.get("/records", responses=problem_responses(), summary="Search your records")
async def list_records(
    wanted: Annotated[Wanted, Query()], owner: Owner, pipeline: OpenPipeline
) -> RecordsOut:
    """Your records, newest first, a page at a time."""
    search = Search(
        tool=wanted.tool,
        outcome=wanted.outcome,
        since=_utc(wanted.since),
        until=_utc(wanted.until),
        words=tuple((wanted.q or "").split()),
        after=_after(wanted.cursor),
    )
    page = await pipeline.records.search(owner, search, wanted.limit + 1)
    shown = page[: wanted.limit]
    more = cursor_of(shown[-1]) if len(page) > wanted.limit else None
    return RecordsOut(records=shown, next=more)


@router.get(
    "/records/{record_id}",
    response_model=Record,
    responses=problem_responses(),
    summary="Show one record",
)
async def show_record(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> Record:
    """The whole record."""
    return await found(pipeline, owner, record_id)


@router.delete(
    "/records/{record_id}",
    status_code=204,
    response_class=Response,
    responses=problem_responses(),
    summary="Delete one record for good",
)
async def delete_record(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> Response:
    """Its row, its text in the database's files, and pictures no other record of yours shows."""
    check_id(record_id)
    try:
        await pipeline.records.delete(owner, record_id)
    except ConfigurationError:
        raise
    except UsageError as error:
        raise ProblemError(UNKNOWN_RECORD, error.what) from None
    return Response(status_code=204)


@router.get(
    "/records/{record_id}/pictures/{number}",
    response_class=Response,
    responses={
        200: {"description": "The picture as it was sent to the observer", "content": _PICTURES},
        **problem_responses(),
    },
    summary="Show a record's picture",
)
async def show_picture(
    record_id: RecordId,
    number: int,
    owner: Owner,
    pipeline: OpenPipeline,
    *,
    download: Annotated[bool, Query(description="offer it as a file to save")] = False,
) -> Response:
    """A picture of the record, counted from 1: upright, without metadata, encoded by us."""
    record = await found(pipeline, owner, record_id)
    picture = _picture(await _pictures(pipeline, record), number)
    name = f"{record.tool}-{record.id[:8]}-{number}.{_KINDS[picture.media_type]}"
    how = "attachment" if download else "inline"
    headers = {"Content-Disposition": f'{how}; filename="{name}"'}
    return Response(picture.data, headers=headers, media_type=picture.media_type)


async def _pictures(pipeline: OpenPipeline, record: Record) -> tuple[Picture, ...]:
    try:
        return await pipeline.records.pictures(record)
    except ConfigurationError:
        raise
    except UsageError as error:
        raise ProblemError(UNKNOWN_PICTURE, error.what) from None


def _picture(pictures: tuple[Picture, ...], number: int) -> Picture:
    if not 1 <= number <= len(pictures):
        raise ProblemError(
            UNKNOWN_PICTURE,
            f"The record has no picture {number}.",
            f"It has {len(pictures)}, counted from 1.",
        )
    return pictures[number - 1]


def _utc(moment: dt.datetime | None) -> dt.datetime | None:
    try:
        return moment.astimezone(dt.UTC) if moment else None
    except OverflowError:
        raise ProblemError(UNFIT, "A moment of since or until is out of this calendar.") from None


def _after(cursor: str | None) -> tuple[dt.datetime, str] | None:
    if cursor is None:
        return None
    try:
        return after(cursor)
    except ValueError:
        misfit = Misfit(pointer="/query/cursor", detail="it is not one of ours")
        what = "The cursor is none that a page of records gave."
        raise ProblemError(UNFIT, what, "Start without one.", [misfit]) from None

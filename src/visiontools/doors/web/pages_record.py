"""One record: its card, its evidence, the report, and deleting it for good."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from visiontools.doors.api.depends import OpenPipeline, Owner
from visiontools.doors.api.finding import RecordId, found
from visiontools.doors.api.problems import UNFIT, ProblemError
from visiontools.doors.sheet import rows_of
from visiontools.doors.web.pages_cards import (
    asks_whom,
    can_be_asked,
    card_of,
    pictures_of,
    title_of,
    was_kept,
)
from visiontools.doors.web.pages_evidence import evidence_of
from visiontools.doors.web.pages_look import PageRoute, page
from visiontools.doors.web.pages_running import FreeRoom
from visiontools.doors.web.pages_sent import texts_of
from visiontools.translations import marked
from visiontools.views.sheet import written

router = APIRouter(prefix="/records/{record_id}", route_class=PageRoute)


@router.get("")
async def show_record(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> HTMLResponse:
    """The card with everything behind it."""
    record = await found(pipeline, owner, record_id)
    tool = pipeline.tools.get(record.tool)
    return page(
        "record.html",
        record=record,
        title=title_of(tool, record),
        card=card_of(pipeline, record),
        evidence=evidence_of(record, tool),
        asks=was_kept(record) and can_be_asked(pipeline, record),
    )


@router.get("/card")
async def show_card(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> HTMLResponse:
    """The card alone, as a fragment."""
    record = await found(pipeline, owner, record_id)
    return HTMLResponse(str(card_of(pipeline, record)))


@router.get("/report")
async def show_report(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> HTMLResponse:
    """Card and evidence to print."""
    record = await found(pipeline, owner, record_id)
    tool = pipeline.tools.get(record.tool)
    return page(
        "report.html",
        record=record,
        title=title_of(tool, record),
        card=card_of(pipeline, record, acting=False),
        evidence=evidence_of(record, tool),
    )


@router.get("/csv")
async def show_csv(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> Response:
    """The answer as its tool lays it out for a spreadsheet, or every field on a line of its own."""
    record = await found(pipeline, owner, record_id)
    rows = rows_of(record, pipeline.tools.get(record.tool))
    name = f"{record.tool}-{record.id[:8]}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written(rows), media_type="text/csv; charset=utf-8", headers=headers)


@router.post("/ask")
async def ask_on(
    record_id: RecordId,
    request: Request,
    owner: Owner,
    pipeline: OpenPipeline,
    room: FreeRoom,
) -> Response:
    """A further question without a script; leads to its record."""
    record = await found(pipeline, owner, record_id)
    texts, _ = await texts_of(request, room.desk.web)
    ask = texts.get("ask", [""])[-1].strip()
    if not ask:
        raise ProblemError(
            UNFIT, marked("The question is empty."), marked("Go back and write one.")
        )
    run = await pipeline.follow_up(owner, record.id, ask, asks_whom(pipeline, record))
    further = await room.record(run)
    return RedirectResponse(f"/records/{further.id}", 303)


@router.get("/delete")
async def confirm(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> HTMLResponse:
    """What goes with it, before it goes."""
    record = await found(pipeline, owner, record_id)
    title = title_of(pipeline.tools.get(record.tool), record)
    pictures = len(pictures_of(record))
    return page("delete.html", record=record, title=title, pictures=pictures)


@router.post("/delete")
async def delete(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> Response:
    """Delete it for good."""
    record = await found(pipeline, owner, record_id)
    await pipeline.records.delete(owner, record.id)
    return RedirectResponse("/records?deleted=1", 303)

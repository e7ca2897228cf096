"""Putting an observation right, or saying what is seen where nobody could."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from visiontools.doors.api.depends import OpenPipeline, Owner
from visiontools.doors.api.finding import RecordId, found
from visiontools.doors.api.problems import UNFIT, UNKNOWN_TOOL, ProblemError, problem_of
from visiontools.doors.web.pages_cards import can_be_put_right, pictures_of
from visiontools.doors.web.pages_look import PageRoute, page
from visiontools.doors.web.pages_running import FreeRoom
from visiontools.doors.web.pages_seen import seen_fields, seen_in
from visiontools.doors.web.pages_sent import texts_of
from visiontools.errors import VisiontoolsError
from visiontools.pipeline import Pipeline
from visiontools.registry import AnyTool
from visiontools.translations import marked
from visiontools.types import Record

router = APIRouter(prefix="/records/{record_id}/correct", route_class=PageRoute)


@router.get("")
async def form(record_id: RecordId, owner: Owner, pipeline: OpenPipeline) -> HTMLResponse:
    """The form with what was seen, to be put right."""
    record = await found(pipeline, owner, record_id)
    return _page(record, _tool(pipeline, record), record.observation)


@router.post("")
async def correct(
    record_id: RecordId, request: Request, owner: Owner, pipeline: OpenPipeline, room: FreeRoom
) -> Response:
    """Decide anew and lead to the new record, which stands beside the one put right."""
    record = await found(pipeline, owner, record_id)
    tool = _tool(pipeline, record)
    texts, _ = await texts_of(request, room.desk.web)
    seen = record.observation
    try:
        seen = seen_in(tool, texts)
        run = await pipeline.correct(owner, record.id, seen)
        made = await room.record(run)
    except VisiontoolsError as error:
        return _page(record, tool, seen, problem_of(error))
    except ProblemError as problem:
        return _page(record, tool, seen, problem)
    return RedirectResponse(f"/records/{made.id}", 303)


def _tool(pipeline: Pipeline, record: Record) -> AnyTool:
    """The record's tool. Raises ProblemError where it is gone, or nothing can be put right."""
    tool = pipeline.tools.get(record.tool)
    if tool is None:
        what = f"The tool '{record.tool}' is not here any more."
        raise ProblemError(UNKNOWN_TOOL, what, "Install it again to decide anew.")
    if not can_be_put_right(record):
        what = "Nothing of what was handed in was kept to put anything right by."
        raise ProblemError(UNFIT, what, marked("Run the tool on it again."))
    return tool


def _page(
    record: Record,
    tool: AnyTool,
    seen: dict[str, object] | None,
    problem: ProblemError | None = None,
) -> HTMLResponse:
    return page(
        "correct.html",
        problem.kind.status if problem else 200,
        record=record,
        tool=tool,
        pictures=pictures_of(record),
        seen=seen_fields(tool, seen),
        problem=problem,
    )

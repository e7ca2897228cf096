"""For those who watch the server: is it alive, can it work, what has it done."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from visiontools.doors.api.depends import OpenPipeline, SharedDesk
from visiontools.doors.api.documented import problem_responses
from visiontools.doors.api.problems import NOT_READY, ProblemError

router = APIRouter(tags=["operation"])
_NOBODY = ""


class Health(BaseModel):
    """It is."""

    status: Literal["ok"] = "ok"


@router.get("/healthz", responses=problem_responses(), summary="Is the process alive?")
async def healthz() -> Health:
    """Answers while the process does."""
    return Health()


@router.get("/readyz", responses=problem_responses(), summary="Can it take requests?")
async def readyz(pipeline: OpenPipeline, desk: SharedDesk) -> Health:
    """Answers with a problem while the records cannot be reached, or the server is stopping."""
    if desk.running.stopping:
        raise ProblemError(NOT_READY, "This server is stopping.")
    await pipeline.records.list(_NOBODY, limit=1)
    return Health()


@router.get(
    "/metrics",
    response_class=Response,
    responses={
        200: {
            "description": "Counters in Prometheus's text format",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **problem_responses(),
    },
    summary="What has it done?",
)
async def metrics(request: Request, desk: SharedDesk) -> Response:
    """Runs by tool and outcome, seconds by step, tokens, problems: no content, no names."""
    body, media_type = desk.metrics.exposition(request.headers.get("accept"))
    return Response(body, media_type=media_type)

"""Running a tool, and asking on, correcting or replaying from a record."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import Response

from visiontools.doors.api.answering import FinishedStream, RunResponse, record_response
from visiontools.doors.api.depends import OpenPipeline, Owner, SharedDesk
from visiontools.doors.api.desk import Desk
from visiontools.doors.api.documented import RUN_RESPONSES, run_form
from visiontools.doors.api.finding import RecordId, found
from visiontools.doors.api.form import Fields, Form, RunFields, check_media_type, read_form
from visiontools.doors.api.negotiate import wants_events
from visiontools.doors.api.problems import (
    RECORD_GONE,
    UNFIT,
    UNKNOWN_TOOL,
    ProblemError,
    unfit,
)
from visiontools.doors.api.walking import KEY_HEADER, Claimed, claim, walked
from visiontools.errors import UsageError
from visiontools.pipeline import Pipeline
from visiontools.registry import AnyTool
from visiontools.running import Run
from visiontools.types import Request as Wanted

router = APIRouter(tags=["runs"])


@dataclass(frozen=True, slots=True)
class _Caller:
    """A request for a run, admitted but not yet read."""

    request: Request
    owner: str
    pipeline: Pipeline
    desk: Desk
    stream: bool

    async def answer(self, form: Form[Any], begin: Callable[[], Awaitable[Run]]) -> Response:
        """The run's answer; or the earlier one's, where the key says that this is a repetition."""
        key = self.request.headers.get(KEY_HEADER)
        claimed = await claim(self.desk, self.owner, key, form.digest)
        if not isinstance(claimed, Claimed):
            return await self._replayed(claimed)
        try:
            run = await begin()
        except BaseException:
            await claimed.finish(None)
            raise
        return RunResponse(
            run,
            walked(run, claimed),
            stream=self.stream,
            keep_alive_s=self.desk.web.keep_alive_s,
        )

    async def _replayed(self, record_id: str) -> Response:
        try:
            record = await self.pipeline.records.find(self.owner, record_id)
        except UsageError as error:
            raise ProblemError(
                RECORD_GONE,
                f"The record {record_id}, which this key led to, is gone: {error.what}",
                "Send the request with a new key.",
            ) from None
        return FinishedStream(record) if self.stream else record_response(record, replayed=True)


async def _admitted(
    request: Request, owner: Owner, pipeline: OpenPipeline, desk: SharedDesk
) -> AsyncGenerator[_Caller]:
    """Who asks for a run, once it is clear that one may begin; nothing of the body is read yet.

    Its room is held until the answer is sent.
    """
    stream = wants_events(request.headers.get("accept"))
    check_media_type(request)
    with desk.running.place():
        await desk.charge(owner)
        yield _Caller(request, owner, pipeline, desk, stream)


Caller = Annotated[_Caller, Depends(_admitted)]


@router.post(
    "/tools/{tool}/runs",
    response_class=Response,
    responses=RUN_RESPONSES,
    openapi_extra=run_form(RunFields, pictures=1),
    summary="Run a tool on pictures",
)
async def run_tool(tool: str, caller: Caller) -> Response:
    """Answer with the record, or with events on the way to it; a client that leaves stops it."""
    chosen = known(caller.pipeline, tool)
    form = await read_form(caller.request, RunFields, caller.desk.web)
    fields = form.fields
    if not form.uploads:
        raise ProblemError(
            UNFIT,
            f"{chosen.title} needs {chosen.wants}.",
            "Send one or more files as 'picture'.",
        )
    check_options(chosen, fields.options)

    async def begin() -> Run:
        return caller.pipeline.run(
            Wanted(
                tool=chosen.name,
                uploads=form.uploads,
                ask=fields.ask,
                options=fields.options,
                endpoint=fields.endpoint,
                observation=fields.observation,
                owner=caller.owner,
                again=fields.again,
                local_only=fields.local_only,
                partials=caller.stream,
            )
        )

    return await caller.answer(form, begin)


@router.post(
    "/records/{record_id}/runs",
    response_class=Response,
    responses=RUN_RESPONSES,
    openapi_extra=run_form(Fields, pictures=0),
    summary="Ask on, correct, or replay",
)
async def run_again(record_id: RecordId, caller: Caller) -> Response:
    """A run that comes of a record, with a record of its own.

    With `ask` it is a further question (and `picture` a further picture to look at beside it),
    with `observation` a correction, and with neither the same is asked again.
    """
    pipeline, owner = caller.pipeline, caller.owner
    record = await found(pipeline, owner, record_id)
    form = await read_form(caller.request, Fields, caller.desk.web)
    fields = form.fields
    if fields.ask and fields.observation is not None:
        what = "A further question and a correction are two requests."
        raise ProblemError(UNFIT, what, "Send either 'ask' or 'observation'.")
    if form.uploads and not fields.ask:
        what = "A further picture needs a question about it."
        raise ProblemError(UNFIT, what, "Send it as 'ask'; or run the tool on the picture.")

    async def begin() -> Run:
        if fields.ask:
            return await pipeline.follow_up(
                owner,
                record.id,
                fields.ask,
                fields.endpoint,
                uploads=form.uploads,
                local_only=fields.local_only,
            )
        if fields.observation is not None:
            return await pipeline.correct(
                owner,
                record.id,
                fields.observation,
                fields.endpoint,
                local_only=fields.local_only,
            )
        return await pipeline.replay(
            owner, record.id, fields.endpoint, local_only=fields.local_only
        )

    return await caller.answer(form, begin)


def known(pipeline: Pipeline, tool: str) -> AnyTool:
    """The tool of that name. Raises ProblemError (404)."""
    try:
        return pipeline.tools.find(tool)
    except UsageError as error:
        raise ProblemError(UNKNOWN_TOOL, error.what, error.next) from None


def check_options(tool: AnyTool, given: Mapping[str, Any]) -> None:
    """Say which options do not fit, and keep strangers from naming files of this machine."""
    try:
        options = tool.options.model_validate(dict(given))
    except ValidationError as error:
        listed = ", ".join(f.alias or name for name, f in tool.options.model_fields.items())
        hint = f"Its options are: {listed}." if listed else "It takes none."
        what = f"The options of {tool.title} do not fit"
        raise unfit(what, error, "/options", hint) from None
    if tool.reads_files(options):
        raise ProblemError(
            UNFIT,
            f"These options of {tool.title} name a file on the server, which requests may not.",
            "Leave it out, or use 'visiontools run' on the server's machine.",
        )

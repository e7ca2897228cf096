"""The workbench: choose a tool, hand in pictures, get the card.

Its script is a client of the API. Without a script a plain form does the same and leads to the
record's own page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from visiontools.doors.api.depends import OpenPipeline, SharedDesk
from visiontools.doors.api.problems import UNFIT, ProblemError, problem_of
from visiontools.doors.api.runs import check_options, known
from visiontools.doors.describe import reader_can, wants
from visiontools.doors.steps import STEP_WORDS
from visiontools.doors.web.forms import Field
from visiontools.doors.web.pages_look import PageRoute, page
from visiontools.doors.web.pages_running import FreeRoom, Room
from visiontools.doors.web.pages_samples import (
    observation_of,
    sample_of,
    samples_of,
    small_size,
    upload_of,
)
from visiontools.doors.web.pages_seen import OPTION, SEEN, option_fields, said_in, seen_fields
from visiontools.doors.web.pages_sent import texts_of
from visiontools.doors.web.pages_who import who_can_look
from visiontools.errors import VisiontoolsError
from visiontools.observers import PERSON
from visiontools.pipeline import Pipeline
from visiontools.registry import AnyTool
from visiontools.translations import ENGLISH, spoken, tr
from visiontools.types import Record, Upload
from visiontools.types import Request as Wanted
from visiontools.web_settings import WebSettings

router = APIRouter(route_class=PageRoute)
_ACCEPTED = {"picture": "image/*,.heic,.heif", "text": "text/*,.txt,.eml,.mbox,.json"}


@router.get("/")
async def home(pipeline: OpenPipeline) -> HTMLResponse:
    """The workbench with the first tool."""
    return _workbench(pipeline, _in_order(pipeline)[0])


@router.get("/tools/{tool}")
async def workbench(
    tool: str, pipeline: OpenPipeline, sample: int | None = None, looks: str | None = None
) -> HTMLResponse:
    """The workbench with this tool; ``sample`` has its form filled in with what is seen there."""
    chosen = known(pipeline, tool)
    seen = observation_of(sample_of(chosen, sample)) if sample is not None else None
    return _workbench(pipeline, chosen, _Kept(seen=seen, by=PERSON if seen else looks))


@router.post("/tools/{tool}/said")
async def said(tool: str, request: Request, pipeline: OpenPipeline, desk: SharedDesk) -> Response:
    """Options and observation of the form as JSON, for the script to send to the API."""
    chosen = known(pipeline, tool)
    try:
        form = await _Form.of(request, chosen, desk.web)
        check_options(chosen, form.options)
        return JSONResponse({"options": form.options, "observation": form.observation})
    except VisiontoolsError as error:
        return problem_of(error).response
    except ProblemError as problem:
        return problem.response


@dataclass(frozen=True, slots=True)
class _Form:
    """The workbench's form as it was sent."""

    uploads: tuple[Upload, ...]
    ask: str | None
    looks: str
    options: dict[str, Any]
    observation: dict[str, Any] | None
    sample: int | None
    text: str

    @classmethod
    async def of(cls, request: Request, tool: AnyTool, web: WebSettings) -> _Form:
        """Raises UsageError where what was filled in makes no sense."""
        texts, uploads = await texts_of(request, web)
        written = texts.get("text", [""])[-1]
        if written.strip():
            uploads = (*uploads, Upload(written.encode(), "text.txt"))
        looks = texts.get("looks", [""])[-1]
        sample = texts.get("sample", [""])[-1]
        found = said_in(tool, texts, seen=looks == PERSON)
        return cls(
            uploads=uploads,
            ask=texts.get("ask", [""])[-1].strip() or None,
            looks=looks,
            options=found[OPTION],
            observation=found[SEEN],
            sample=int(sample) if sample.isascii() and sample.isdecimal() else None,
            text=written,
        )


@dataclass(slots=True)
class _Sender:
    """A person without a script: what they sent, and the page that says so again."""

    pipeline: Pipeline
    tool: AnyTool
    room: Room
    kept: _Kept = field(default_factory=lambda: _Kept())

    async def record(self, request: Request) -> Record:
        form = await _Form.of(request, self.tool, self.room.desk.web)
        self.kept = _Kept(form.options, form.observation, form.ask, form.looks, form.text)
        uploads, seen = form.uploads, form.observation
        if form.sample is not None:
            sample = sample_of(self.tool, form.sample)
            uploads = (upload_of(sample),)
            seen = observation_of(sample) if form.looks == PERSON else None
        if not uploads:
            raise ProblemError(UNFIT, tr("Nothing was handed in."), f"{wants(self.tool)}.")
        if form.looks == PERSON and seen is None:
            what = tr("Nothing is said yet of what is seen.")
            raise ProblemError(UNFIT, what, tr("Fill it in below, and choose the file again."))
        check_options(self.tool, form.options)
        run = self.pipeline.run(
            Wanted(
                tool=self.tool.name,
                uploads=uploads,
                ask=form.ask,
                options=form.options,
                endpoint=None if form.looks in ("", PERSON) else form.looks,
                observation=seen,
                owner=self.room.owner,
            )
        )
        return await self.room.record(run)


async def _sender(tool: str, pipeline: OpenPipeline, room: FreeRoom) -> _Sender:
    return _Sender(pipeline, known(pipeline, tool), room)


@router.post("/tools/{tool}")
async def run(request: Request, sender: Annotated[_Sender, Depends(_sender)]) -> Response:
    """Run the tool and lead to the record; what keeps it from beginning is said on the page."""
    try:
        record = await sender.record(request)
    except VisiontoolsError as error:
        problem = problem_of(error)
    except ProblemError as raised:
        problem = raised
    else:
        return RedirectResponse(f"/records/{record.id}", 303)
    return _workbench(sender.pipeline, sender.tool, sender.kept, problem)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stands in the form when the page comes back."""

    options: Mapping[str, Any] | None = None
    seen: Mapping[str, Any] | None = None
    ask: str | None = None
    by: str | None = None
    text: str | None = None


def _workbench(
    pipeline: Pipeline,
    tool: AnyTool,
    kept: _Kept | None = None,
    problem: ProblemError | None = None,
) -> HTMLResponse:
    kept = kept or _Kept()
    who = who_can_look(pipeline, tool, kept.by or None)
    settings = pipeline.settings
    options: Sequence[Field] = option_fields(tool, kept.options)
    return page(
        "workbench.html",
        problem.kind.status if problem else 200,
        tools=[(each, reader_can(each)) for each in _in_order(pipeline)],
        tool=tool,
        samples=[
            (number, sample, small_size(sample)) for number, sample in enumerate(samples_of(tool))
        ],
        who=who,
        options=options,
        seen=seen_fields(tool, kept.seen) if who.is_a_person else (),
        ask=kept.ask or "",
        text=kept.text or "",
        accepts=",".join(_ACCEPTED[kind] for kind in tool.takes),
        problem=problem,
        words={name: tr(words) for name, words in STEP_WORDS.items()},
        wants=wants(tool),
        only_english=_only_english(tool, bool(who.models)),
        most_bytes=settings.web.max_request_bytes,
        most_pictures=settings.web.max_pictures,
    )


def _only_english(tool: AnyTool, asks_a_model: bool) -> bool:
    """Whether somebody may expect a vision model to speak another language than English."""
    if not asks_a_model or "picture" not in tool.takes:
        return False
    return spoken() != ENGLISH or "language" in tool.options.model_fields


def _in_order(pipeline: Pipeline) -> list[AnyTool]:
    """Those that need nothing but the built-in reader first."""
    return sorted(pipeline.tools.values(), key=lambda tool: (not reader_can(tool), tool.name))

"""The sample pictures of the tools, whole and small, from a clone or from an installed package."""

from __future__ import annotations

import asyncio
import io
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from PIL import Image
from starlette.responses import Response

from visiontools.data import examples_folder
from visiontools.doors.api.depends import OpenPipeline
from visiontools.doors.api.problems import UNKNOWN_PICTURE, ProblemError
from visiontools.doors.api.runs import known
from visiontools.doors.web.pages_look import PageRoute
from visiontools.registry import AnyTool
from visiontools.tooling import Sample
from visiontools.types import Upload

router = APIRouter(route_class=PageRoute)
SMALL = (216, 162)
"""The largest a small one may be, in pixels: twice what it is shown as."""
_TEXT = "text/plain; charset=utf-8"
_KINDS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_AN_HOUR = {"Cache-Control": "private, max-age=3600"}


def samples_of(tool: AnyTool) -> list[Sample]:
    """The samples whose files are here."""
    return [sample for sample in tool.samples if (examples_folder() / sample.picture).is_file()]


def sample_of(tool: AnyTool, number: int) -> Sample:
    """One of them, counted from 0. Raises ProblemError (404)."""
    have = samples_of(tool)
    if not 0 <= number < len(have):
        raise ProblemError(UNKNOWN_PICTURE, f"{tool.title} has no sample {number}.")
    return have[number]


def upload_of(sample: Sample) -> Upload:
    """The sample as if somebody had handed it in."""
    return Upload((examples_folder() / sample.picture).read_bytes(), sample.picture)


def observation_of(sample: Sample) -> dict[str, Any] | None:
    """What a person sees in it, where that is kept beside it."""
    if sample.observation is None:
        return None
    found: dict[str, Any] = json.loads((examples_folder() / sample.observation).read_text("utf-8"))
    return found


@lru_cache(maxsize=64)
def small_size(sample: Sample) -> tuple[int, int] | None:
    """Width and height of its small picture, for a page to leave room; a text has none."""
    if _kind(sample) == _TEXT:
        return None
    with Image.open(examples_folder() / sample.picture) as picture:
        scale = min(SMALL[0] / picture.width, SMALL[1] / picture.height, 1)
        return max(1, round(picture.width * scale)), max(1, round(picture.height * scale))


@router.get("/samples/{tool}/{number}")
async def show_sample(tool: str, number: int, pipeline: OpenPipeline) -> Response:
    """The whole picture."""
    sample = sample_of(known(pipeline, tool), number)
    data = await asyncio.to_thread((examples_folder() / sample.picture).read_bytes)
    name = {"Content-Disposition": f'inline; filename="{sample.picture}"'}
    return Response(data, media_type=_kind(sample), headers=_AN_HOUR | name)


@router.get("/samples/{tool}/{number}/small")
async def show_small(tool: str, number: int, pipeline: OpenPipeline) -> Response:
    """A small picture to choose it by."""
    sample = sample_of(known(pipeline, tool), number)
    data = await asyncio.to_thread(_small, sample)
    return Response(data, media_type="image/jpeg", headers=_AN_HOUR)


@lru_cache(maxsize=64)
def _small(sample: Sample) -> bytes:
    size = small_size(sample)
    if size is None:
        raise ProblemError(UNKNOWN_PICTURE, f"{sample.title} is no picture.")
    with Image.open(examples_folder() / sample.picture) as picture:
        shrunk = picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    shrunk.save(buffer, "JPEG", quality=62, optimize=True)
    return buffer.getvalue()


def _kind(sample: Sample) -> str:
    return _KINDS.get(Path(sample.picture).suffix, _TEXT)

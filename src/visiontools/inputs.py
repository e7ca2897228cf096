"""What goes into a run: preparing its pictures, describing them, and knowing the same again."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from visiontools.pictures.prepare import Preparer
from visiontools.registry import AnyTool
from visiontools.tooling import Options
from visiontools.types import (
    Input,
    ObserverName,
    Picture,
    PictureRules,
    Request,
    Sent,
    Upload,
)

_LARGEST_FILE = 2**24


async def prepare(
    preparer: Preparer, request: Request, rules: PictureRules, tool: AnyTool
) -> tuple[Picture, ...]:
    """The pictures an observer with these rules gets; those kept from an earlier run if they fit.

    Raises UnusableError for a file that is no picture we can use.
    """
    if not request.prepared:
        return await preparer.prepare(request.uploads, rules, printed=tool.printed)
    if _fit(request.prepared, rules):
        return request.prepared
    uploads = [Upload(p.data, f"picture {n}") for n, p in enumerate(request.prepared, 1)]
    pictures = await preparer.prepare(uploads, rules, printed=tool.printed)
    sources = tuple(source for picture in request.prepared for source in picture.sources)
    if len(pictures) == 1:
        return (replace(pictures[0], sources=sources),)
    return tuple(
        replace(new, sources=old.sources)
        for new, old in zip(pictures, request.prepared, strict=True)
    )


def _fit(pictures: tuple[Picture, ...], rules: PictureRules) -> bool:
    side = rules.longest_side
    if rules.tiles is not None:
        side = min(side, 2 * rules.tile_side)
    return len(pictures) <= rules.most and all(
        max(picture.width, picture.height) <= side for picture in pictures
    )


def inputs_of(request: Request, pictures: tuple[Picture, ...]) -> tuple[Input, ...]:
    """One entry for each file handed in; where preparation failed, what is known of it."""
    if not pictures:
        return tuple(Input(kind="picture", sha256=_of(upload.data)) for upload in request.uploads)
    return tuple(
        Input(
            kind="picture",
            sha256=source.sha256,
            width=source.width,
            height=source.height,
            sent=Sent(
                sha256=picture.sha256,
                width=picture.width,
                height=picture.height,
                bytes=len(picture.data),
            ),
        )
        for picture in pictures
        for source in picture.sources
    )


def reuse_key(
    request: Request,
    tool: AnyTool,
    options: Options,
    observers: tuple[ObserverName, ...],
    pictures: tuple[Picture, ...],
    guard: str,
) -> str:
    """The same for requests that must have the same answer, whatever the file's name.

    ``guard`` is the policy of the guard that stands over the run.
    """
    said = [
        request.owner,
        [picture.sha256 for picture in pictures],
        request.ask,
        options.model_dump(mode="json"),
        [_digest(Path(name)) for name in tool.reads_files(options)],
        [[turn.ask, turn.reply] for turn in request.talk],
        [tool.name, tool.version, _of(tool.prompt.encode()), _version()],
        [observer.model_dump() for observer in observers],
        request.observation,
        request.endpoint if request.observation is not None else None,
        request.follows.id if request.follows else None,
        request.corrects.id if request.corrects else None,
        guard,
    ]
    return _of(json.dumps(said, sort_keys=True, default=str).encode())


def _digest(path: Path) -> str | None:
    """None for what is no file of a sensible size: saying so is for the tool."""
    path = path.expanduser()
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST_FILE:
            return None
        return _of(path.read_bytes())
    except (OSError, ValueError):
        return None


def _of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def _version() -> str:
    return version("visiontools")

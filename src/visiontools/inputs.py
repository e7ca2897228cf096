"""What goes into a run: told apart, prepared, described, and known again."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
from dataclasses import replace
from functools import cache
from importlib.metadata import version
from pathlib import Path

from visiontools.errors import UnusableError
from visiontools.pictures.kinds import BadPicture, recognise, safe_name
from visiontools.pictures.prepare import Preparer
from visiontools.registry import AnyTool
from visiontools.texts.thread import read_text
from visiontools.tooling import Options
from visiontools.types import (
    Input,
    ObserverName,
    Picture,
    PictureRules,
    Request,
    Sent,
    TextInput,
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
        wanted = [upload for upload in request.uploads if not is_text(upload, tool)]
        return await preparer.prepare(wanted, rules, printed=tool.printed, grid=tool.grid)
    if _fit(request.prepared, rules):
        return request.prepared
    # One that was kept has its grid already.
    uploads = [Upload(p.data, f"picture {n}") for n, p in enumerate(request.prepared, 1)]
    pictures = await preparer.prepare(uploads, rules, printed=tool.printed)
    sources = tuple(source for picture in request.prepared for source in picture.sources)
    if len(pictures) == 1:
        return (replace(pictures[0], sources=sources),)
    return tuple(
        replace(new, sources=old.sources)
        for new, old in zip(pictures, request.prepared, strict=True)
    )


def is_text(upload: Upload, tool: AnyTool) -> bool:
    """Whether a file goes the way of a text: always, where the tool takes no pictures."""
    if "picture" not in tool.takes or "text" not in tool.takes:
        return "text" in tool.takes
    return not _is_picture(upload)


def _is_picture(upload: Upload) -> bool:
    try:
        recognise(upload.data, "upload")
    except BadPicture:
        return False
    return True


def is_text_only(request: Request, tool: AnyTool) -> bool:
    """Whether there is no picture to prepare."""
    if request.prepared or (not request.uploads and not request.texts):
        return False
    return all(is_text(upload, tool) for upload in request.uploads)


async def read_texts(request: Request, tool: AnyTool, most_bytes: int) -> tuple[TextInput, ...]:
    """The texts of a request, or those kept from an earlier run. Raises UnusableError."""
    if request.texts or "text" not in tool.takes:
        return request.texts

    def read() -> tuple[TextInput, ...]:
        return tuple(
            _text(upload, tool, most_bytes) for upload in request.uploads if is_text(upload, tool)
        )

    return await asyncio.to_thread(read)


def _text(upload: Upload, tool: AnyTool, most_bytes: int) -> TextInput:
    name = safe_name(upload.name)
    if _is_picture(upload):
        raise UnusableError(
            f"{name} is a picture; {tool.title} needs {tool.wants}.",
            next="Hand in the words themselves: a file, or '-' for what is piped in.",
        )
    return read_text(upload, name, most_bytes)


def _fit(pictures: tuple[Picture, ...], rules: PictureRules) -> bool:
    side = rules.longest_side
    if rules.tiles is not None:
        side = min(side, 2 * rules.tile_side)
    return len(pictures) <= rules.most and all(
        max(picture.width, picture.height) <= side for picture in pictures
    )


def inputs_of(
    request: Request,
    tool: AnyTool,
    pictures: tuple[Picture, ...],
    texts: tuple[TextInput, ...] = (),
) -> tuple[Input, ...]:
    """One entry for each file handed in; where preparation failed, what is known of it."""
    if not pictures and not texts:
        return tuple(
            Input(kind="text" if is_text(upload, tool) else "picture", sha256=_of(upload.data))
            for upload in request.uploads
        )
    read = (
        Input(kind="text", sha256=t.source, sent=Sent(sha256=t.sha256, bytes=len(t.data)))
        for t in texts
    )
    return (*read, *_shown(pictures))


def _shown(pictures: tuple[Picture, ...]) -> tuple[Input, ...]:
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
    shown: tuple[Picture | TextInput, ...],
    guard: str,
    day: dt.date | None = None,
) -> str:
    """The same for requests that must have the same answer, whatever the file's name.

    ``shown`` is what the observer gets, ``guard`` the policy of the guard that stands over the
    run, and ``day`` when it was asked, where the answer depends on it.
    """
    said = [
        request.owner,
        [each.sha256 for each in shown],
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
        *([day] if day else []),
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

"""Whether an observer works: reachable, signed in, offering the model, answering, and seeing.

Each finding that is not fine says what to do about it.
"""

from __future__ import annotations

import asyncio
import difflib
import hashlib
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, Field

from visiontools.errors import (
    CredentialsError,
    DeadlineError,
    OverloadedError,
    UnreachableError,
    UsageError,
    VisiontoolsError,
)
from visiontools.models.client import Client, Question, Tally
from visiontools.models.endpoint import Endpoint
from visiontools.observers import make_client
from visiontools.types import Picture, Source

_REACHABLE_WITHIN_S = 15.0
_PRINTED = "Energy 180 kJ"

State = Literal["ok", "failed", "unknown"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; ``fix`` is what to do where it is not ``ok``."""

    name: Literal["installed", "settings", "reachable", "signed in", "model", "json", "picture"]
    state: State
    detail: str
    fix: str = ""


class _Ready(BaseModel):
    word: str = Field(description="the word asked for")


Colour = Literal["red", "green", "blue", "yellow", "black", "white", "other"]


class _Halves(BaseModel):
    left: Colour = Field(description="the colour of the left half of the picture")
    right: Colour = Field(description="the colour of the right half of the picture")


async def check_reader() -> AsyncIterator[Finding]:
    """Whether the built-in reader is installed and reads a line we drew."""
    try:
        from visiontools.reader.ocr import decode, read_lines
    except ModuleNotFoundError as error:
        yield Finding(
            "installed",
            "failed",
            f"{error.name} is missing.",
            "Install it: pip install 'visiontools[reader]'",
        )
        return
    yield Finding("installed", "ok", "RapidOCR and OpenCV are installed.")
    lines = await asyncio.to_thread(lambda: read_lines(decode(_printed())))
    said = " ".join(line.text for line in sorted(lines, key=lambda line: line.x0))
    if said.split() == _PRINTED.split():
        yield Finding("picture", "ok", f"It read '{said}' in a picture we drew.")
    else:
        yield Finding(
            "picture",
            "failed",
            f"It read '{said}' where '{_PRINTED}' is printed.",
            "Reinstall it: pip install --force-reinstall 'visiontools[reader]'",
        )


async def check_endpoint(endpoint: Endpoint) -> AsyncIterator[Finding]:
    """Check a model server step by step; stops at a step the others cannot do without."""
    try:
        client = make_client(endpoint)
    except UsageError as error:
        yield Finding("settings", "failed", error.what, error.next)
        return
    try:
        offered: list[str] | None = None
        async for finding, models in _reach(client):
            yield finding
            if finding.state == "failed":
                return
            offered = models
        yield _model(endpoint, offered)
        text = await _answers(client)
        yield text
        if text.state == "ok":
            yield await _sees(client, endpoint)
    finally:
        await client.close()


async def _reach(client: Client) -> AsyncIterator[tuple[Finding, list[str] | None]]:
    try:
        async with asyncio.timeout(_REACHABLE_WITHIN_S):
            offered = await client.models()
    except TimeoutError:
        late = f"The server did not answer within {_REACHABLE_WITHIN_S:.0f} s."
        yield Finding("reachable", "failed", late, "Is it running, and is the url right?"), None
    except (UnreachableError, DeadlineError, OverloadedError) as error:
        yield Finding("reachable", "failed", error.what, error.next), None
    except CredentialsError as error:
        yield Finding("signed in", "failed", error.what, error.next), None
    except VisiontoolsError as error:
        yield Finding("reachable", "unknown", f"It lists no models. {error.what}"), None
    else:
        yield Finding("reachable", "ok", "The server answers and accepts us."), offered


def _model(endpoint: Endpoint, offered: list[str] | None) -> Finding:
    if not offered:
        return Finding("model", "unknown", "The server does not say which models it offers.")
    if endpoint.model in offered:
        return Finding("model", "ok", f"It offers {endpoint.model}.")
    near = difflib.get_close_matches(endpoint.model, offered, n=1)
    some = ", ".join(offered[:8]) + (", ..." if len(offered) > 8 else "")
    return Finding(
        "model",
        "failed",
        f"It does not list '{endpoint.model}'; it offers {some}.",
        f"Set model = \"{(near or offered)[0]}\" for '{endpoint.name}' in visiontools.toml, "
        "or load the model on the server.",
    )


async def _answers(client: Client) -> Finding:
    question = Question("Answer with the word 'ready'.", _Ready)
    try:
        said = await client.ask(question, Tally())
    except VisiontoolsError as error:
        return Finding("json", "failed", error.what, error.next)
    if "ready" in said.word.casefold():
        return Finding("json", "ok", "It answers in JSON.")
    return Finding("json", "ok", "It answers in JSON, though not with the word asked for.")


async def _sees(client: Client, endpoint: Endpoint) -> Finding:
    if not endpoint.vision:
        return Finding(
            "picture", "unknown", "It is set to take no pictures (vision = false): text only."
        )
    question = Question("Which colours are the two halves of the picture?", _Halves, (_halves(),))
    try:
        said = await client.ask(question, Tally())
    except VisiontoolsError as error:
        return Finding("picture", "failed", error.what, error.next)
    if (said.left, said.right) == ("red", "blue"):
        return Finding("picture", "ok", "It saw what a small picture shows.")
    return Finding(
        "picture",
        "failed",
        f"A picture of red beside blue was seen as {said.left} beside {said.right}.",
        "The server may leave pictures out: check that the model takes pictures, or set "
        "vision = false.",
    )


def _halves() -> Picture:
    """Red on the left, blue on the right: nobody says so without having looked."""
    from PIL import Image

    image = Image.new("RGB", (224, 224), (220, 30, 30))
    image.paste((30, 50, 220), (112, 0, 224, 224))
    return _picture(image)


def _printed() -> Picture:
    from PIL import Image, ImageDraw, ImageFont

    image = Image.new("RGB", (640, 160), "white")
    font = ImageFont.load_default(size=56)
    ImageDraw.Draw(image).text((40, 44), _PRINTED, fill="black", font=font)
    return _picture(image)


def _picture(image: object) -> Picture:
    from PIL import Image

    assert isinstance(image, Image.Image)
    file = io.BytesIO()
    image.save(file, "PNG")
    data = file.getvalue()
    sha256 = hashlib.sha256(data).hexdigest()
    source = Source(sha256, image.width, image.height)
    return Picture(data, "image/png", image.width, image.height, sha256, (source,))

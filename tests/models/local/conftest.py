"""A shelf for tests: real models put on it, and ways to ask them."""

from __future__ import annotations

import base64
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import BaseModel

from visiontools.errors import (
    VisiontoolsError,
)
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.engine import PLACE
from visiontools.models.local.gguf import read_header
from visiontools.models.local.shelf import Licence, Manifest, PulledFile
from visiontools.models.question import Question, Tally
from visiontools.observers import make_client
from visiontools.testing.eyes import write_eyes
from visiontools.testing.smollm2 import smollm2

LONG = "Count from one to a thousand, in words."


class Colour(BaseModel):
    colour: str
    number: int


QUESTION = Question("Name a colour and a number.", Colour)


@pytest.fixture(scope="session")
def weights() -> Path:
    return smollm2()


Put = Callable[..., Endpoint]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Put a model on the shelf and say how to ask it."""

    def put(
        weights: Path | bytes,
        name: str = "small",
        projector: Path | bytes | None = None,
        **settings: Any,
    ) -> Endpoint:
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        files = [_placed(folder / "model.gguf", weights)]
        if projector is not None:
            files.append(_placed(folder / "mmproj.gguf", projector))
        now = dt.datetime.now(dt.UTC)
        context = read_header(weights).context if isinstance(weights, Path) else None
        manifest = Manifest(
            name=name,
            source="a test",
            licence=Licence(name="Apache-2.0", accepted=now),
            pulled=now,
            context=context,
            model="model.gguf",
            projector="mmproj.gguf" if projector is not None else None,
            files=tuple(files),
        )
        (folder / "manifest.json").write_text(manifest.model_dump_json())
        given = {
            "name": "local",
            "profile": "local",
            "context": 1024,
            "threads": 1,
            "deadline_s": 60,
        }
        return Endpoint(model=name, folder=tmp_path / "models", **{**given, **settings})

    return put


def _placed(path: Path, content: Path | bytes) -> PulledFile:
    if isinstance(content, Path):
        path.symlink_to(content)
    else:
        path.write_bytes(content)
    size = path.stat().st_size
    return PulledFile(name=path.name, source="a test", size=size, sha256="0" * 64, checked=False)


@pytest.fixture
def eyes(weights: Path, tmp_path: Path) -> Path:
    """A projector with random weights."""
    return write_eyes(tmp_path / "eyes.gguf", read_header(weights).values["llama.embedding_length"])


def body(text: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], "temperature": 0, **more}


def process_id() -> int | None:
    """The worker's."""
    return PLACE._engine.process_id if PLACE._engine else None


def seen(data: bytes, text: str = "What is it?") -> dict[str, Any]:
    url = f"data:image/png;base64,{base64.b64encode(data).decode()}"
    picture = {"type": "image_url", "image_url": {"url": url}}
    said = {"role": "user", "content": [picture, {"type": "text", "text": text}]}
    return {"messages": [said], "temperature": 0, "max_tokens": 8}


def drawn(colour: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (90, 70), colour).save(file, "PNG")
    return file.getvalue()


async def failure(endpoint: Endpoint, question: Question[Any] = QUESTION) -> VisiontoolsError:
    client = make_client(endpoint)
    try:
        with pytest.raises(VisiontoolsError) as raised:
            await client.ask(question, Tally())
    finally:
        await client.close()
    return raised.value

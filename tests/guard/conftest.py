"""A model and a Llama Guard, each behind a real server, and runs that need both."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.types import Event, Record, Request, Upload

SEEN: dict[str, Any] = {
    "picture": "fits",
    "inventory": [
        {"name": "eggs", "quantity": 6, "seen": "seen", "where": "beside a vermilion jar"}
    ],
}
DISHES = {
    "dishes": [{"name": "Omelette", "ingredients": ["eggs"], "steps": ["Fry."], "minutes": 5}]
}
REPLY = {"text": "The eggs go off first.", "grounds": ["/inventory/0/name"]}


@pytest.fixture
def model() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def guard() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


Open = Callable[..., Awaitable[Pipeline]]


@pytest.fixture
async def opened(model: ModelServer, guard: ModelServer, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens a pipeline; what is given goes into ``[guard]``, and ``guard=None`` is none."""
    async with AsyncExitStack() as stack:

        async def open_(*, guarded: bool = True, **given: Any) -> Pipeline:
            table = {"endpoint": "guard", "model": "llama-guard-3-8b", **given}
            settings = Settings.model_validate(
                {
                    "data_folder": tmp_path / "kept",
                    "default_endpoint": "box",
                    "endpoints": {
                        "box": Endpoint(url=model.url, model="scripted", deadline_s=20),
                        "guard": Endpoint(url=guard.url, model="scripted"),
                        "dead": Endpoint(url="http://127.0.0.1:9/v1", model="gone"),
                    },
                    "guard": table if guarded else None,
                }
            )
            return await stack.enter_async_context(Pipeline.open(settings))

        yield open_


def photo(colour: str = "skyblue") -> Upload:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 200), colour).save(buffer, "PNG")
    return Upload(buffer.getvalue(), "fridge.png")


def asking(ask: str | None = "What goes off first?", tool: str = "fridge", **more: Any) -> Request:
    return Request(tool, **{"uploads": (photo(),), "ask": ask, **more})


async def record_of(pipeline: Pipeline, request: Request) -> Record:
    return await pipeline.run(request).record()


async def events_of(pipeline: Pipeline, request: Request) -> list[Event]:
    return [event async for event in pipeline.run(request)]

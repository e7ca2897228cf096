"""The chat as it is served, to people who are told apart by a header."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Scope
from tests.doors.chat.wire import OWNER, chat_of

from visiontools.doors.api import depends
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site
from visiontools.types import LOCAL_OWNER

Served = Callable[..., Site]


async def _owner(scope: Scope) -> str:
    return Headers(scope=scope).get(OWNER, LOCAL_OWNER)


async def _asking(request: Request) -> str:
    return await _owner(request.scope)


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """Who can be asked beside the reader, under the name ``box``."""
    with ModelServer() as server:
        yield server


@pytest.fixture
def served(home: Path, shelf: str, model: ModelServer) -> Iterator[Served]:
    """Serve; another time it is another process that has the same data folder."""
    with ExitStack() as stack:

        def serve(**web: Any) -> Site:
            (home / "visiontools.toml").write_text(
                f'[endpoints.box]\nurl = "{model.url}"\nmodel = "scripted"\n[web]\ngrace_s = 0\n'
            )
            settings = Settings.load()
            settings = settings.model_copy(update={"web": settings.web.model_copy(update=web)})
            site = Site(settings)
            chat_of(site).owner_of = _owner
            site.app.dependency_overrides[depends.owner] = _asking
            return stack.enter_context(site)

        yield serve


@pytest.fixture
def site(served: Served) -> Site:
    return served()


@pytest.fixture(scope="session")
def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "tan").save(file, "PNG")
    return file.getvalue()

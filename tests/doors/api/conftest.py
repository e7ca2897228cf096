"""The API as it is served, with a scripted model behind it and a person's tool in front."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest
from PIL import Image
from tests.doors.api.wire import SEEN, Client, Open

from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """Who looks, under the name ``box``."""
    with ModelServer() as server:
        yield server


@pytest.fixture
def opened(
    home: Path, shelf: str, model: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Open]:
    """Serve with the model and the tool ``shelf``; ``web`` are settings of the web application."""
    monkeypatch.setenv("BOX_KEY", "not-to-be-told")
    with ExitStack() as stack:

        def open_site(change: Callable[[Site], None] | None = None, **web: Any) -> Site:
            (home / "visiontools.toml").write_text(
                f'default_endpoint = "box"\n[endpoints.box]\nurl = "{model.url}"\n'
                'model = "scripted"\nkey_env = "BOX_KEY"\n'
                '[endpoints.far]\nurl = "http://192.0.2.1/v1"\nmodel = "remote"\n'
            )
            site = Site(Settings(web=web))
            if change is not None:
                change(site)
            return stack.enter_context(site)

        yield open_site


@pytest.fixture
def site(opened: Open, model: ModelServer) -> Site:
    """Served with a model that sees three apples and a pear."""
    model.say(SEEN)
    return opened()


@pytest.fixture
def clients() -> Iterator[Callable[[Site], Client]]:
    with ExitStack() as stack:
        yield lambda site: stack.enter_context(Client(base_url=site.url, timeout=30))


@pytest.fixture
def api(site: Site, clients: Callable[[Site], Client]) -> Client:
    return clients(site)


@pytest.fixture(scope="session")
def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (320, 240), "tan").save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def ask(png: bytes) -> Callable[..., httpx2.Response]:
    """Run ``shelf`` on a picture; ``fields`` are the form's."""

    def run(
        api: Client, *, headers: dict[str, str] | None = None, **fields: str
    ) -> httpx2.Response:
        form = {name: (None, value) for name, value in fields.items()}
        files = [("picture", ("shelf.png", png)), *form.items()]
        return api.post("/api/v1/tools/shelf/runs", files=files, headers=headers)

    return run

"""The pages in a real browser: Debian's Chromium, without a window."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer, Received
from visiontools.testing.script import Say
from visiontools.testing.site import Site

EXAMPLES = Path(__file__).parents[4] / "examples"
FRIDGE: dict[str, Any] = {
    "picture": "fits",
    "inventory": [
        {"name": "eggs", "quantity": 6, "unit": "piece", "seen": "seen", "where": "door"},
        {"name": "cheese", "quantity": None, "unit": None, "seen": "likely", "where": "top shelf"},
    ],
    "unknown": [],
}
DISHES = {
    "dishes": [
        {
            "name": "Cheese omelette",
            "ingredients": ["eggs", "cheese", "salt"],
            "steps": ["Whisk the eggs.", "Fry them with the cheese."],
            "minutes": 10,
        }
    ]
}
QUESTION = "What goes off first?"
SAID = {"text": "The eggs, within a week.", "grounds": ["/inventory/0/name"]}
_WITHIN_MS = 15_000
"""On a busy machine the reader takes its time."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """While it is open its own event loop runs in this thread, and no test with another can."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        missing = "There is no Chromium; install it: apt install chromium"
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    expect.set_options(timeout=_WITHIN_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """Who looks, under the name ``box``, where a test uses it."""
    with ModelServer() as server:
        yield server


Open = Callable[..., Page]


def _is_wrong(told: ConsoleMessage) -> bool:
    """Not so where the server refused what a test has it refuse: the page must say that."""
    return told.type == "error" and "Failed to load resource" not in told.text


@pytest.fixture
def opened(browser: Browser, home: Path) -> Iterator[Open]:
    """Serve and open a page; ``model`` is the address of a model to be asked.

    No test may leave an error on the browser's console or ask another host for anything.
    """
    sites: list[Site] = []
    pages: list[Page] = []
    wrong: list[str] = []

    def open_page(path: str = "/", *, model: str | None = None, **context: Any) -> Page:
        told = f'[endpoints.box]\nurl = "{model}"\nmodel = "scripted"\ndeadline_s = 20\n'
        (home / "visiontools.toml").write_text(told if model else "")
        site = Site(Settings.load())
        site.__enter__()
        sites.append(site)
        made = browser.new_context(
            base_url=site.url, **{"viewport": {"width": 1280, "height": 900}, **context}
        )
        made.set_default_timeout(_WITHIN_MS)
        page = made.new_page()
        page.on("console", lambda told: wrong.append(told.text) if _is_wrong(told) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on(
            "request",
            lambda sent: (
                None
                if sent.url.startswith((site.url, "blob:", "data:"))
                else wrong.append(sent.url)
            ),
        )
        page.goto(path)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.context.close()
    for site in sites:
        site.__exit__()
    assert wrong == []


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A picture file; what it shows does not matter to a scripted model."""
    path = tmp_path / "fridge.png"
    Image.new("RGB", (640, 480), "tan").save(path)
    return path


@pytest.fixture
def fridge(model: ModelServer) -> ModelServer:
    """A model that sees a fridge, proposes a dish and answers a question."""
    return model.then(_answer)


def _answer(received: Received) -> Say:
    """By what the question asks for."""
    if QUESTION in received.text:
        return Say(json.dumps(SAID))
    said = FRIDGE if received.pictures else DISHES
    return Say(json.dumps(said))

"""The chat is loaded when it is asked for, and leaves everything else as it was."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.doors.chat.conftest import Served
from tests.doors.chat.wire import Browser, chat_of

import visiontools
from visiontools.doors.chat import load
from visiontools.doors.chat.setup import environment
from visiontools.errors import ConfigurationError
from visiontools.settings import Settings
from visiontools.testing.site import Site


def test_serving_does_not_load_it(home: Path) -> None:
    asked = "import sys, visiontools.doors.web.serving; assert 'chainlit' not in sys.modules"
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=home)


def test_nothing_else_needs_it() -> None:
    """Chainlit can be taken out with one folder and two lines of the application."""
    source = Path(visiontools.__file__).parent
    texts = {path.relative_to(source): path.read_text("utf-8") for path in source.rglob("*.py")}
    outside = {path: text for path, text in texts.items() if "chat" not in path.parts}
    assert [path for path, text in outside.items() if "import chainlit" in text] == []
    assert [path for path, text in outside.items() if "from chainlit" in text] == []
    using = [path.as_posix() for path, text in outside.items() if "visiontools.doors.chat" in text]
    assert using == ["doors/web/app.py"]


async def test_a_page_waits_while_it_is_loaded(home: Path, served: Served) -> None:
    site = served()
    chat, go_on = chat_of(site), threading.Event()
    load = chat.load

    def slowly() -> Any:
        go_on.wait(30)
        return load()

    chat.load = slowly
    browser = Browser(site)
    waiting = await browser.request("GET", "/")
    go_on.set()
    settings = await browser.request("POST", "/project/threads", json={})
    page = await browser.request("GET", "/")
    assert waiting.status_code == 503
    assert 'http-equiv="refresh"' in waiting.text
    assert settings.status_code == 422  # what is no page waited by itself
    assert page.status_code == 200


async def test_without_the_extra_it_says_what_to_install(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(load, "_loaded", [])
    monkeypatch.setattr(load, "find_spec", lambda name: None)
    browser = Browser(site)
    with caplog.at_level(logging.WARNING):
        await browser.request("POST", "/project/threads")
        page = await browser.request("POST", "/")
    assert "pip install 'visiontools[chat]'" in caplog.text
    assert page.status_code == 503
    assert "pip install &#x27;visiontools[chat]&#x27;" in page.text


def test_another_chainlit_is_refused(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    monkeypatch.setattr(load, "_loaded", [])
    monkeypatch.setattr(load, "VERSION", "2.11.0")
    with pytest.raises(ConfigurationError, match=r"Chainlit 2\.11\.0, and 2\.12\.0 is here"):
        load.load(Settings.load())


def test_a_strangers_folder_sets_nothing(home: Path) -> None:
    """Chainlit would read this file, write its own beside it, and take ``UI`` for a setting."""
    (home / ".env").write_text("VISIONTOOLS_FROM_A_FILE=1\n")
    code = (
        "import os; from visiontools.doors.chat.load import load; "
        "from visiontools.settings import Settings; load(Settings.load()); "
        "assert 'VISIONTOOLS_FROM_A_FILE' not in os.environ; "
        "assert os.environ['UI'] == 'mine' and 'CHAINLIT_APP_ROOT' not in os.environ"
    )
    hostile = {**os.environ, "UI": "mine", "ROOT": "/nowhere", "SLACK_BOT_TOKEN": "x"}
    hostile |= {"SLACK_SIGNING_SECRET": "x", "TEAMS_APP_ID": "x", "TEAMS_APP_PASSWORD": "x"}
    before = sorted(path.name for path in home.iterdir())
    subprocess.run([sys.executable, "-c", code], check=True, cwd=home, env=hostile)
    assert sorted(path.name for path in home.iterdir()) == before


def test_the_environment_is_put_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAINLIT_APP_ROOT", "/elsewhere")
    monkeypatch.setenv("DATABASE_URL", "postgresql://somewhere")
    before = dict(os.environ)
    with environment(tmp_path):
        assert os.environ["CHAINLIT_APP_ROOT"] == str(tmp_path)
        assert "DATABASE_URL" not in os.environ
    assert dict(os.environ) == before

"""docs/api.md does what it says: its commands run, its tables are complete, its defaults true."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.doors.api.wire import events

from visiontools.doors.api.problems import KINDS
from visiontools.settings import Settings
from visiontools.testing.site import Site
from visiontools.web_settings import WebSettings

_ROOT = Path(__file__).parents[3]
_TEXT = (_ROOT / "docs" / "api.md").read_text("utf-8")
_ADDRESS = "http://localhost:8700"


@pytest.fixture
def plain_site(home: Path) -> Iterator[Site]:
    """As it is served with no settings at all."""
    with Site(Settings()) as site:
        yield site


def _commands(heading: str) -> str:
    section = re.split(r"^## ", _TEXT, flags=re.MULTILINE)
    [found] = [part for part in section if part.startswith(heading)]
    return "\n".join(re.findall(r"```sh\n(.*?)```", found, re.DOTALL))


def _run(site: Site, home: Path, heading: str) -> str:
    """What a section's commands print, run from a folder with the examples in it."""
    if shutil.which("curl") is None:
        pytest.fail("docs/api.md is tried with curl: install it (apt-get install curl)")
    if not (home / "examples").exists():
        (home / "examples").symlink_to(_ROOT / "examples")
    commands = _commands(heading).replace(_ADDRESS, site.url).replace("curl -s", "curl -f -s")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def test_its_commands_run(plain_site: Site, home: Path) -> None:
    listed = _run(plain_site, home, "# HTTP API")
    assert '"name":"diet"' in listed
    ran, _, streamed = _run(plain_site, home, "Run a tool").partition("event: ")
    record = json.loads(ran)
    assert record["outcome"] == "answered"
    assert record["request"]["options"]["goal"] == "less_sugar"
    assert events(f"event: {streamed}")[-1][0] == "finished"

    _run(plain_site, home, "Ask on")
    assert (home / "sent.png").read_bytes().startswith(b"\x89PNG")
    found = json.loads(_run(plain_site, home, "Search"))["records"]
    assert record["id"] in [each["id"] for each in found]
    first, again = (_run(plain_site, home, "Send it twice") for _ in range(2))
    assert first == again
    assert "visiontools_runs_total" in _run(plain_site, home, "For whoever runs it")


def test_it_lists_every_problem_with_its_status() -> None:
    rows = re.findall(r"^\| (\d{3}) \| (.*?) \|", _TEXT, re.MULTILINE)
    told = {(int(status), name) for status, names in rows for name in re.findall(r"`(.*?)`", names)}
    assert told == {(kind.status, kind.name) for kind in KINDS}


def test_the_defaults_it_gives_are_the_settings() -> None:
    [block] = re.findall(r"```toml\n(.*?)```", _TEXT, re.DOTALL)
    web = WebSettings().model_dump(mode="json", exclude_none=True)
    assert tomllib.loads(block)["web"] == web
    for name in WebSettings.model_fields:
        assert name in block

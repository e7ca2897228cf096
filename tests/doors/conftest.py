"""A home of its own for each test, and the program as a person runs it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.doors.cli import main


@dataclass(frozen=True)
class Said:
    """What the program printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class _Keyboard(io.TextIOWrapper):
    """Standard input that says it is a terminal."""

    def isatty(self) -> bool:
        return True


Cli = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Data, tools and settings below ``tmp_path``, which is the working folder too."""
    for name in list(os.environ):
        if name.startswith("VISIONTOOLS_"):
            monkeypatch.delenv(name)
    (tmp_path / "visiontools.toml").write_text("")
    monkeypatch.setenv("VISIONTOOLS_DATA_FOLDER", str(tmp_path / "data"))
    monkeypatch.setenv("VISIONTOOLS_TOOLS_FOLDER", str(tmp_path / "tools"))
    monkeypatch.setenv("VISIONTOOLS_CONFIG", str(tmp_path / "visiontools.toml"))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli(home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run the program in this process."""

    def run(*args: str, stdin: bytes = b"", typed: bool = False) -> Said:
        kind = _Keyboard if typed else io.TextIOWrapper
        monkeypatch.setattr("sys.stdin", kind(io.BytesIO(stdin), encoding="utf-8"))
        with pytest.raises(SystemExit) as ended:
            main(args)
        out, err = capsys.readouterr()
        code = ended.value.code
        return Said(code if isinstance(code, int) else 1, out, err)

    return run


def program(*args: str) -> subprocess.Popen[str]:
    """Run the program in a process of its own, which a lost terminal ends (unlike below nohup)."""
    return subprocess.Popen(
        [sys.executable, "-c", "from visiontools.doors.cli import main; main()", *args],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )


@pytest.fixture
def start() -> Callable[..., subprocess.Popen[str]]:
    return program


@pytest.fixture
def picture(home: Path) -> str:
    """A picture file; what it shows does not matter to a person's observation."""
    Image.new("RGB", (320, 240), "tan").save(home / "shelf.png")
    return "shelf.png"


@pytest.fixture
def shelf(cli: Cli) -> str:
    """The tool that new-tool writes, under the name ``shelf``."""
    assert cli("new-tool", "shelf").status == 0
    return "shelf"


@pytest.fixture
def seen(home: Path) -> str:
    """A person's observation for it."""
    things = [{"name": "apple", "count": 3}, {"name": "pear", "count": 1}]
    (home / "seen.json").write_text(json.dumps({"things": things}))
    return "seen.json"

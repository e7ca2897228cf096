"""Completing at a shell: what exists is offered, and nothing is ever printed but that."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def offered(cli: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What is offered after some words, the last of them not finished."""

    def complete(*words: str) -> list[str]:
        monkeypatch.setenv("_VISIONTOOLS_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", " ".join(("visiontools", *words)))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        said = cli()
        assert said.err == ""
        return [line.partition(",")[2] for line in said.out.split()]

    return complete


def test_the_options_of_a_tool_are_offered_with_their_choices(offered: Any) -> None:
    assert "goal=less_sugar" in offered("run", "diet", "--option", "goal")
    assert offered("run", "diet", "--option", "fr") == ["fruit_percent="]
    assert offered("run", "flow_diagram", "--option", "t") == ["try=true"]
    assert offered("run", "--option", "g") == []


def test_tools_and_records_are_offered(cli: Any, shelf: str, picture: str, seen: str) -> None:
    record = cli("run", shelf, picture, "--observation", seen, "--json").json["id"]
    program = "from visiontools.doors.cli import main; main()"
    for words in ("records show", "records delete", "records diff", "ask"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env=_completing(f"visiontools {words} {record[:3]}"),
            capture_output=True,
            text=True,
            check=True,
        )
        assert ran.stdout.strip() == f"plain,{record[:8]}"


def _completing(words: str) -> dict[str, str]:
    count = str(len(words.split()) - 1)
    told = {"_VISIONTOOLS_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": count}
    return {**os.environ, **told}


@pytest.mark.parametrize("words", [("run", ""), ("run", "diet", "--endpoint", ""), ("ask", "")])
def test_settings_that_do_not_fit_offer_nothing(
    offered: Any, home: Path, words: tuple[str, ...]
) -> None:
    (home / "visiontools.toml").write_text("reuse = 'perhaps'")
    assert offered(*words) == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_one_that_the_shell_understands(cli: Any, home: Path, shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell} here")
    (home / "script").write_text(cli("completion", shell).out)
    subprocess.run([shell, "-n", "script"], cwd=home, check=True)

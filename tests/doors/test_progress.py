"""The progress line: words for a person on a terminal, nothing anywhere else."""

from __future__ import annotations

import asyncio
import io
from typing import get_args, get_type_hints

import pytest
from rich.console import Console

from visiontools.doors.cli import progress
from visiontools.doors.steps import STEP_WORDS
from visiontools.types import Step


async def line(monkeypatch: pytest.MonkeyPatch, step: Step, *, terminal: bool) -> str:
    file = io.StringIO()
    console = Console(file=file, force_terminal=terminal, width=80, markup=False)
    monkeypatch.setattr(progress, "stderr", lambda: console)
    monkeypatch.setattr(progress, "_SHOWN_AFTER_S", 0.0)
    with progress._Progress() as shown:
        shown.tell(step)
        for _ in range(3):  # the line appears at the loop's next turns
            await asyncio.sleep(0)
    return file.getvalue()


async def test_a_step_is_told_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    said = await line(monkeypatch, Step("observe", "lab"), terminal=True)
    assert "Looking at the picture, lab (Ctrl-C stops)" in said


async def test_the_name_of_an_endpoint_is_data(monkeypatch: pytest.MonkeyPatch) -> None:
    said = await line(monkeypatch, Step("observe", "[bold]\x1b]0;x\x07lab"), terminal=True)
    assert "[bold]]0;xlab" in said
    assert "\x1b]0" not in said


async def test_nothing_is_shown_where_nobody_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await line(monkeypatch, Step("observe", "lab"), terminal=False) == ""


async def test_a_run_that_is_quick_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    file = io.StringIO()
    console = Console(file=file, force_terminal=True)
    monkeypatch.setattr(progress, "stderr", lambda: console)
    with progress._Progress() as shown:
        shown.tell(Step("decide"))
    assert file.getvalue() == ""


def test_every_step_has_its_words() -> None:
    steps = get_args(get_type_hints(Step)["name"])
    assert set(STEP_WORDS) == set(steps)

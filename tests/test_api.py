"""``visiontools.run``: one call, one record, in a script and in a notebook."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import visiontools

EXAMPLES = Path(__file__).parents[1] / "examples"
PICTURE = EXAMPLES / "fridge.png"


@pytest.fixture
def given(tmp_path: Path) -> dict[str, Any]:
    seen = json.loads((EXAMPLES / "fridge.observation.json").read_text(encoding="utf-8"))
    return {"observation": seen, "settings": visiontools.Settings(data_folder=tmp_path)}


def test_a_script_gets_a_record(given: dict[str, Any]) -> None:
    record = visiontools.run("fridge", PICTURE, **given)
    assert record.outcome == "answered"
    assert record.inputs[0].sha256


async def test_it_can_be_called_where_a_loop_runs_as_in_a_notebook(given: dict[str, Any]) -> None:
    record = visiontools.run("fridge", PICTURE.read_bytes(), **given)
    assert record.outcome == "answered"


def test_a_call_that_makes_no_sense_is_a_usage_error(given: dict[str, Any]) -> None:
    with pytest.raises(visiontools.UsageError, match=r"nofile\.png cannot be read"):
        visiontools.run("fridge", "nofile.png", **given)
    with pytest.raises(visiontools.UsageError, match="no tool named"):
        visiontools.run("fridges", PICTURE, **given)

"""The pictures in examples/ are what their scripts draw, and their observations fit the tools."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from visiontools.tools.car_damage import CarDamage
from visiontools.tools.fridge import Fridge

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize(
    ("script", "picture"), [("make_car.py", "car_damage.png"), ("make_fridge.py", "fridge.png")]
)
def test_a_script_draws_the_picture_in_the_repository(
    tmp_path: Path, script: str, picture: str
) -> None:
    subprocess.run([sys.executable, EXAMPLES / script, tmp_path], check=True)
    with Image.open(tmp_path / picture) as drawn, Image.open(EXAMPLES / picture) as kept:
        assert ImageChops.difference(drawn, kept).getbbox() is None


@pytest.mark.parametrize("tool", [CarDamage(), Fridge()])
def test_a_samples_picture_and_observation_are_there_and_fit(tool: CarDamage | Fridge) -> None:
    for sample in tool.samples:
        assert (EXAMPLES / sample.picture).is_file()
        assert sample.observation is not None
        said = json.loads((EXAMPLES / sample.observation).read_text(encoding="utf-8"))
        said.pop("proposal", None)
        tool.observation.model_validate(said, extra="forbid")

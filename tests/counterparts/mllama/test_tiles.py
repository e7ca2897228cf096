"""The product's tile plan against the image processor the server itself uses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from visiontools.pictures.tiling import plan
from visiontools.types import LLAMA_3_2_PICTURES

SIZES = [
    (100, 80),
    (560, 560),
    (561, 560),
    (640, 480),
    (1120, 1120),
    (1121, 1119),
    (1600, 400),
    (1920, 1080),
    (2240, 560),
    (2400, 500),
    (300, 1500),
    (3000, 4000),
    (4032, 3024),
    (8000, 600),
    (999, 333),
    (777, 1111),
]


@pytest.fixture(scope="module")
def laid_out(programs: Path, models: Path) -> Any:
    """What the processor makes of every picture as it is, and of what we would send of it."""
    sent = [plan(width, height, LLAMA_3_2_PICTURES) for width, height in SIZES]
    asked = [*SIZES, *((each.width, each.height) for each in sent)]
    snapshot = next(models.glob("*/snapshots/*"))
    script = Path(__file__).parent / "tiles.py"
    done = subprocess.run(
        [programs / "python", script, snapshot],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    answered = json.loads(done.stdout)
    half = len(SIZES)
    return dict(zip(SIZES, zip(sent, answered[:half], answered[half:], strict=True), strict=True))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_we_send_what_the_model_would_see_of_the_whole_picture(
    laid_out: Any, size: tuple[int, int]
) -> None:
    ours, of_whole, of_sent = laid_out[size]
    assert (ours.columns, ours.rows) == (of_whole["columns"], of_whole["rows"])
    assert of_sent == of_whole
    if ours.scale < 1:  # no pixel more than the model keeps, and none less
        assert (ours.width, ours.height) == (of_whole["width"], of_whole["height"])

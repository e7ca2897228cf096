"""Turned pictures are turned back."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from visiontools.reader.ocr import Pixels
from visiontools.reader.upright import read_upright

TEXTS = ("Nutrition information", "Carbohydrate 10.6 g", "of which sugars 9 g", "Protein 7 g")


@pytest.fixture(scope="module")
def page() -> Pixels:
    image = Image.new("RGB", (520, 300), "white")
    draw = ImageDraw.Draw(image)
    for number, text in enumerate(TEXTS):
        draw.text((30, 30 + 60 * number), text, fill="black", font=ImageFont.load_default(30))
    return np.asarray(image, dtype=np.uint8)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_text_reads_whichever_way_the_picture_is_turned(page: Pixels, quarters: int) -> None:
    turned, lines = read_upright(np.ascontiguousarray(np.rot90(page, quarters)))
    assert turned.shape == page.shape
    read = sorted(line.text.replace(" ", "") for line in lines)
    assert read == sorted(text.replace(" ", "") for text in TEXTS)
    (protein,) = (line for line in lines if line.text.startswith("Protein"))
    assert protein.y0 == pytest.approx(30 + 180, abs=20)


def test_an_empty_picture_stays_as_it_is() -> None:
    blank = np.full((40, 60, 3), 255, dtype=np.uint8)
    turned, lines = read_upright(blank)
    assert turned.shape == blank.shape
    assert lines == []

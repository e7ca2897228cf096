"""Turned pictures are turned back; slanted ones are seen as level."""

from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from visiontools.reader.ocr import Line, Pixels
from visiontools.reader.upright import levelled, read_upright, spans

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


def _line(x: float, y: float, slope: float, width: float = 200) -> Line:
    end = x + width
    quad = np.array([[x, y - 10], [end, y - 10], [end, y + 10], [x, y + 10]], dtype=float)
    quad[:, 1] += slope * quad[:, 0]
    return Line("0123456789", 1.0, tuple((i + 0.5) / 10 for i in range(10)), (), quad)


@pytest.mark.parametrize("slope", [-0.08, 0.0, 0.08])
def test_lines_of_one_row_come_to_one_height(slope: float) -> None:
    rows = [[_line(x, y, slope) for x in (0, 250, 600)] for y in range(0, 400, 40)]
    level = levelled([line for row in rows for line in row])
    for row in rows:
        heights = [float(level(np.array([line.center]))[0, 1]) for line in row]
        assert max(heights) - min(heights) < 3


def test_a_far_side_that_is_smaller_is_followed() -> None:
    rows = [[_line(x, y, 0.0002 * (y - 200)) for x in (0, 250, 600)] for y in range(0, 440, 40)]
    level = levelled([line for row in rows for line in row])
    for row in rows:
        heights = [float(level(np.array([line.center]))[0, 1]) for line in row]
        assert max(heights) - min(heights) < 8


def test_characters_lie_side_by_side() -> None:
    edges = spans(_line(100, 50, 0.0), lambda points: points)
    assert edges[0][0] == pytest.approx(100)
    assert edges[-1][1] == pytest.approx(300)
    assert all(one[1] == other[0] for one, other in pairwise(edges))


def test_rows_stay_rows_although_boxes_of_short_words_slope() -> None:
    rows = [[_line(0, y, 0.0), *(_line(x, y, 0.0, 40) for x in (500, 900))]
            for y in range(0, 400, 33)]  # fmt: skip
    for number, row in enumerate(rows):
        row[0].quad[[1, 2], 1] += number % 3 + number / 3
        row[0].quad[[0, 3], 1] -= number / 3
    level = levelled([line for row in rows for line in row])
    for row in rows:
        heights = [float(level(np.array([line.center]))[0, 1]) for line in row]
        assert max(heights) - min(heights) < 4

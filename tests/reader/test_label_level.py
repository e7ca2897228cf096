"""Slanted, receding and bent pages are seen as level, or said to be too bent."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest

from visiontools.reader.label_level import Points, crooked, levelled, spans
from visiontools.reader.ocr import Line


def _line(x: float, y: float, slope: float, width: float = 200) -> Line:
    end = x + width
    quad = np.array([[x, y - 10], [end, y - 10], [end, y + 10], [x, y + 10]], dtype=float)
    quad[:, 1] += slope * quad[:, 0]
    return Line("0123456789", 1.0, tuple((i + 0.5) / 10 for i in range(10)), (), quad)


def _spread(rows: Sequence[Sequence[Line]], level: Callable[[Points], Points]) -> float:
    """How far apart the lines of one row come to stand, at worst."""
    heights = [[level(np.array([line.center]))[0, 1] for line in row] for row in rows]
    return max(float(max(row) - min(row)) for row in heights)


def _bent(x: float, y: float, bend: float) -> Line:
    """A line of a page that goes around a can, in the middle of which it is level."""
    line = _line(x, y, 0.0)
    line.quad[:, 1] += bend * (line.quad[:, 0] - 400) ** 2 / 2
    return line


@pytest.mark.parametrize("slope", [-0.08, 0.0, 0.08])
def test_lines_of_one_row_come_to_one_height(slope: float) -> None:
    rows = [[_line(x, y, slope) for x in (0, 250, 600)] for y in range(0, 400, 40)]
    level = levelled([line for row in rows for line in row])
    assert _spread(rows, level) < 3


def test_a_far_side_that_is_smaller_is_followed() -> None:
    rows = [[_line(x, y, 0.0002 * (y - 200)) for x in (0, 250, 600)] for y in range(0, 440, 40)]
    level = levelled([line for row in rows for line in row])
    assert _spread(rows, level) < 5


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
    assert _spread(rows, level) < 4


@pytest.mark.parametrize("bend", [-0.0004, 0.0006])
def test_a_page_around_a_can_is_seen_as_flat(bend: float) -> None:
    rows = [[_bent(x, y, bend) for x in (0, 250, 600)] for y in range(0, 400, 40)]
    lines = [line for row in rows for line in row]
    level = levelled(lines)
    assert _spread(rows, level) < 5
    assert not crooked(lines, level)


def test_a_crumpled_page_is_said_to_be_crooked() -> None:
    rows = [[_line(0, y, 0.0), _line(250, y, 0.2), _line(600, y, -0.2)] for y in range(0, 400, 40)]
    lines = [line for row in rows for line in row]
    assert crooked(lines, levelled(lines))

"""One chart, table or receipt from picture to observation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from visiontools.errors import CannotTellError, UsageError, WrongPictureError
from visiontools.reader.chart.bars import read_bars
from visiontools.reader.chart.bars_find import find_bars
from visiontools.reader.chart.receipt import is_receipt, read_receipt
from visiontools.reader.chart.rows import rows_of
from visiontools.reader.chart.table import find_table, read_table
from visiontools.reader.diagram.canvas import rotate, slant
from visiontools.reader.label_words import is_title
from visiontools.reader.ocr import Line, Pixels, decode, read_lines
from visiontools.reader.upright import read_upright
from visiontools.tooling import Reading
from visiontools.types import Picture

ReadText = Callable[[Pixels], tuple[Pixels, list[Line]]]
ASKEW = 0.3
"""Degrees beyond which a picture is turned before its bars are measured."""
EYES = (
    "The built-in reader reads bar charts, tables and receipts. For others set up a vision "
    "model with 'visiontools endpoints add', or fill in what you see yourself."
)


def read_chart(pictures: Sequence[Picture], read_text: ReadText = read_upright) -> Reading:
    """What is printed and drawn in the one picture handed in, as a ``SeenChart``.

    ``read_text`` turns the pixels upright and reads them. Raises CannotTellError where it could
    not be followed, WrongPictureError where there is nothing of the kind, UsageError for several
    pictures.
    """
    if len(pictures) != 1:
        raise UsageError(
            "The built-in reader takes one chart at a time.", next="Hand in one picture."
        )
    rgb, lines = read_text(decode(pictures[0]))
    if not lines:
        raise WrongPictureError("There is no text in the picture.", next=EYES)
    if any(is_title(line.text) for line in lines):
        raise WrongPictureError(
            "The picture shows a nutrition label.", next="Read it with 'visiontools run diet'."
        )
    rows = rows_of(lines)
    if is_receipt(rows):
        return read_receipt(rgb, rows)
    rgb, lines = _straight(rgb, lines)
    bars = find_bars(rgb)
    if bars:
        return read_bars(rgb, lines, bars)
    grid = find_table(rows_of(lines))
    if grid:
        return read_table(rgb, grid)
    raise CannotTellError("No bars, table or receipt could be followed.", next=EYES)


def _straight(rgb: Pixels, lines: list[Line]) -> tuple[Pixels, list[Line]]:
    """The picture turned until its long strokes run level, and its text as it then reads."""
    slope = slant(rgb, float(np.median([line.height for line in lines])))
    if abs(slope) < ASKEW:
        return rgb, lines
    turned = rotate(rgb, slope)
    return turned, read_lines(turned)

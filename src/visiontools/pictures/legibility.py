"""Whether the small print survives the shrinking, and where the print is.

No text is read here. Print shows as short runs of rows that are full of vertical edges, one run a
line, beside each other in neighbouring columns; a run is about as high as the small letters of
its line. That takes about 0.2 s for 12 megapixels and nothing but Pillow. Not seen is print that
stands on its side, and print paler than an eighth of the range between black and white.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageFilter

Box = tuple[int, int, int, int]
"""Left, top, right (exclusive), bottom (exclusive), in pixels."""

LEGIBLE = 7.0
"""Pixels of letter height (an ``x`` of the small print) that can still be read.

An A4 page of 11-point text has letters of 7 to 8 pixels on Llama 3.2's 1120-pixel canvas, and the
model reads such pages well (88 % on DocVQA, as published). Letters that low are 10 with their
ascenders, close to one of the model's patches (14 pixels); below, several share a patch.
"""

WORTHWHILE = 1.1
"""A crop must enlarge what is sent by this factor, or the picture is left whole."""

_ANALYSE_AT = 2.5
_COLUMN = 80
_EDGE = 32
_DENSE = 26  # of 255: a tenth of a row's pixels in a column are at edges
_LOWEST, _HIGHEST = 4, 60
_FEWEST_RUNS = 6
NARROWEST = 2 * _COLUMN
"""Pixels; print in a picture with a shorter side cannot be judged."""

_CELL = 16
_COARSER = 4


@dataclass(frozen=True, slots=True)
class Print:
    """``height``: the small print's letter height in pixels of the image looked at.

    ``boxes``: areas to crop to, the safest first, each holding all the print that was seen.
    """

    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _Run:
    column: int
    top: int
    bottom: int

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def same_line(self, other: _Run) -> bool:
        overlap = min(self.bottom, other.bottom) - max(self.top, other.top)
        low, high = sorted((self.height, other.height))
        return overlap > low / 2 and high <= 1.6 * low + 1


def look(image: Image.Image, scale: float) -> Print | None:
    """The small print in an image that will be sent at ``scale``; None where there is none."""
    grey = image.convert("L")
    factor = max(1, int(1 / (scale * _ANALYSE_AT)))
    if factor > 1:
        grey = grey.reduce(factor)
    if grey.width < NARROWEST or grey.height < _HIGHEST:
        return None
    lines = list(_supported(_runs(grey)))
    if len(lines) < _FEWEST_RUNS:
        return None
    heights = sorted(run.height for run in lines)
    small = heights[len(heights) // 10]
    found = [_ink(grey)] if _drawn(grey) else [_ink(grey), _print(grey, lines)]
    boxes = tuple(_enlarged(box, factor, image.size) for box in found if box)
    return Print(small * factor, boxes)


def best_crop(
    seen: Print, scale: float, scale_of: Callable[[int, int], float]
) -> tuple[Box, float] | None:
    """The crop that makes the print legible, or as large as can be, with its scale; or None.

    ``scale_of`` says at which scale an area of some width and height would be sent.
    """
    best: tuple[Box, float] | None = None
    for box in seen.boxes:
        closer = scale_of(box[2] - box[0], box[3] - box[1])
        if closer < WORTHWHILE * scale or (best and closer < WORTHWHILE * best[1]):
            continue
        best = box, closer
        if seen.height * closer >= LEGIBLE:
            break
    return best


def _edges(grey: Image.Image, dx: int, dy: int) -> Image.Image:
    """255 where the brightness changes sharply within two pixels to the right or downwards."""
    width, height = grey.size
    shifted = grey.crop((dx, dy, width, height))
    plain = grey.crop((0, 0, width - dx, height - dy))
    changes = ImageChops.difference(plain, shifted)
    return changes.point([0] * _EDGE + [255] * (256 - _EDGE))


def _runs(grey: Image.Image) -> Iterator[_Run]:
    """The runs of rows that are dense in vertical edges, column by column."""
    columns = grey.width // _COLUMN
    upright = _edges(grey, 2, 0)
    density = upright.resize((columns, grey.height), Image.Resampling.BOX)
    rows = density.tobytes()
    for column in range(columns):
        yield from _column_runs(column, rows[column::columns])


def _column_runs(column: int, profile: bytes) -> Iterator[_Run]:
    start: int | None = None
    for row, value in enumerate((*profile, 0)):
        if value >= _DENSE and start is None:
            start = row
        elif value < _DENSE and start is not None:
            top, bottom = _half_height(profile, start, row)
            if _LOWEST <= bottom - top <= _HIGHEST:
                yield _Run(column, top, bottom)
            start = None


def _half_height(profile: bytes, top: int, bottom: int) -> tuple[int, int]:
    """The run without its thin ends: the ascenders and descenders of a line of small letters."""
    least = max(profile[top:bottom]) / 2
    while profile[top] < least:
        top += 1
    while profile[bottom - 1] < least:
        bottom -= 1
    return top, bottom


def _supported(runs: Iterator[_Run]) -> Iterator[_Run]:
    """Runs that go on in the next or the previous column, as a line of print does."""
    columns: dict[int, list[_Run]] = {}
    for run in runs:
        columns.setdefault(run.column, []).append(run)
    for column, own in columns.items():
        beside = columns.get(column - 1, []) + columns.get(column + 1, [])
        yield from (run for run in own if any(run.same_line(other) for other in beside))


def _ink(grey: Image.Image) -> Box | None:
    """The box of everything that stands out from its surroundings, but for single specks."""
    edges = ImageChops.lighter(
        _edges(grey, 2, 0).crop((0, 0, grey.width - 2, grey.height - 2)),
        _edges(grey, 0, 2).crop((0, 0, grey.width - 2, grey.height - 2)),
    )
    cells = edges.resize(
        (max(1, grey.width // _CELL), max(1, grey.height // _CELL)), Image.Resampling.BOX
    ).point([0] * 3 + [255] * 253)
    # The second largest of nine: ink with a neighbour stays, and the box gets a margin.
    box = cells.filter(ImageFilter.RankFilter(3, 7)).getbbox()
    if box is None:
        return None
    across, down = grey.width / cells.width, grey.height / cells.height
    left, top, right, bottom = box
    return int(left * across), int(top * down), int(right * across) + 1, int(bottom * down) + 1


def _print(grey: Image.Image, lines: list[_Run]) -> Box:
    """The box of all print, small and large: a brand's name is read from the same picture."""
    box = _around(lines, grey.size)
    coarse = grey.reduce(_COARSER)
    if coarse.width < NARROWEST:
        return box
    large = list(_supported(_runs(coarse)))
    if not large:
        return box
    left, top, right, bottom = _around(large, coarse.size)
    return (
        min(box[0], left * _COARSER),
        min(box[1], top * _COARSER),
        max(box[2], min(grey.width, right * _COARSER)),
        max(box[3], min(grey.height, bottom * _COARSER)),
    )


def _around(lines: list[_Run], size: tuple[int, int]) -> Box:
    """The box of some lines, with half a column and a line to spare on each side."""
    spare = max(run.height for run in lines)
    return (
        max(0, min(run.column for run in lines) * _COLUMN - _COLUMN // 2),
        max(0, min(run.top for run in lines) - spare),
        min(size[0], (max(run.column for run in lines) + 1) * _COLUMN + _COLUMN // 2),
        min(size[1], max(run.bottom for run in lines) + spare),
    )


def _drawn(grey: Image.Image) -> bool:
    """Whether one shade covers a third of the picture: a drawing, a screenshot or a clean scan.

    There a line without letters may matter as much as the print, so only empty margins go.
    """
    histogram = grey.histogram()
    return max(sum(histogram[i : i + 3]) for i in range(254)) * 3 >= sum(histogram)


def _enlarged(box: Box, factor: int, size: tuple[int, int]) -> Box:
    left, top, right, bottom = (side * factor for side in box)
    return left, top, min(right, size[0]), min(bottom, size[1])

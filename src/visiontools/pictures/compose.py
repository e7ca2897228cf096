"""Several pictures on one canvas, for a model that takes one picture a request.

Each picture stands below a grey band with its letter, never covered by it; the pictures keep
their order, left to right and top to bottom, and none is enlarged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from PIL import Image, ImageDraw, ImageFont

from visiontools.pictures.order import LETTERS
from visiontools.pictures.tiling import Limits, canvases

BAND = 32
"""Height in pixels of the band that carries a picture's letter."""

GAP = 8
"""Pixels of white between pictures."""

_BAND_SHADE = (221, 221, 221)

Size = tuple[int, int]
Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Layout:
    """A canvas of ``width`` x ``height`` pixels and each picture's box on it, without its band."""

    width: int
    height: int
    boxes: tuple[Box, ...]

    def scale(self, index: int, size: Size) -> float:
        """The scale at which a picture of this size is shown."""
        left, top, right, bottom = self.boxes[index]
        return min((right - left) / size[0], (bottom - top) / size[1])


def arrange(sizes: Sequence[Size], rules: Limits) -> Layout:
    """Lay out pictures of these widths and heights so that the worst off is as large as can be.

    Tries every way to break the sequence into rows (at most 256) on every canvas the model has,
    so that the canvas itself is never shrunk afterwards.
    """
    limits = [(rules.longest_side, rules.longest_side)]
    if rules.tiles:
        limits = [(c * rules.tile_side, r * rules.tile_side) for c, r in canvases(rules)]
        limits = [(min(w, rules.longest_side), min(h, rules.longest_side)) for w, h in limits]
    layouts = [
        layout
        for limit in limits
        for rows in _breaks(len(sizes))
        if (layout := _lay_out(sizes, rows, limit))
    ]
    return max(layouts, key=lambda layout: _worth(layout, sizes))


def compose(images: Sequence[Image.Image], layout: Layout) -> Image.Image:
    """Draw the pictures and their letters; mode RGB."""
    canvas = Image.new("RGB", (layout.width, layout.height), "white")
    draw = ImageDraw.Draw(canvas)
    font = ImageFont.load_default(size=BAND - 6)
    for letter, image, box in zip(LETTERS, images, layout.boxes, strict=False):
        left, top, right, bottom = box
        shown = image.resize((right - left, bottom - top), Image.Resampling.LANCZOS)
        canvas.paste(shown.convert("RGB"), (left, top))
        draw.rectangle((left, top - BAND, max(right, left + BAND) - 1, top - 1), fill=_BAND_SHADE)
        middle = (left + BAND / 2, top - BAND / 2)
        draw.text(middle, letter, fill="black", font=font, anchor="mm", stroke_width=0.6)
    return canvas


def _breaks(count: int) -> Iterator[list[range]]:
    """Every way to break 0, 1, ... count-1 into rows."""
    for cuts in range(2 ** (count - 1)):
        ends = [i + 1 for i in range(count - 1) if cuts >> i & 1] + [count]
        starts = [0, *ends[:-1]]
        yield [range(start, end) for start, end in zip(starts, ends, strict=True)]


def _lay_out(sizes: Sequence[Size], rows: list[range], limit: Size) -> Layout | None:
    """One row below the other, all pictures of a row equally high; None where there is no room."""
    room = limit[1] - len(rows) * BAND - (len(rows) - 1) * GAP
    widest = [limit[0] - (len(row) - 1) * GAP for row in rows]
    if room < len(rows) or min(widest) < BAND * max(len(row) for row in rows):
        return None
    heights = [
        min(width / sum(sizes[i][0] / sizes[i][1] for i in row), max(sizes[i][1] for i in row))
        for row, width in zip(rows, widest, strict=True)
    ]
    squeeze = min(1.0, room / sum(heights))
    boxes: list[Box] = []
    right, top = 0, 0
    for row, height in zip(rows, heights, strict=True):
        placed = _row([sizes[i] for i in row], height * squeeze, top + BAND)
        boxes += placed
        right = max(right, max(max(box[2], box[0] + BAND) for box in placed))
        top = max(box[3] for box in placed) + GAP
    if right > limit[0] or top - GAP > limit[1]:
        return None
    return Layout(right, top - GAP, tuple(boxes))


def _row(sizes: Sequence[Size], height: float, top: int) -> list[Box]:
    boxes: list[Box] = []
    left = 0
    for width, tall in sizes:
        scale = min(1.0, height / tall)
        across, down = max(1, int(width * scale)), max(1, int(tall * scale))
        boxes.append((left, top, left + across, top + down))
        left += max(across, BAND) + GAP
    return boxes


def _worth(layout: Layout, sizes: Sequence[Size]) -> tuple[float, float]:
    """First how large the smallest shrunk picture is shown, then all of them together."""
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in layout.boxes]
    shrunk = (
        sqrt(area)
        for area, (width, height) in zip(areas, sizes, strict=True)
        if area < 0.98 * width * height
    )
    return min(shrunk, default=inf), sum(areas)

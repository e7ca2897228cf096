"""Bars: flat rectangles of one colour that stand on one base line, measured to parts of a pixel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.reader.diagram.areas import flatness
from visiontools.reader.diagram.canvas import page_colour
from visiontools.reader.ocr import Pixels

THINNEST = 5
FULL = 0.78
"""A bar fills this share of the rectangle around it; print within it counts as filled."""
UNLIKE = 28
"""Of 255: what differs less from the page is no bar."""
ONE_COLOUR = 22
"""Of 255: bars that differ less are of one series."""
FEWEST = 3
EDGE = 7
"""Pixels beyond a bar's flat inside in which its edge lies."""

Colour = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """A flat rectangle: left, top, right, bottom in pixels, and its colour."""

    box: tuple[float, float, float, float]
    colour: Colour


@dataclass(frozen=True, slots=True, eq=False)
class Bar:
    """A bar in its chart's own directions: from ``start`` to ``end`` along the names' axis.

    ``length`` is from the base line to its end, in pixels; ``series`` numbers its colour.
    """

    start: float
    end: float
    length: float
    series: int

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2

    @property
    def thickness(self) -> float:
        return self.end - self.start


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """All bars in order; ``lying`` where they go from left to right; ``base`` in pixels.

    ``stacked`` where some stand on others, ``astray`` where some beside them have another base.
    """

    bars: tuple[Bar, ...]
    colours: tuple[Colour, ...]
    lying: bool
    base: float
    stacked: bool
    astray: bool

    @property
    def longest(self) -> float:
        return max(bar.length for bar in self.bars)

    @property
    def thickness(self) -> float:
        return float(np.median([bar.thickness for bar in self.bars]))


def blocks(rgb: Pixels) -> list[Block]:
    """Every flat rectangle apart from the page, and from areas that hold others."""
    calm = np.asarray(cv2.medianBlur(rgb, 5 if min(rgb.shape[:2]) > 330 else 3), dtype=np.uint8)
    page = page_colour(rgb)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flatness(calm), connectivity=4)
    height, width = rgb.shape[:2]
    found = []
    for i in range(1, count):
        x, y, w, h, size = (int(v) for v in stats[i])
        touches = x == 0 or y == 0 or x + w == width or y + h == height
        if touches or min(w, h) < THINNEST - 2 or size < 0.5 * w * h:
            continue
        inside = np.asarray(labels[y : y + h, x : x + w] == i)
        colour = np.median(calm[y : y + h, x : x + w][inside], axis=0)
        if np.abs(colour - page).max() < UNLIKE or _filled(inside) < FULL:
            continue
        found.append(Block((x, y, x + w, y + h), np.asarray(colour, dtype=np.float64)))
    return [one for one in found if not any(_holds(one, other) for other in found)]


def _filled(inside: NDArray[np.bool_]) -> float:
    outlines, _ = cv2.findContours(
        inside.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE
    )
    whole = np.zeros(inside.shape, np.uint8)
    cv2.drawContours(whole, outlines, -1, 1, -1)
    return float(whole.mean())


def _holds(one: Block, other: Block) -> bool:
    a, b = one.box, other.box
    return one is not other and a[0] <= b[0] and a[1] <= b[1] and a[2] >= b[2] and a[3] >= b[3]


def find_bars(rgb: Pixels) -> Bars | None:
    """The bars of the chart, or None where no three rectangles of one thickness share a base."""
    found = [one for one in blocks(rgb) if min(_size(one)) >= THINNEST - 2]
    upright, lying = _on_one_base(found, lying=False), _on_one_base(found, lying=True)
    best = max((upright, lying), key=lambda group: (len(group), _area(group)))
    if len(best) < FEWEST:
        return None
    return _measured(rgb, best, found, lying=best is lying)


def _size(block: Block) -> tuple[float, float]:
    x0, y0, x1, y1 = block.box
    return x1 - x0, y1 - y0


def _area(group: Sequence[Block]) -> float:
    return sum(_size(one)[0] * _size(one)[1] for one in group)


def _on_one_base(found: Sequence[Block], *, lying: bool) -> list[Block]:
    """The largest set of blocks with one base and one thickness, and not all of one length."""
    best: list[Block] = []
    for one in found:
        base, thick = _base(one, lying), _size(one)[1 if lying else 0]
        group = [
            other for other in found
            if abs(_base(other, lying) - base) <= 2.5
            and abs(_size(other)[1 if lying else 0] - thick) <= 2 + 0.08 * thick
        ]  # fmt: skip
        lengths = [_size(other)[0 if lying else 1] for other in group]
        if max(lengths) - min(lengths) < 3 or max(lengths) < 1.2 * thick:
            continue
        if (len(group), _area(group)) > (len(best), _area(best)):
            best = group
    return best


def _base(block: Block, lying: bool) -> float:
    return block.box[0] if lying else block.box[3]


def _measured(rgb: Pixels, group: Sequence[Block], found: Sequence[Block], *, lying: bool) -> Bars:
    ends = [_edges(rgb, one, lying) for one in group]
    base = float(np.median([near for near, _ in ends]))
    colours: list[Colour] = []
    bars = []
    for one, (_, far) in zip(group, ends, strict=True):
        start, end = (one.box[1], one.box[3]) if lying else (one.box[0], one.box[2])
        length = far - base if lying else base - far
        bars.append(Bar(start, end, length, _series(one.colour, colours)))
    bars.sort(key=lambda bar: bar.start)
    others = [other for other in found if other not in group]
    stacked = any(_stands_on(other, group, lying) for other in others)
    astray = any(_like_a_bar(other, group, lying) for other in others)
    return Bars(tuple(bars), tuple(colours), lying, base, stacked, astray)


def _like_a_bar(block: Block, group: Sequence[Block], lying: bool) -> bool:
    """Whether a block among bars is as thick as one, of its colour, and begins near the base."""
    side = 1 if lying else 0
    low, high = (f(bar.box[side + 2 * k] for bar in group) for k, f in enumerate((min, max)))
    thick = _size(group[0])[side]
    if block.box[side] < low - 3 * thick or block.box[side + 2] > high + thick:
        return False
    return any(
        np.abs(block.colour - bar.colour).max() < ONE_COLOUR
        and abs(_size(block)[side] - _size(bar)[side]) <= 3 + 0.1 * _size(bar)[side]
        and abs(_base(block, lying) - _base(bar, lying)) < 30
        for bar in group
    )


def _series(colour: Colour, colours: list[Colour]) -> int:
    """The number of a colour, a new one where it is like none before."""
    for i, known in enumerate(colours):
        if np.abs(known - colour).max() < ONE_COLOUR:
            return i
    colours.append(colour)
    return len(colours) - 1


def _stands_on(block: Block, group: Sequence[Block], lying: bool) -> bool:
    """Whether a block begins where a bar ends, as wide as it."""
    near, sides = (0, (1, 3)) if lying else (3, (0, 2))
    for bar in group:
        far = bar.box[2] if lying else bar.box[1]
        beside = all(abs(block.box[i] - bar.box[i]) <= 3 for i in sides)
        if beside and abs(block.box[near] - far) <= 2 * EDGE:
            return True
    return False


def _edges(rgb: Pixels, block: Block, lying: bool) -> tuple[float, float]:
    """Where a bar begins at the base and ends, in pixels, by its colour's half way to the page."""
    x0, y0, x1, y1 = (round(v) for v in block.box)
    if lying:
        room = (y1 - y0) // 4
        window = np.median(rgb[y0 + room : y1 - room], axis=0)
        return _edge(window, x0, -1, block.colour), _edge(window, x1 - 1, 1, block.colour)
    room = (x1 - x0) // 4
    window = np.median(rgb[:, x0 + room : x1 - room], axis=1)
    return _edge(window, y1 - 1, 1, block.colour), _edge(window, y0, -1, block.colour)


def _edge(profile: NDArray[np.float64], inside: int, step: int, colour: Colour) -> float:
    """The first place from ``inside`` on where a profile has left ``colour`` by half."""
    places = [inside + step * k for k in range(-2, EDGE + 1)]
    places = [place for place in places if 0 <= place < len(profile)]
    beyond = profile[places[-1]] - colour
    size = float(beyond @ beyond)
    if size < 1:
        return inside + (1.0 if step > 0 else 0.0)
    shares = [float((profile[place] - colour) @ beyond) / size for place in places]
    for place, before, share in zip(places[1:], shares, shares[1:], strict=False):
        if share >= 0.5:
            part = (0.5 - before) / (share - before) if share > before else 1.0
            return place - step * (1 - part) + 0.5
    return inside + (1.0 if step > 0 else 0.0)

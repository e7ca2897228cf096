"""See a slanted, receding or slightly bent page as if its lines ran level.

The slope of the writing at (x, y) is taken to be ``tilt + recede*y + bend*x``: a turned page, one
whose far side is smaller, and one around a can. Single lines tell it roughly, lines that stand
beside each other tell it well, because they lie far apart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from visiontools.reader.ocr import Line, Quad

Points = NDArray[np.float64]

NEAR = 0.02
"""How far the slope of whole rows may lie from that of single lines."""
CROOKED = 0.05
"""Where lines of a page still slope by this after levelling, rows cannot be told."""
SIMPLER = 0.985
"""A simpler page is preferred where it explains this share of what the best one does."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the fit needs of the lines; ``long`` marks those whose own slope says something."""

    middles: Points
    heights: Points
    begins: Points
    ends: Points
    slopes: Points
    long: NDArray[np.bool_]

    @property
    def weights(self) -> Points:
        return (self.ends - self.begins) * self.long


def levelled(lines: Sequence[Line]) -> Callable[[Points], Points]:
    """A map from the picture's points to a page on which the lines of text run level."""
    if not any(line.width > 3 * line.height for line in lines):
        return lambda points: points
    known = _known(lines)
    origin = np.average(known.middles, axis=0, weights=known.weights)
    known.middles[:] -= origin
    tilt, recede, bend = _best_page(known)

    def level(points: Points) -> Points:
        x, y = points[..., 0] - origin[0], points[..., 1] - origin[1]
        moved = points.copy()
        moved[..., 1] = points[..., 1] - (tilt + recede * y) * x - bend * x**2 / 2
        moved[..., 0] = points[..., 0] + tilt * y
        return moved

    return level


def _known(lines: Sequence[Line]) -> _Lines:
    return _Lines(
        np.array([line.center for line in lines]),
        np.array([line.height for line in lines]),
        np.array([line.x0 for line in lines]),
        np.array([line.x1 for line in lines]),
        np.array([_slope(line.quad) for line in lines]),
        np.array([line.width > 3 * line.height for line in lines]),
    )


def _slope(quad: Quad) -> float:
    left, right = _middles(quad)
    run = float(right[0] - left[0])
    return float(right[1] - left[1]) / run if abs(run) > 1e-6 else 0.0


def _best_page(known: _Lines) -> Points:
    """Tilt, recede and bend: of pages from the simplest on, the first that fits well enough."""
    pages = [np.zeros(3)]
    for more in ((), (1,), (2,), (1, 2)):
        own = _own_slopes(known, more)
        pages.append(max(own, _by_rows(known, own, more), key=lambda page: _fit(known, page)))
    fits = [_fit(known, page) for page in pages]
    good = (page for page, fit in zip(pages, fits, strict=True) if fit >= SIMPLER * max(fits))
    return next(good)


def _terms(known: _Lines) -> Points:
    return np.column_stack([np.ones(len(known.middles)), known.middles[:, 1], known.middles[:, 0]])


def _own_slopes(known: _Lines, more: tuple[int, ...]) -> Points:
    """The page that single lines show; outliers lose their say step by step."""
    terms, weights = _terms(known), known.weights
    page = np.zeros(3)
    page[0] = _weighted_median(known.slopes[known.long], weights[known.long])
    chosen = [0, *more]
    if not more or known.long.sum() < 5:
        return page
    say = weights
    for _ in range(6):
        root = np.sqrt(say)[:, None]
        page[chosen] = np.linalg.lstsq(
            terms[:, chosen] * root, known.slopes * root[:, 0], rcond=None
        )[0]
        say = weights / (1 + ((known.slopes - terms @ page) / 0.02) ** 2)
    return page


def _weighted_median(values: Points, weights: Points) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _by_rows(known: _Lines, page: Points, more: tuple[int, ...]) -> Points:
    """The page near ``page`` on which most lines come to stand level with a neighbour.

    Boxes of short text slope by a pixel or two of their own; between two columns the same
    pixel is a tenth of that.
    """
    rises, terms, heights = _neighbours(known, page)
    if len(rises) < 6:
        return page
    steps = np.linspace(-NEAR, NEAR, 41)
    tried = page + np.outer(steps, [1.0, 0.0, 0.0])
    shares = [_level(rises - terms @ one, heights).sum() for one in tried]
    page = tried[int(np.argmax(shares))].copy()
    chosen = [0, *more]
    for _ in range(3):
        apart = rises - terms @ page
        say = np.exp(-((apart / (0.3 * heights)) ** 2))[:, None]
        page[chosen] += np.linalg.lstsq(terms[:, chosen] * say, apart * say[:, 0], rcond=None)[0]
    return page


def _neighbours(known: _Lines, page: Points) -> tuple[Points, Points, Points]:
    """From each line to the next in its row: rise, what each term adds to it, and height."""
    rises, terms, heights = [], [], []
    x, y = known.middles.T
    for i in range(len(x)):
        run, rise = x - x[i], y - y[i]
        height = np.minimum(known.heights, known.heights[i])
        adds = np.column_stack([run, run * (y + y[i]) / 2, (x**2 - x[i] ** 2) / 2])
        level = np.abs(rise - adds @ page) < 0.8 * height + NEAR * run
        alike = np.maximum(known.heights, known.heights[i]) < 1.6 * height
        beside = np.flatnonzero((known.begins > known.ends[i]) & level & alike)
        if beside.size:
            near = beside[np.argmin(run[beside])]
            rises.append(rise[near])
            terms.append(adds[near])
            heights.append(height[near])
    return np.array(rises), np.array(terms).reshape(-1, 3), np.array(heights)


def _level(apart: Points, heights: Points) -> Points:
    return np.asarray(np.exp(-((apart / (0.12 * heights)) ** 2)))


def _fit(known: _Lines, page: Points) -> float:
    """How well a page explains the slopes of single lines and the height of neighbours.

    Both matter: a page on which every column is one row too high fits its neighbours.
    """
    off = (known.slopes - _terms(known) @ page) / NEAR
    own = float(np.average(np.exp(-(off**2)), weights=known.weights))
    rises, terms, heights = _neighbours(known, page)
    if not len(rises):
        return own
    return own + float(_level(rises - terms @ page, heights).sum()) / len(known.middles)


def crooked(lines: Sequence[Line], level: Callable[[Points], Points]) -> bool:
    """Whether the writing of some third of the page still slopes, so that rows may be mixed up."""
    long = [line for line in lines if line.width > 2 * line.height]
    if len(long) < 6:
        return False
    ends = np.array([level(_middles(line.quad)) for line in long])
    run, rise = (ends[:, 1] - ends[:, 0]).T
    thirds = np.array_split(np.argsort(ends.mean(axis=1)[:, 0]), 3)
    return any(
        abs(_weighted_median(rise[part] / np.maximum(run[part], 1.0), run[part])) > CROOKED
        for part in thirds
    )


def spans(line: Line, level: Callable[[Points], Points]) -> list[tuple[float, float]]:
    """Each character's left and right edge on the levelled page, halfway to its neighbours."""
    left, right = level(_middles(line.quad))
    width = float(right[0] - left[0])
    edges = [0.0, *((one + two) / 2 for one, two in pairwise(line.at)), 1.0]
    return [(left[0] + width * start, left[0] + width * end) for start, end in pairwise(edges)]


def _middles(quad: Quad) -> Points:
    return np.array([(quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2])

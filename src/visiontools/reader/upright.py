"""Turn a picture upright by its text, and see a slightly slanted page as if it were level."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from visiontools.reader.ocr import MIN_CONFIDENCE, Line, Pixels, Quad, cut, find_text, read_crops

PROBES = 6
SURE = 0.9
"""Long lines of upright text are read with more than this confidence, upside down with less."""

LEVEL = 0.004
"""A slope smaller than this (4 pixels in 1000) is no slant but the roughness of the boxes."""

NEAR = 0.02
"""How far the slope of whole rows may lie from that of single lines."""
FEWEST_PAIRS = 6

Points = NDArray[np.float64]


def read_upright(rgb: Pixels) -> tuple[Pixels, list[Line]]:
    """The picture turned by 0, 90, 180 or 270 degrees so that its text reads, and its lines."""
    quads = find_text(rgb)
    if _mostly_tall(quads):
        rgb = np.ascontiguousarray(np.rot90(rgb))
        quads = find_text(rgb)
    probes = sorted(quads, key=_width, reverse=True)[:PROBES]
    if probes and _upside_down(rgb, probes):
        rgb = np.ascontiguousarray(np.rot90(rgb, 2))
        size = np.array([rgb.shape[1], rgb.shape[0]], dtype=np.float64)
        quads = [(size - quad)[[2, 3, 0, 1]] for quad in quads]
    return rgb, _read(rgb, quads)


def _read(rgb: Pixels, quads: Sequence[Quad]) -> list[Line]:
    texts = read_crops([cut(rgb, quad) for quad in quads])
    return [
        Line(text.text, text.confidence, text.at, text.sure, quad)
        for quad, text in zip(quads, texts, strict=True)
        if text.text.strip() and text.confidence >= MIN_CONFIDENCE
    ]


def _mostly_tall(quads: Sequence[Quad]) -> bool:
    """Whether most of the writing runs up or down the picture."""
    tall = sum(_height(quad) for quad in quads if _height(quad) > 1.5 * _width(quad))
    wide = sum(_width(quad) for quad in quads if _width(quad) > 1.5 * _height(quad))
    return tall > wide


def _upside_down(rgb: Pixels, quads: Sequence[Quad]) -> bool:
    """Whether the longest lines read better turned by 180 degrees."""
    crops = [cut(rgb, quad) for quad in quads]
    as_is = np.mean([text.confidence for text in read_crops(crops)])
    if as_is > SURE:
        return False
    turned = [np.ascontiguousarray(np.rot90(crop, 2)) for crop in crops]
    return bool(np.mean([text.confidence for text in read_crops(turned)]) > as_is)


def _width(quad: Quad) -> float:
    return float(np.linalg.norm(quad[1] - quad[0]))


def _height(quad: Quad) -> float:
    return float(np.linalg.norm(quad[3] - quad[0]))


def levelled(lines: Sequence[Line]) -> Callable[[Points], Points]:
    """A map from the picture's points to a page on which the lines of text run level.

    The slope of the writing is fitted as ``a + b*y``, which follows a turned page and one whose
    far side is smaller: first to the lines' own slopes, weighted by their length, then to lines
    that stand beside each other, which tell it better because they lie far apart.
    """
    long = [line for line in lines if line.width > 3 * line.height]
    if not long:
        return lambda points: points
    middles = np.array([line.center for line in long])
    slopes = np.array([_slope(line.quad) for line in long])
    weights = np.array([line.width**2 for line in long])
    a, b = _robust_fit(middles[:, 1], slopes, weights)
    a, b = _by_rows(lines, a, b)
    centre = float(np.average(middles[:, 0], weights=weights))

    def level(points: Points) -> Points:
        moved = points.copy()
        slope = a + b * points[..., 1]
        moved[..., 1] = points[..., 1] - slope * (points[..., 0] - centre)
        moved[..., 0] = points[..., 0] + a * points[..., 1]
        return moved

    return level


def _by_rows(lines: Sequence[Line], a: float, b: float) -> tuple[float, float]:
    """The slopes near ``a`` at which most lines come to stand level with another one.

    Boxes of short text slope by a pixel or two of their own; between two columns the same
    pixel is a tenth of that. A level page is preferred where it fits as well.
    """
    pairs = _neighbours(lines, a, b)
    if len(pairs) < FEWEST_PAIRS:
        return a, b
    run, rise, y, height = pairs.T
    bends = {b, 0.0}
    tried = [(a + step, bend) for bend in bends for step in np.linspace(-NEAR, NEAR, 41)]
    scores = [_level_share(rise - (s + bend * y) * run, height) for s, bend in [*tried, (0.0, 0.0)]]
    best = int(np.argmax(scores))
    if scores[-1] > 0.97 * scores[best]:
        return 0.0, 0.0
    return tried[best]


def _neighbours(lines: Sequence[Line], a: float, b: float) -> Points:
    """Run, rise, y and height from each line to the next one that may stand in its row."""
    middles = np.array([line.center for line in lines])
    heights = np.array([line.height for line in lines])
    begins = np.array([line.x0 for line in lines])
    pairs = []
    for line, (x, y) in zip(lines, middles, strict=True):
        run, rise = middles[:, 0] - x, middles[:, 1] - y
        height = np.minimum(heights, line.height)
        level = np.abs(rise - (a + b * y) * run) < 0.8 * height + NEAR * run
        alike = np.maximum(heights, line.height) < 1.6 * height
        beside = np.flatnonzero((begins > line.x1) & level & alike)
        if beside.size:
            next_one = beside[np.argmin(run[beside])]
            pairs.append((run[next_one], rise[next_one], y, height[next_one]))
    return np.array(pairs).reshape(-1, 4)


def _level_share(apart: Points, height: Points) -> float:
    return float(np.exp(-((apart / (0.12 * height)) ** 2)).sum())


def _slope(quad: Quad) -> float:
    left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    run = float(right[0] - left[0])
    return float(right[1] - left[1]) / run if abs(run) > 1e-6 else 0.0


def _robust_fit(y: Points, slopes: Points, weights: Points) -> tuple[float, float]:
    """A weighted straight line through the slopes; outliers are left out.

    A change of slope down the page is believed only where it explains most of the spread: the
    slopes of a level page differ too, by a pixel more or less in a box.
    """
    middle = _weighted_median(slopes, weights)
    near = np.abs(slopes - middle) < 0.05
    if near.sum() >= 5 and np.ptp(y[near]) >= 100:
        b, a = np.polyfit(y[near], slopes[near], 1, w=weights[near] ** 0.5)
        before = np.average((slopes[near] - middle) ** 2, weights=weights[near])
        after = np.average((slopes[near] - a - b * y[near]) ** 2, weights=weights[near])
        if after < 0.4 * before and np.sqrt(before) > LEVEL:
            return float(a), float(b)
    return (middle, 0.0) if abs(middle) > LEVEL else (0.0, 0.0)


def _weighted_median(values: Points, weights: Points) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def spans(line: Line, level: Callable[[Points], Points]) -> list[tuple[float, float]]:
    """Each character's left and right edge on the levelled page, halfway to its neighbours."""
    left, right = level(_middles(line.quad))
    width = float(right[0] - left[0])
    edges = [0.0, *((one + two) / 2 for one, two in pairwise(line.at)), 1.0]
    return [(left[0] + width * start, left[0] + width * end) for start, end in pairwise(edges)]


def _middles(quad: Quad) -> Points:
    return np.array([(quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2])

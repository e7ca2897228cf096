"""Flat areas of one colour, and which of the standard shapes their outlines are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.answers.graph import Shape
from visiontools.reader.diagram.canvas import Canvas, Mask, believable
from visiontools.reader.diagram.outlines import classify
from visiontools.reader.ocr import Line, Pixels

FLAT = 22
"""The largest difference within 3 x 3 pixels that still counts as one colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A flat area, holes filled: its outline, colour and bounding box (x, y, w, h).

    ``sure`` tells whether its shape is one and no other.
    """

    contour: NDArray[Any]
    colour: NDArray[np.float64]
    box: tuple[int, int, int, int]
    shape: Shape | None
    filled: bool
    lines: tuple[int, ...]
    sure: bool = True

    @property
    def area(self) -> float:
        return float(cv2.contourArea(self.contour))


def flatness(rgb: Pixels) -> Mask:
    """1 where the 3 x 3 neighbourhood is of one colour."""
    kernel = np.ones((3, 3), np.uint8)
    steps = cv2.morphologyEx(rgb, cv2.MORPH_GRADIENT, kernel).max(axis=2)
    return np.asarray(steps <= FLAT, dtype=np.uint8)


def find_areas(canvas: Canvas, flat: Mask) -> list[Area]:
    """Every flat area large enough to hold a letter, apart from the page around all."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    height, width = flat.shape
    least = 0.14 * canvas.em
    dark = 0.6 * float(np.percentile(canvas.off_page(), 99.5))
    areas = []
    for i in range(1, count):
        x, y, w, h, size = (int(v) for v in stats[i])
        if min(w, h) < least or max(w, h) < 0.8 * canvas.em or size < 0.15 * canvas.em**2:
            continue
        if x == 0 or y == 0 or x + w == width or y + h == height:
            continue
        mask = labels[y : y + h, x : x + w] == i
        if size < 0.35 * w * h and _is_pen(canvas, mask, (x, y), dark):
            continue
        areas.append(_area(canvas, mask, (x, y, w, h)))
    return areas


def _is_pen(canvas: Canvas, mask: NDArray[np.bool_], at: tuple[int, int], dark: float) -> bool:
    """Whether an area is a stroke wide enough to look flat, such as a thick outline."""
    window = canvas.rgb[at[1] : at[1] + mask.shape[0], at[0] : at[0] + mask.shape[1]]
    colour = np.median(window[mask], axis=0)
    return float(np.abs(colour - canvas.page).max()) > dark


def area_around(canvas: Canvas, flat: Mask, line: Line) -> Area | None:
    """The flat area a line of text stands in, where the page is not reached from the text."""
    along = (line.quad[1] - line.quad[0]) / max(line.width, 1.0)
    down = (line.quad[3] - line.quad[0]) / max(line.height, 1.0)
    ends, edge = 0.3 * line.height, 0.25 * line.height
    if line.width <= 2.5 * ends:
        return None
    core = line.quad + np.array(
        [along * ends + down * edge, -along * ends + down * edge,
         -along * ends - down * edge, along * ends - down * edge]
    )  # fmt: skip
    opened = flat.copy()
    cv2.fillConvexPoly(opened, np.round(core).astype(np.int32), 1)
    found = np.zeros((flat.shape[0] + 2, flat.shape[1] + 2), np.uint8)
    seed = (round(line.center[0]), round(line.center[1]))
    _, _, _, (x, y, w, h) = cv2.floodFill(opened, found, seed, 2, flags=4)
    if x == 0 or y == 0 or x + w == flat.shape[1] or y + h == flat.shape[0]:
        return None
    return _area(canvas, opened[y : y + h, x : x + w] == 2, (x, y, w, h))


def _area(canvas: Canvas, mask: NDArray[np.bool_], box: tuple[int, int, int, int]) -> Area:
    x, y, w, h = box
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(x, y)
    )
    contour = max(contours, key=cv2.contourArea)
    colour = np.median(canvas.rgb[y : y + h, x : x + w][mask], axis=0)
    contour = _mended(contour, canvas.lines)
    x, y, w, h = (int(v) for v in cv2.boundingRect(contour))
    box = (x, y, w, h)
    fit = classify(contour)
    filled = float(np.abs(colour - canvas.page).max()) > 5
    inside = tuple(
        i for i, line in enumerate(canvas.lines)
        if cv2.pointPolygonTest(contour, line.center, False) > 0
        and (believable(line.text) or _encloses(contour, line, 0.15 * canvas.em))
    )  # fmt: skip
    sure = fit.sure if fit else True
    return Area(contour, colour, box, fit.shape if fit else None, filled, inside, sure)


def _encloses(contour: NDArray[Any], line: Line, slack: float) -> bool:
    """Whether a whole line of text lies inside: an arrowhead at the outline does not."""
    return all(
        cv2.pointPolygonTest(contour, (float(x), float(y)), True) > -slack for x, y in line.quad
    )


def _mended(contour: NDArray[Any], lines: Sequence[Line]) -> NDArray[Any]:
    """The outline without the bites that text standing close to it takes out of it."""
    hull = cv2.convexHull(contour)
    if cv2.contourArea(contour) > 0.97 * cv2.contourArea(hull):
        return contour
    x, y, w, h = cv2.boundingRect(hull)
    area, limit = np.zeros((h, w), np.uint8), np.zeros((h, w), np.uint8)
    cv2.drawContours(area, [contour - [x, y]], -1, 1, -1)
    cv2.drawContours(limit, [hull - [x, y]], -1, 1, -1)
    for line in lines:
        if cv2.pointPolygonTest(contour, line.center, False) > 0:
            cv2.fillConvexPoly(area, np.round(line.quad - [x, y]).astype(np.int32), 1)
    contours, _ = cv2.findContours(
        area & limit, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(x, y)
    )
    return max(contours, key=cv2.contourArea)

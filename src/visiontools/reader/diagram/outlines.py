"""Which standard flow chart shape an outline is, measured against ideal outlines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.answers.graph import Shape

Points = NDArray[np.float64]
MOST_SHEAR = 0.09
"""The steepest side of a box that is taken for a level one."""
LEAST_SOLIDITY = 0.9

ROUNDED, OVAL = 0.39, 0.435
"""Corners' radius as a share of the shorter side: a rounded box's at most, an oval's at least.
An ideal oval with straight sides has half of that side; soft corners measure a little less."""


@dataclass(frozen=True, slots=True)
class Fit:
    """``error`` is the 90th percentile of the outline's distance from the ideal, in pixels.

    ``sure`` is False for corners too round for a rounded box and not round enough for an oval.
    """

    shape: Shape
    error: float
    sure: bool = True


def classify(contour: NDArray[Any]) -> Fit | None:
    """The shape whose ideal outline lies nearest; None for what is no standard shape.

    ``contour`` is an N x 1 x 2 outline as OpenCV gives it, about upright.
    """
    area = cv2.contourArea(contour)
    hull = cv2.convexHull(contour)
    if area < 40 or area < LEAST_SOLIDITY * cv2.contourArea(hull):
        return None
    fits = [fit for outline in (contour, _unsheared(contour)) for fit in _fits(outline, area)]
    best = min(fits, key=lambda fit: fit.error)
    _, _, w, h = cv2.boundingRect(contour)
    return best if best.error <= max(3.6, 0.035 * min(w, h)) else None


def _fits(contour: NDArray[Any], area: float) -> list[Fit]:
    """How well each standard shape of the same bounding box fits."""
    low, high = contour[:, 0].min(axis=0), contour[:, 0].max(axis=0)
    (x0, y0), (x1, y1) = (tuple(map(float, corner)) for corner in (low, high))
    points = _along(contour, 96)
    ideals = _ideals((x0, y0, x1, y1), area, x1 - x0, y1 - y0)
    shape, outline, sure = _box(_sides(points), area)
    fits = [Fit(ideal, _error(points, drawn)) for ideal, drawn in ideals]
    return [*fits, Fit(shape, _error(points, outline), sure)]


def _sides(points: Points) -> tuple[float, float, float, float]:
    """Where the four sides of a box usually are: arrows that touch it make small bumps."""
    found = []
    for axis in (0, 1):
        along, off = points[:, 1 - axis], points[:, axis]
        low, high = along.min(), along.max()
        middle = (along > low + 0.25 * (high - low)) & (along < high - 0.25 * (high - low))
        half = off < (off.min() + off.max()) / 2
        found.append([float(np.median(off[side])) if side.any() else float(off.mean())
                      for side in (middle & half, middle & ~half)])  # fmt: skip
    (x0, x1), (y0, y1) = found
    return x0, y0, x1, y1


def _box(sides: tuple[float, float, float, float], area: float) -> tuple[Shape, Points, bool]:
    """A box between four sides, and whether its kind is sure.

    The radius of its corners follows from the area.
    """
    w, h = sides[2] - sides[0], sides[3] - sides[1]
    missing = max(0.0, w * h - area)
    radius = min((missing / (4 - np.pi)) ** 0.5, min(w, h) / 2)
    sure = not ROUNDED * min(w, h) < radius < OVAL * min(w, h)
    return _rounding(radius, w, h), _rounded(sides, radius), sure


def _unsheared(contour: NDArray[Any]) -> NDArray[Any]:
    """The outline with its sides made level and upright, as far as a hand-held camera tilts them.

    Each side's slope is taken along its middle half; symmetric shapes have none.
    """
    points = contour[:, 0].astype(np.float64)
    for across in (0, 1):
        slope = _slope(points, across)
        if abs(slope) < MOST_SHEAR:
            points[:, 1 - across] -= slope * (points[:, across] - points[:, across].mean())
    return points[:, None]


def _slope(points: Points, across: int) -> float:
    """The mean slope of the two sides that run along axis ``across``."""
    along, off = points[:, across], points[:, 1 - across]
    low, high = along.min(), along.max()
    middle = (along > low + 0.25 * (high - low)) & (along < high - 0.25 * (high - low))
    half = off < (off.min() + off.max()) / 2
    slopes = [
        float(np.polyfit(along[side], off[side], 1)[0])
        for side in (middle & half, middle & ~half) if np.ptp(along[side] if side.any() else 0) > 4
    ]  # fmt: skip
    return float(np.mean(slopes)) if len(slopes) == 2 else 0.0


def _ideals(
    box: tuple[float, float, float, float], area: float, w: float, h: float
) -> list[tuple[Shape, Points]]:
    """Ideal outlines in the same bounding box; a free slant follows from the area."""
    x0, y0, x1, y1 = box
    cx, cy = (x0 + x1) / 2, (y0 + y1) / 2
    missing = max(0.0, w * h - area)
    slant = min(missing / max(h, 1.0), w * 0.7)
    ideals: list[tuple[Shape, Points]] = [
        ("diamond", np.array([[cx, y0], [x1, cy], [cx, y1], [x0, cy]])),
        ("circle" if abs(w - h) < 0.07 * max(w, h) else "oval", _ellipse(cx, cy, w / 2, h / 2)),
    ]
    if slant > 0.14 * h:
        ideals += [
            ("parallelogram", np.array([[x0 + slant, y0], [x1, y0], [x1 - slant, y1], [x0, y1]])),
            ("parallelogram", np.array([[x0, y0], [x1 - slant, y0], [x1, y1], [x0 + slant, y1]])),
        ]
    return ideals


def _rounding(radius: float, w: float, h: float) -> Shape:
    if radius < max(4.5, 0.085 * min(w, h)):
        return "box"
    if radius < OVAL * min(w, h):
        return "rounded"
    return "circle" if abs(w - h) < 0.07 * max(w, h) else "oval"


def _ellipse(cx: float, cy: float, a: float, b: float) -> Points:
    t = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    return np.stack([cx + a * np.cos(t), cy + b * np.sin(t)], axis=1)


def _rounded(box: tuple[float, float, float, float], radius: float) -> Points:
    x0, y0, x1, y1 = box
    if radius < 1.5:
        return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]])
    t = np.linspace(0, np.pi / 2, 10)
    corners = [
        (x1 - radius, y1 - radius, 0), (x0 + radius, y1 - radius, 1),
        (x0 + radius, y0 + radius, 2), (x1 - radius, y0 + radius, 3),
    ]  # fmt: skip
    arcs = [
        np.stack(
            [cx + radius * np.cos(t + q * np.pi / 2), cy + radius * np.sin(t + q * np.pi / 2)], 1
        )
        for cx, cy, q in corners
    ]
    return np.concatenate(arcs)


def _along(contour: NDArray[Any], count: int) -> Points:
    """Points evenly spaced along the outline."""
    loop = np.vstack([contour[:, 0], contour[:1, 0]]).astype(np.float64)
    lengths = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(loop, axis=0), axis=1))])
    at = np.linspace(0, lengths[-1], count, endpoint=False)
    return np.stack([np.interp(at, lengths, loop[:, 0]), np.interp(at, lengths, loop[:, 1])], 1)


def _error(points: Points, outline: Points) -> float:
    polygon = outline.astype(np.float32).reshape(-1, 1, 2)
    far = [abs(cv2.pointPolygonTest(polygon, (float(x), float(y)), True)) for x, y in points]
    return float(np.percentile(far, 90))

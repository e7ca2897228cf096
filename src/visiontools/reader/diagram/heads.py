"""Filled arrowheads: blobs wider than the strokes, standing at a node and narrowing towards it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.canvas import Mask
from visiontools.reader.diagram.ink import Ink

GAP = 0.36
"""How far from a node a line or head may end and still touch it, in text heights."""


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """``pixels`` are its (x, y), ``tip`` the one nearest to its node."""

    node: int
    pixels: NDArray[np.float64]
    tip: NDArray[np.float64]

    def narrows(self, away: NDArray[np.float64]) -> bool:
        """Whether it is widest towards its line, which leaves it in the direction ``away``."""
        along = self.pixels @ away
        across = self.pixels @ np.array([-away[1], away[0]])
        steps = np.floor(along - along.min()).astype(int)
        widths = np.array(
            [
                np.ptp(across[steps == i]) if (steps == i).any() else 0.0
                for i in range(steps.max() + 1)
            ]
        )
        broad = np.nonzero(widths >= 0.45 * widths.max())[0]
        widest = np.nonzero(widths >= widths.max() - 1.0)[0]
        share = (float(widest.mean()) - broad[0]) / max(float(broad[-1] - broad[0]), 1.0)
        return bool(share > 0.55)


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """For every pixel the nearest node's index and its distance in pixels."""

    node: NDArray[np.int64]
    far: NDArray[np.float32]

    def at(self, point: Sequence[float] | NDArray[np.float64]) -> tuple[int, float]:
        y = min(max(round(float(point[1])), 0), self.far.shape[0] - 1)
        x = min(max(round(float(point[0])), 0), self.far.shape[1] - 1)
        return int(self.node[y, x]), float(self.far[y, x])


def nearest_nodes(owner: Mask) -> Nearest:
    """Distances to the nodes of a mask that holds node numbers + 1."""
    far, labels = cv2.distanceTransformWithLabels(
        (owner == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    names = np.zeros(int(labels.max()) + 1, np.int64)
    names[labels[owner > 0]] = owner[owner > 0].astype(np.int64) - 1
    return Nearest(names[labels], np.asarray(far, dtype=np.float32))


def find_heads(ink: Ink, near: Nearest, em: float) -> tuple[list[Head], Mask]:
    """The filled heads, and the strokes without them. Raises CannotTellError."""
    size = _odd(max(ink.width + 2, 1.5 * ink.width + 1))
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    padded = np.asarray(ink.strokes)
    thick = cv2.morphologyEx(padded, cv2.MORPH_OPEN, disc)
    count, labels, stats, centers = cv2.connectedComponentsWithStats(thick, connectivity=8)
    heads, rest = [], ink.strokes.copy()
    grow = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (_odd(size * 0.7), _odd(size * 0.7)))
    for i in range(1, count):
        ys, xs = np.nonzero(labels == i)
        reach = near.far[ys, xs]
        best = int(reach.argmin())
        if reach[best] > GAP * em + size / 2:
            _check_stray(int(stats[i, cv2.CC_STAT_AREA]), size, centers[i], em)
            continue
        zone = np.asarray(cv2.dilate((labels == i).astype(np.uint8), grow), dtype=np.uint8)
        zone &= ink.strokes
        zone |= _wings(zone, ink.strokes, em)
        heads.append(_head(zone, near))
        rest[zone > 0] = 0
    return heads, rest


def _wings(zone: Mask, strokes: Mask, em: float) -> Mask:
    """The small bits that only hang on a head: the wings of a concave or open one."""
    ys, xs = np.nonzero(zone)
    pad = int(em)
    y0, x0 = max(0, ys.min() - pad), max(0, xs.min() - pad)
    window = np.s_[y0 : ys.max() + pad, x0 : xs.max() + pad]
    rest = strokes[window] & (1 - zone[window])
    close = cv2.dilate(zone[window], np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    wings = np.zeros_like(zone)
    for i in range(1, count):
        x, y, w, h = (int(v) for v in stats[i][:4])
        inside = x > 0 and y > 0 and x + w < rest.shape[1] and y + h < rest.shape[0]
        if inside and max(w, h) < 0.7 * em and close[labels == i].any():
            wings[window][labels == i] = 1
    return wings


def _head(zone: Mask, near: Nearest) -> Head:
    ys, xs = np.nonzero(zone)
    best = int(near.far[ys, xs].argmin())
    pixels = np.stack([xs, ys], axis=1).astype(np.float64)
    close = pixels[near.far[ys, xs] <= near.far[ys[best], xs[best]] + 1.0]
    return Head(int(near.node[ys[best], xs[best]]), pixels, np.asarray(close.mean(axis=0)))


def _check_stray(area: int, size: int, center: NDArray[np.float64], em: float) -> None:
    """Crossing lines leave small blobs; a large one is a head that points at nothing."""
    if area > max(3.0 * size * size, 0.25 * em * em):
        raise CannotTellError(
            f"Something like an arrowhead at {round(center[0])}, {round(center[1])} "
            "points at no shape.",
            next="Give a sharper or larger picture, or fill in what you see yourself.",
        )


def _odd(value: float) -> int:
    return max(3, int(np.ceil(value)) | 1)

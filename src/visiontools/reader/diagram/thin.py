"""Strokes reduced to lines one pixel wide, and cut into pieces between their meeting points."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.reader.diagram.canvas import Mask

Path = NDArray[np.float64]
RING = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))
"""The eight neighbours (dy, dx), clockwise from the top."""


@lru_cache(maxsize=1)
def _tables() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """For each pattern of eight neighbours, whether the middle goes in either half step.

    Zhang and Suen, "A fast parallel algorithm for thinning digital patterns" (1984), with at
    least three neighbours as Lu and Wang (1986) ask: two let slanted lines two pixels wide vanish.
    """
    tables = np.zeros((2, 256), np.uint8)
    for code in range(256):
        p = [(code >> i) & 1 for i in range(8)]
        rises = sum(p[i] == 0 and p[(i + 1) % 8] == 1 for i in range(8))
        if rises != 1 or not 3 <= sum(p) <= 6:
            continue
        top, right, bottom, left = p[0], p[2], p[4], p[6]
        tables[0, code] = not (top and right and bottom) and not (right and bottom and left)
        tables[1, code] = not (top and right and left) and not (top and bottom and left)
    return tables[0], tables[1]


def thin(mask: Mask) -> Mask:
    """The one-pixel-wide middle of every stroke of a 0/1 mask."""
    lines = np.pad(mask, 1).astype(np.uint8)
    changed = True
    while changed:
        changed = False
        for table in _tables():
            gone = (table[_codes(lines)] & lines) > 0
            if gone.any():
                lines[gone] = 0
                changed = True
    for table in _corner_tables():
        lines[(table[_codes(lines)] & lines) > 0] = 0
    return np.asarray(lines[1:-1, 1:-1], dtype=np.uint8)


def _codes(lines: Mask) -> NDArray[np.uint8]:
    """The pattern of every pixel's eight neighbours, a bit each."""
    kernel = np.zeros((3, 3), np.float32)
    for bit, (dy, dx) in enumerate(RING):
        kernel[dy + 1, dx + 1] = 1 << bit
    codes = cv2.filter2D(lines, cv2.CV_8U, kernel, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(codes, dtype=np.uint8)


@lru_cache(maxsize=1)
def _corner_tables() -> list[NDArray[np.uint8]]:
    """Corners of staircases that can go: the pixels before and after touch diagonally."""
    tables = []
    for turn in range(0, 8, 2):
        table = np.zeros(256, np.uint8)
        for code in range(256):
            p = [(code >> ((i + turn) % 8)) & 1 for i in range(8)]
            table[code] = p[0] and p[2] and not (p[4] or p[5] or p[6])
        tables.append(table)
    return tables


@lru_cache(maxsize=1)
def _branching_table() -> NDArray[np.uint8]:
    """Patterns in which three or more lines meet."""
    table = np.zeros(256, np.uint8)
    for code in range(256):
        p = [(code >> i) & 1 for i in range(8)]
        table[code] = sum(p[i] == 0 and p[(i + 1) % 8] == 1 for i in range(8)) > 2
    return table


@dataclass(slots=True, eq=False)
class Piece:
    """A line without branches: its pixels (x, y) in order, and what meets at either end.

    ``ends`` holds indexes of junctions, or None where the line simply stops.
    """

    points: Path
    ends: list[int | None]

    @property
    def length(self) -> float:
        return float(np.linalg.norm(np.diff(self.points, axis=0), axis=1).sum())

    def direction(self, end: int, skip: float, reach: float) -> NDArray[np.float64]:
        """The unit vector that leads out of the line at ``end`` (0 or 1).

        Measured between ``skip`` and ``skip + reach`` pixels from that end.
        """
        points = self.points if end == 0 else self.points[::-1]
        far = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        near = points[int(np.searchsorted(far, min(skip, far[-1] * 0.4)))]
        away = points[min(int(np.searchsorted(far, min(skip + reach, far[-1]))), len(points) - 1)]
        step = near - away
        return np.asarray(step / max(float(np.linalg.norm(step)), 1e-9), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Skeleton:
    """Pieces and the junctions (x, y) where they meet."""

    pieces: list[Piece]
    junctions: list[NDArray[np.float64]]


def trace(lines: Mask, width: float) -> Skeleton:
    """Cut thinned lines into pieces; ``width`` is the strokes' width in pixels."""
    branching = _branching_table()[_codes(lines)] & lines
    size = max(3, int(width * 1.2) | 1)
    spread = cv2.dilate(branching, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    count, places, _, centers = cv2.connectedComponentsWithStats(spread, connectivity=8)
    rest = lines.copy()
    rest[spread > 0] = 0
    total, labels, stats, _ = cv2.connectedComponentsWithStats(rest, connectivity=8)
    pieces = []
    for i in range(1, total):
        x, y, w, h = (int(v) for v in stats[i][:4])
        local = labels[y : y + h, x : x + w] == i
        points = _ordered(local) + np.array([x, y])
        pieces.append(Piece(points, _both(places, points)))
    return Skeleton(pieces, [np.asarray(centers[i]) for i in range(1, count)])


def _both(places: NDArray[Any], points: Path) -> list[int | None]:
    """The junctions at the two ends; a bridge of a pixel or two may stand between two of them."""
    ends = [_meets(places, points[0]), _meets(places, points[-1])]
    if ends[0] is not None and ends[0] == ends[1] and len(points) <= 3:
        x0, y0 = points.min(axis=0).astype(int)
        x1, y1 = points.max(axis=0).astype(int)
        near = np.unique(places[max(0, y0 - 1) : y1 + 2, max(0, x0 - 1) : x1 + 2])
        beside = [int(n) - 1 for n in near if n > 0]
        return [beside[0], beside[1]] if len(beside) > 1 else ends
    return ends


def _meets(places: NDArray[Any], point: NDArray[np.float64]) -> int | None:
    """The junction next to a point, if any."""
    x, y = int(point[0]), int(point[1])
    near = places[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2]
    found = near[near > 0]
    return int(found[0]) - 1 if found.size else None


def _ordered(mask: NDArray[np.bool_]) -> Path:
    """The pixels of a line without branches from one end to the other, as (x, y)."""
    pixels = {(int(y), int(x)) for y, x in zip(*np.nonzero(mask), strict=True)}
    start = _farthest(pixels, next(iter(pixels)))[-1]
    return np.array([(x, y) for y, x in _farthest(pixels, start)], dtype=np.float64)


def _farthest(pixels: set[tuple[int, int]], start: tuple[int, int]) -> list[tuple[int, int]]:
    """The way from ``start`` to the pixel farthest along the line."""
    before: dict[tuple[int, int], tuple[int, int] | None] = {start: None}
    queue, last = deque([start]), start
    while queue:
        last = queue.popleft()
        for dy, dx in RING:
            step = (last[0] + dy, last[1] + dx)
            if step in pixels and step not in before:
                before[step] = last
                queue.append(step)
    way: list[tuple[int, int]] = []
    at: tuple[int, int] | None = last
    while at is not None:
        way.append(at)
        at = before[at]
    return way[::-1]

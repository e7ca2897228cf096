"""Where strokes touch shapes, and whether they touch as a plain line or with an arrowhead.

From every place where a stroke meets a shape, the stroke is measured outwards: how wide it is at
each distance. A line keeps its width. Every usual arrowhead, filled, hollow or of two barbs,
widens from its tip and falls back to its line within about a text height.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.canvas import Mask
from visiontools.reader.diagram.ink import Ink
from visiontools.reader.diagram.spread import Spread, spread

ADVICE = "Give a sharper or larger picture, or fill in what you see yourself."
GAP = 0.36
"""How far from a node a line or head may end and still touch it, in text heights."""
TOUCH = 3.0
"""Pixels from a node within which a stroke touches it."""
LONGEST_HEAD = 1.25
"""In text heights."""
Point = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """For every pixel the nearest node's index and its distance in pixels."""

    node: NDArray[np.int64]
    far: NDArray[np.float32]

    def at(self, point: Sequence[float] | Point) -> tuple[int, float]:
        y = min(max(round(float(point[1])), 0), self.far.shape[0] - 1)
        x = min(max(round(float(point[0])), 0), self.far.shape[1] - 1)
        return int(self.node[y, x]), float(self.far[y, x])


@dataclass(frozen=True, slots=True, eq=False)
class Contact:
    """A place at a node where strokes end; ``entries`` is where lines begin behind a head."""

    node: int
    at: Point
    head: bool
    entries: tuple[Point, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Foot:
    """The pixels (x, y) of a stroke closest to its node."""

    node: int
    pixels: Point

    @property
    def seed(self) -> Point:
        middle = self.pixels.mean(axis=0)
        return np.asarray(self.pixels[np.linalg.norm(self.pixels - middle, axis=1).argmin()])

    @property
    def extent(self) -> float:
        return float(np.linalg.norm(np.ptp(self.pixels, axis=0)))


def nearest_nodes(owner: Mask) -> Nearest:
    """Distances to the nodes of a mask that holds node numbers + 1."""
    far, labels = cv2.distanceTransformWithLabels(
        (owner == 0).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    names = np.zeros(int(labels.max()) + 1, np.int64)
    names[labels[owner > 0]] = owner[owner > 0].astype(np.int64) - 1
    return Nearest(names[labels], np.asarray(far, dtype=np.float32))


def find_contacts(ink: Ink, near: Nearest, em: float) -> tuple[list[Contact], Mask]:
    """The contacts, and the strokes without the heads. Raises CannotTellError."""
    feet = _feet(ink, near, em)
    seeds = [foot.seed for foot in feet]
    measured = spread(ink.strokes, seeds, (LONGEST_HEAD + 0.45) * em)
    contacts, rest = [], ink.strokes.copy()
    for i, foot in enumerate(feet):
        mine = _Measured(foot, measured, i, em, ink.width)
        if mine.longest < 0.3 * em:  # a speck at the outline
            rest[mine.ys, mine.xs] = 0
            continue
        length = mine.head_length()
        if length is None:
            contacts.append(Contact(foot.node, foot.seed, False, ()))
            continue
        begins, inside = mine.behind(length)
        mine.check(begins, inside)
        contacts.append(Contact(foot.node, foot.seed, True, tuple(begins)))
        rest[mine.ys[inside], mine.xs[inside]] = 0
    return contacts, rest


class _Measured:
    """One contact's own stretch of stroke: pixel coordinates and their distance ``d``."""

    def __init__(self, foot: _Foot, all_: Spread, index: int, em: float, width: float) -> None:
        self.foot, self.em, self.width = foot, em, width
        own = all_.owner == index
        self.xs, self.ys, self.d = all_.xs[own], all_.ys[own], all_.d[own]
        self.meets = all_.meets[own]
        self.longest = float(self.d.max()) if own.any() else 0.0
        counts = np.bincount(self.d.astype(int), minlength=8).astype(float)
        padded = np.pad(counts, 1, mode="edge")
        self.widths = (padded[:-2] + padded[1:-1] + padded[2:]) / 3

    def head_length(self) -> float | None:
        """How far the head reaches; None for a plain line. Raises where it is neither."""
        start = int(max(3, 0.1 * self.em))
        stop = int(min(LONGEST_HEAD * self.em, self.longest - 2))
        tail = self.widths[int(0.82 * self.longest) : int(self.longest)]
        line = max(float(np.median(tail)) if len(tail) else 0.0, 0.8 * self.width)
        # A line that leaves a side at a slant is broad at its foot.
        foot = int(0.6 * self.foot.extent)
        slanted = min(0.8 * self.foot.extent, line + 1.6 * self.width + 1)
        if start < foot and self.widths[start:foot].max() < slanted:
            start = foot
        profile = self.widths[start:stop]
        if not len(profile):
            return None
        peak = float(profile.max())
        if peak < line + 0.7 * self.width + 1.5:
            return None
        if self._begins_plain(profile, peak, line):
            return None
        end = self._end(start + np.nonzero(profile >= 0.8 * peak)[0], peak, line)
        if peak < max(line + 1.1 * self.width + 1, 1.5 * line) or end is None:
            raise CannotTellError("A mark at the end of a line is no arrowhead.", next=ADVICE)
        self._check_shape(peak)
        return end

    def _begins_plain(self, profile: NDArray[np.float64], peak: float, line: float) -> bool:
        """Whether the line runs on before it widens, where something touches it: no head does."""
        before = profile[: int((profile >= 0.8 * peak).argmax())]
        thin = before <= line + 0.35 * self.width + 0.5
        return int(thin.sum()) > 0.28 * self.em

    def _end(self, broad: NDArray[Any], peak: float, line: float) -> float | None:
        """Where the width falls back to that of the line."""
        falling = line + 0.35 * (peak - line)
        for d in range(int(broad[-1]), len(self.widths)):
            if self.widths[d] <= falling:
                return float(d) if d <= (LONGEST_HEAD + 0.2) * self.em else None
        return None

    def _check_shape(self, peak: float) -> None:
        """A head is narrow at its tip: a bar, a disc or a turned head is not followed."""
        if self.foot.extent > 1.3 * peak + 6:
            raise CannotTellError("A mark at the end of a line is no arrowhead.", next=ADVICE)

    def behind(self, length: float) -> tuple[list[Point], NDArray[np.bool_]]:
        """Where lines begin behind the head, and which pixels are the head's, wings included."""
        mine = self.d <= length + 1
        begins = []
        for part in _parts(self.xs, self.ys, ~mine):
            goes_on = self.d[part].max() > min(length + 0.5 * self.em, self.longest - 2)
            if not goes_on and not self.meets[part].any():
                mine[part] = True  # the wing of a concave head
                continue
            near = part[self.d[part] <= self.d[part].min() + 3]
            if self.d[part].min() <= length + 3:
                begins.append(np.array([self.xs[near].mean(), self.ys[near].mean()]))
        return begins, mine

    def check(self, begins: Sequence[Point], mine: NDArray[np.bool_]) -> None:
        """Several lines may run into one head, if all come from behind it. May raise."""
        if not begins:
            raise CannotTellError("An arrowhead stands without a line.", next=ADVICE)
        axis = np.array([self.xs[mine].mean(), self.ys[mine].mean()]) - self.foot.seed
        for point in begins if len(begins) > 1 else ():
            way = point - self.foot.seed
            size = float(np.linalg.norm(axis) * np.linalg.norm(way))
            if float(axis @ way) < np.cos(np.radians(40)) * size:
                raise CannotTellError("An arrowhead belongs to no one line.", next=ADVICE)


def _parts(
    xs: NDArray[np.int64], ys: NDArray[np.int64], chosen: NDArray[np.bool_]
) -> list[NDArray[np.int64]]:
    """The connected groups of the chosen pixels, as indexes."""
    at = np.nonzero(chosen)[0]
    if not len(at):
        return []
    x0, y0 = xs[at].min(), ys[at].min()
    mask = np.zeros((ys[at].max() - y0 + 1, xs[at].max() - x0 + 1), np.uint8)
    mask[ys[at] - y0, xs[at] - x0] = 1
    count, labels = cv2.connectedComponents(mask, connectivity=8)
    which = labels[ys[at] - y0, xs[at] - x0]
    return [at[which == i] for i in range(1, count)]


def _feet(ink: Ink, near: Nearest, em: float) -> list[_Foot]:
    """Where strokes come close enough to a node to end there."""
    zone = ((ink.strokes > 0) & (near.far <= GAP * em)).astype(np.uint8)
    feet: list[_Foot] = []
    for node in np.unique(near.node[zone > 0]):
        ys, xs = np.nonzero((zone > 0) & (near.node == node))
        y0, x0 = ys.min(), xs.min()
        local = np.zeros((ys.max() - y0 + 1, xs.max() - x0 + 1), np.uint8)
        local[ys - y0, xs - x0] = 1
        far = near.far[y0 : ys.max() + 1, x0 : xs.max() + 1]
        count, labels = cv2.connectedComponents(local, connectivity=8)
        mine: list[_Foot] = []
        for i in range(1, count):
            ends = _ends(labels == i, far, GAP * em)
            mine += _merged([_Foot(int(node), p + np.array([x0, y0])) for p in ends], 0.3 * em)
        # A head whose tip lies in the outline leaves two barbs, hardly apart.
        feet += _merged(mine, ink.width + 2)
    return feet


def _merged(feet: list[_Foot], near: float) -> list[_Foot]:
    """Feet of one node so close to each other that one stroke made them, taken together."""
    merged: list[_Foot] = []
    for foot in feet:
        beside = [m for m in merged if _apart(m, foot) < near]
        merged = [m for m in merged if m not in beside]
        merged.append(_Foot(foot.node, np.concatenate([foot.pixels, *(m.pixels for m in beside)])))
    return merged


def _apart(one: _Foot, other: _Foot) -> float:
    steps = one.pixels[:, None] - other.pixels[None]
    return float(np.linalg.norm(steps, axis=2).min())


def _ends(part: NDArray[np.bool_], far: NDArray[np.float32], reach: float) -> list[Point]:
    """The closest pixels of a stretch of stroke near a node, unless it only passes by."""
    least = float(far[part].min())
    if least > TOUCH and _count(part & (far > reach - 2)) > 1:
        return []
    close = part & (far <= max(TOUCH, least + 1.5))
    count, labels = cv2.connectedComponents(close.astype(np.uint8), connectivity=8)
    found = []
    for i in range(1, count):
        ys, xs = np.nonzero(labels == i)
        best = far[ys, xs] <= far[ys, xs].min() + 1.0
        found.append(np.stack([xs[best], ys[best]], axis=1).astype(np.float64))
    return found


def _count(mask: NDArray[np.bool_]) -> int:
    return int(cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0]) - 1

"""Distances along strokes: from each seed outwards, every pixel owned by the seed it is nearest."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visiontools.reader.diagram.canvas import Mask

_STEPS = [(dx, dy, float(np.hypot(dx, dy))) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """The pixels reached: coordinates, distance along the stroke and the seed's index.

    ``meets`` tells where a pixel touches another seed's.
    """

    xs: NDArray[np.int64]
    ys: NDArray[np.int64]
    d: NDArray[np.float64]
    owner: NDArray[np.int64]
    meets: NDArray[np.bool_]


def spread(strokes: Mask, seeds: Sequence[NDArray[np.float64]], reach: float) -> Spread:
    """Walk along ``strokes`` (0/1) from all seeds (x, y) at once, no farther than ``reach``."""
    height, width = strokes.shape
    best: dict[int, tuple[float, int]] = {}
    met: set[int] = set()
    heap: list[tuple[float, int, int]] = []
    for index, seed in enumerate(seeds):
        heap.append((0.0, int(seed[1]) * width + int(seed[0]), index))
    heapq.heapify(heap)
    drawn = strokes.ravel() > 0
    while heap:
        d, place, index = heapq.heappop(heap)
        if place in best:
            continue
        best[place] = (d, index)
        y, x = divmod(place, width)
        for dx, dy, step in _STEPS:
            if not (0 <= x + dx < width and 0 <= y + dy < height) or d + step > reach:
                continue
            beside = place + dy * width + dx
            if beside in best:
                if best[beside][1] != index:
                    met |= {place, beside}
            elif drawn[beside]:
                heapq.heappush(heap, (d + step, beside, index))
    places = np.fromiter(best, np.int64, len(best))
    d_of = np.array([best[p][0] for p in places.tolist()])
    owner = np.array([best[p][1] for p in places.tolist()], dtype=np.int64)
    meets = np.array([p in met for p in places.tolist()], dtype=bool)
    return Spread(places % width, places // width, d_of, owner, meets)

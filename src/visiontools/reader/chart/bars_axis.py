"""The axis of numbers: which of the numbers beside the bars lie on one even scale."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from visiontools.answers.chart_numbers import Mark

FEWEST = 3
OFF = 0.006
"""A number may stand this share of the axis' length off its place, and a pixel and a half."""


@dataclass(frozen=True, slots=True)
class Axis:
    """``value = offset + scale * pixels from the base line``; ``ticks`` from the base on."""

    scale: float
    offset: float
    ticks: tuple[str, ...]

    def at(self, length: float) -> float:
        return self.offset + self.scale * length


@dataclass(frozen=True, slots=True)
class Tick:
    """A number printed beside the axis, and its middle's distance from the base in pixels."""

    text: str
    value: float
    place: float


def marked_by_thousands(ticks: Sequence[str]) -> Mark | None:
    """The decimal mark where all ticks with a mark end in round thousands: "2,500", "5,000".

    Nobody prints three decimals along an axis of which the last is nought everywhere.
    """
    marks = {"".join(c for c in text if c in ".,") for text in ticks} - {""}
    ends = [re.search(r"[.,](\d+)\D*$", text) for text in ticks]
    if len(marks) != 1 or any(end and not re.fullmatch(r"\d\d0", end[1]) for end in ends):
        return None
    return "point" if marks == {","} else "comma" if marks == {"."} else None


def fit(ticks: Sequence[Tick]) -> Axis | None:
    """The scale most of the numbers lie on, or None where fewer than three of four do."""
    if len(ticks) < FEWEST:
        return None
    span = max(tick.place for tick in ticks) - min(tick.place for tick in ticks)
    slack = OFF * span + 1.5
    best: list[Tick] = []
    for one, other in combinations(ticks, 2):
        if abs(other.place - one.place) < 0.2 * span or other.value == one.value:
            continue
        scale = (other.value - one.value) / (other.place - one.place)
        on = [t for t in ticks
              if abs((t.value - one.value) / scale - (t.place - one.place)) <= slack]  # fmt: skip
        if scale > 0 and len(on) > len(best):
            best = on
    if len(best) < FEWEST or len(best) < 0.75 * len(ticks):
        return None
    return _line(best, slack)


def _line(ticks: Sequence[Tick], slack: float) -> Axis | None:
    places = np.array([tick.place for tick in ticks])
    values = np.array([tick.value for tick in ticks])
    scale, offset = np.polyfit(places, values, 1)
    # Where the base line is nought to within a few pixels, it is nought: it is seen more sharply.
    if abs(offset / scale) <= slack + 2:
        scale, offset = float(places @ values / (places @ places)), 0.0
    off = np.abs((values - offset) / scale - places)
    if off.max() > 1.6 * slack:
        return None
    in_order = sorted(ticks, key=lambda tick: tick.place)
    return Axis(float(scale), float(offset), tuple(tick.text for tick in in_order))

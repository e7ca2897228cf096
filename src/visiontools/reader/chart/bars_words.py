"""Which text of a bar chart is what: a name, a printed value, a tick, the legend, a title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from visiontools.answers.chart_numbers import has_number
from visiontools.reader.chart.bars_find import Bar, Bars, Colour
from visiontools.reader.ocr import Line, Pixels

SWATCH = 45
"""Of 255: how far the colour beside a legend's name may be from its bars' colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A line of text in the chart's own directions.

    ``along`` runs with the names, ``away`` from the base line; both in pixels, each from, to.
    """

    line: Line
    along: tuple[float, float]
    away: tuple[float, float]

    @property
    def text(self) -> str:
        return self.line.text.strip()

    @property
    def middle(self) -> float:
        return sum(self.along) / 2

    @property
    def place(self) -> float:
        return sum(self.away) / 2

    @property
    def tall(self) -> bool:
        """Whether it is written upwards."""
        return self.line.y1 - self.line.y0 > 1.5 * (self.line.x1 - self.line.x0)

    @property
    def size(self) -> float:
        """The height of its letters in pixels."""
        return min(self.line.height, self.line.width) if self.tall else self.line.height


@dataclass(slots=True)
class Sorted:
    """``names`` by group, ``printed`` by bar's index, ``legend`` by series; the rest unused."""

    names: list[Seen] = field(default_factory=list)
    printed: dict[int, Seen] = field(default_factory=dict)
    legend: dict[int, Seen] = field(default_factory=dict)
    ticks: list[Seen] = field(default_factory=list)
    rest: list[Seen] = field(default_factory=list)


def placed(lines: Sequence[Line], bars: Bars) -> list[Seen]:
    """The lines in the chart's own directions."""
    if bars.lying:
        return [Seen(n, (n.y0, n.y1), (n.x0 - bars.base, n.x1 - bars.base)) for n in lines]
    return [Seen(n, (n.x0, n.x1), (bars.base - n.y1, bars.base - n.y0)) for n in lines]


def sort(rgb: Pixels, lines: Sequence[Line], bars: Bars) -> Sorted:
    """Each text to what it is."""
    left = placed(lines, bars)
    found = Sorted()
    for seen in list(left):
        index = _bar_of(seen, bars) if has_number(seen.text) else None
        if index is not None and index not in found.printed:
            found.printed[index] = seen
            left.remove(seen)
    found.names = _names(left, bars)
    left = [seen for seen in left if seen not in found.names]
    if len(bars.colours) > 1:
        legend = _legend(rgb, left, bars)
        found.legend = legend if len(legend) == len(bars.colours) else {}
        left = [seen for seen in left if seen not in found.legend.values()]
    found.ticks = _ticks(left, bars)
    found.rest = [seen for seen in left if seen not in found.ticks]
    return found


def _bar_of(seen: Seen, bars: Bars) -> int | None:
    """The bar whose end a number stands at or in, where it is clearly that one's."""
    apart = [abs(bar.middle - seen.middle) for bar in bars.bars]
    index = int(np.argmin(apart))
    bar = bars.bars[index]
    if seen.tall or apart[index] > 0.5 * bar.thickness + 2:
        return None
    size = seen.size
    beyond = seen.away[0] - bar.length
    outside = -0.35 * size < beyond < 1.1 * size
    within = seen.away[0] > 0 and seen.away[1] < bar.length + 2
    return index if outside or within else None


def _names(left: Sequence[Seen], bars: Bars) -> list[Seen]:
    """The texts next to the base line, on its other side."""
    low, high = bars.bars[0].start, bars.bars[-1].end
    room = 0.25 * bars.thickness
    behind = [
        seen for seen in left
        if seen.place < 0 and seen.away[1] < 0.4 * seen.size
        and low - room < seen.middle < high + room and not seen.tall
    ]  # fmt: skip
    if not behind:
        return []
    nearest = max(seen.away[1] for seen in behind)
    # Names of different lengths end at one line beside bars, and stand in one row below them.
    return [seen for seen in behind if nearest - seen.away[1] < 0.7 * seen.size]


def _legend(rgb: Pixels, left: Sequence[Seen], bars: Bars) -> dict[int, Seen]:
    """For each colour the text with a patch of it just on its left, where there is just one."""
    shares = np.array([_patches(rgb, seen.line, bars.colours) for seen in left]).T
    legend: dict[int, Seen] = {}
    for series, row in enumerate(shares):
        own = [i for i, share in enumerate(row) if share > 0.12]
        if len(own) == 1 and shares[:, own[0]].argmax() == series:
            legend[series] = left[own[0]]
    return legend


def _patches(rgb: Pixels, line: Line, colours: Sequence[Colour]) -> list[float]:
    """Which shares of what is just left of a text are nearest to, and like, each colour."""
    height = line.y1 - line.y0
    middle = (line.y0 + line.y1) / 2
    top, bottom = (max(0, int(middle + k * 0.35 * height)) for k in (-1, 1))
    begin, end = (max(0, int(line.x0 - k * height)) for k in (1.7, 0.1))
    window = rgb[top:bottom, begin:end].astype(np.float64)
    if not window.size:
        return [0.0 for _ in colours]
    apart = np.array([np.abs(window - colour).max(axis=2) for colour in colours])
    nearest = apart.argmin(axis=0)
    return [float(((apart[i] < SWATCH) & (nearest == i)).mean()) for i in range(len(colours))]


def _ticks(left: Sequence[Seen], bars: Bars) -> list[Seen]:
    """Numbers beside the first or the last bar, on the side where more of them stand in line."""
    low, high = bars.bars[0].start, bars.bars[-1].end
    reach = 2.2 * bars.longest
    numbers = [
        seen for seen in left
        if has_number(seen.text) and not seen.tall and -1.5 * seen.size < seen.place < reach
    ]  # fmt: skip
    before = [seen for seen in numbers if seen.along[1] < low + 2]
    after = [seen for seen in numbers if seen.along[0] > high - 2]
    sides = [_in_line(side, end) for side, end in ((before, 1), (after, 0))]
    return max(sides, key=len)


def _in_line(seen: Sequence[Seen], end: int) -> list[Seen]:
    """The largest set whose edges towards the bars, or middles, are at one place along."""
    best: list[Seen] = []
    for one in seen:
        for places in ([s.along[end] for s in seen], [s.middle for s in seen]):
            own = places[seen.index(one)]
            group = [
                s for s, at in zip(seen, places, strict=True) if abs(at - own) < 0.5 * one.size
            ]
            best = max(best, group, key=len)
    return best


def bars_by_name(names: Sequence[Seen], bars: Bars) -> list[list[tuple[int, Bar]]] | None:
    """The bars of each name, or None where a bar has no name clearly its own."""
    groups: list[list[tuple[int, Bar]]] = [[] for _ in names]
    middles = [name.middle for name in names]
    if not names:
        return None
    gaps = np.diff(sorted(middles))
    pitch = float(np.median(gaps)) if len(gaps) else 4 * bars.thickness
    if len(gaps) and gaps.max() > 1.5 * pitch:
        return None
    for index, bar in enumerate(bars.bars):
        apart = [abs(bar.middle - middle) for middle in middles]
        nearest = int(np.argmin(apart))
        if apart[nearest] > 0.48 * pitch:
            return None
        groups[nearest].append((index, bar))
    return groups

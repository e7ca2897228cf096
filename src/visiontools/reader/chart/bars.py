"""Bar charts: each bar with its name, its printed value and what the axis says it is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from visiontools.answers.chart_habit import habit_of
from visiontools.answers.chart_numbers import CHARACTERS, Habit, figure
from visiontools.answers.chart_seen import SeenAxis, SeenChart, SeenSeries, SeenValue
from visiontools.errors import CannotTellError
from visiontools.reader.chart.bars_axis import Axis, Tick, fit, marked_by_thousands
from visiontools.reader.chart.bars_find import Bar, Bars
from visiontools.reader.chart.bars_words import Seen, Sorted, bars_by_name, sort
from visiontools.reader.chart.looks import look_twice, same
from visiontools.reader.ocr import Line, Pixels, cut, read_crops
from visiontools.tooling import Reading

NEAR = 0.015
"""A printed value may differ from its bar by this share of the longest bar's value."""
BETTER = "Give the chart as a screenshot, straight and sharp, or set up a vision model."


@dataclass(frozen=True, slots=True)
class _Printed:
    """A bar's printed number, and whether two further looks say the same."""

    text: str
    value: float | None
    twice: bool


def read_bars(rgb: Pixels, lines: Sequence[Line], bars: Bars) -> Reading:
    """The chart of ``bars``. Raises CannotTellError where it could not be followed."""
    if bars.stacked:
        raise CannotTellError(
            "Bars that stand on one another were not followed.",
            next="Set up a vision model with 'visiontools endpoints add'.",
        )
    if bars.astray:
        raise CannotTellError("The bars do not stand on one straight line.", next=BETTER)
    words = sort(rgb, lines, bars)
    groups = bars_by_name(words.names, bars)
    if groups is None:
        raise CannotTellError("A bar's name on the axis could not be told.", next=BETTER)
    series = _series(words, bars, groups)
    names = _read_surely(rgb, words.names)
    legend = dict(zip(words.legend, _read_surely(rgb, list(words.legend.values())), strict=True))
    texts = [tick.text for tick in words.ticks]
    habit = habit_of([seen.text for seen in words.printed.values()], [texts])
    # The ticks tell it best: of the values some may have been cut short.
    habit = Habit(marked_by_thousands(texts) or habit.mark, habit.scaled)
    axis = _axis(words.ticks, habit)
    printed = _printed(rgb, words, habit)
    if axis is None:
        printed = _in_proportion(bars, printed)
    checked, disputed, notes = _checked(bars, printed, axis)
    notes += _missing(words, bars, groups)
    if axis is None and not checked:
        raise CannotTellError(
            "The axis could not be followed, and no printed value agrees with its bar.",
            next=BETTER,
        )
    told = {i: bar for i, bar in enumerate(bars.bars) if i not in disputed}
    rows, once = _rows(series, groups, names, legend, told, checked, axis)
    seen = SeenChart(
        picture_shows="a bar chart",
        kind="bar",
        title=_title(words, bars),
        y_axis=_axis_words(rgb, words, bars, axis),
        series=rows,
    )
    return Reading(seen.model_dump(mode="json"), frozenset(once), tuple(notes))


def _series(words: Sorted, bars: Bars, groups: Sequence[Sequence[tuple[int, Bar]]]) -> list[int]:
    """The series each bar belongs to, by colour; colours that only tell names apart are one."""
    if len(bars.colours) == 1:
        return _one_each(groups, [0] * len(bars.bars))
    if not words.legend and all(len(group) <= 1 for group in groups):
        return [0] * len(bars.bars)
    if not words.legend:
        raise CannotTellError("Which colour is which series could not be told.", next=BETTER)
    series = _one_each(groups, [bar.series for bar in bars.bars])
    for number in range(len(bars.colours)):
        offsets = [bar.middle - words.names[g].middle for g, group in enumerate(groups)
                   for _, bar in group if bar.series == number]  # fmt: skip
        if max(offsets) - min(offsets) > 0.6 * bars.thickness:
            raise CannotTellError("A bar stands out of line with its name.", next=BETTER)
    return series


def _one_each(groups: Sequence[Sequence[tuple[int, Bar]]], series: list[int]) -> list[int]:
    for group in groups:
        if max(Counter(series[index] for index, _ in group).values(), default=0) > 1:
            raise CannotTellError("Two bars of one colour have the same name.", next=BETTER)
    return series


def _read_surely(rgb: Pixels, words: Sequence[Seen]) -> list[str]:
    """What two of three looks at each text say. Raises CannotTellError where none agree."""
    said = []
    looks = look_twice(rgb, [seen.line.quad for seen in words])
    for seen, (one, other) in zip(words, looks, strict=True):
        if same(one, seen.text) or same(other, seen.text):
            said.append(seen.text)
        elif same(one, other) and one.strip():
            said.append(one.strip())
        else:
            raise CannotTellError(
                f"The text '{seen.text}' could not be read twice alike.", next=BETTER
            )
    return said


def _axis(ticks: Sequence[Seen], habit: Habit) -> Axis | None:
    values = [(seen, figure(seen.text, habit).value) for seen in ticks]
    return fit([Tick(seen.text, value, seen.place) for seen, value in values if value is not None])


def _printed(rgb: Pixels, words: Sorted, habit: Habit) -> dict[int, _Printed]:
    looks = look_twice(rgb, [seen.line.quad for seen in words.printed.values()])
    ends = Counter(end for seen in words.printed.values() if (end := _end(seen.text)))
    usual = ends.most_common(1)[0][0] if ends else ("", 0)
    return {
        index: _Printed(
            seen.text,
            figure(seen.text, habit).value,
            all(same(seen.text, look) for look in two)
            # A comma for a point, or a nought lost at the end, is not seen by looking again nor by
            # the bar; that no other value ends so is.
            and _end(seen.text) in (None, usual),
        )
        for (index, seen), two in zip(words.printed.items(), looks, strict=True)
    }


def _end(text: str) -> tuple[str, int] | None:
    """A number's last mark, and how many digits follow it; None where it has none."""
    match = re.search(r"\d([.,])(\d+)\D*$", text)
    return (match[1], len(match[2])) if match else None


def _checked(
    bars: Bars, printed: dict[int, _Printed], axis: Axis | None
) -> tuple[dict[int, _Printed], set[int], list[str]]:
    """The printed values that agree with their bars; the bars that differ from what is printed at
    them, of which nothing is told for one of the two was misread; and a note for each."""
    scale, offset = (axis.scale, axis.offset) if axis else (_own_scale(bars, printed), 0.0)
    if scale is None:
        return {}, set(), []
    slack = NEAR * scale * bars.longest
    checked, disputed, notes = {}, set(), []
    for index, said in printed.items():
        drawn = offset + scale * bars.bars[index].length
        if said.value is not None and abs(said.value - drawn) <= slack:
            checked[index] = said
        else:
            if said.value is not None:
                disputed.add(index)
            notes.append(f"the printed '{said.text}' does not agree with its bar ({drawn:.4g})")
    return checked, disputed, notes


def _in_proportion(bars: Bars, printed: dict[int, _Printed]) -> dict[int, _Printed]:
    """Where "1,250" may be either, the reading in which the values go with their bars."""
    for mark in CHARACTERS:
        tried = {
            index: replace(said, value=figure(said.text, Habit(mark)).value)
            for index, said in printed.items()
        }
        if any(said.value is None for said in printed.values()) and _own_scale(bars, tried):
            return tried
    return printed


def _missing(words: Sorted, bars: Bars, groups: Sequence[Sequence[tuple[int, Bar]]]) -> list[str]:
    """A note for each name that has fewer bars than there are series."""
    full = max(len(group) for group in groups)
    return [
        f"'{seen.text}' has {len(group)} of {full} bars that could be measured"
        for seen, group in zip(words.names, groups, strict=True)
        if len(group) < full
    ]


def _own_scale(bars: Bars, printed: dict[int, _Printed]) -> float | None:
    """Value by pixel where the printed values themselves are in proportion to their bars."""
    pairs = [(bars.bars[index].length, said.value) for index, said in printed.items()
             if said.value]  # fmt: skip
    if len(pairs) < 3:
        return None
    scale = float(np.median([value / length for length, value in pairs]))
    near = [abs(value - scale * length) <= NEAR * scale * bars.longest for length, value in pairs]
    return scale if scale > 0 and sum(near) >= max(3, 0.75 * len(pairs)) else None


def _rows(
    series: Sequence[int],
    groups: Sequence[Sequence[tuple[int, Bar]]],
    names: Sequence[str],
    legend: dict[int, str],
    told: dict[int, Bar],
    checked: dict[int, _Printed],
    axis: Axis | None,
) -> tuple[list[SeenSeries], set[str]]:
    """The series with their values, and the pointers of those read only once."""
    rows, once = [], set()
    order = sorted(set(series), key=lambda s: min(i for i, own in enumerate(series) if own == s))
    for number, own in enumerate(order):
        values: list[SeenValue] = []
        for name, group in zip(names, groups, strict=True):
            for index, bar in group:
                if series[index] != own or index not in told:
                    continue
                said = checked.get(index)
                if said is None and axis is None:
                    continue
                if said and not said.twice:
                    once.add(f"/series/{number}/values/{len(values)}/printed")
                values.append(
                    SeenValue(
                        category=name,
                        printed=said.text if said else None,
                        estimated=_rounded(axis, bar.length) if axis else None,
                    )
                )
        rows.append(SeenSeries(name=legend.get(own), values=values))
    return rows, once


def _rounded(axis: Axis, length: float) -> float:
    """The axis' value at a bar's end, to a tenth of a pixel's worth."""
    step = 10.0 ** np.floor(np.log10(axis.scale))
    return float(round(round(axis.at(length) / step) * step, 9))


def _title(words: Sorted, bars: Bars) -> str | None:
    """The largest text above the bars."""
    top = min(bar.start for bar in bars.bars) if bars.lying else bars.base - bars.longest
    above = [seen for seen in words.rest if seen.line.y1 < top + 2 and not seen.tall
             and re.search(r"[^\W\d_]{2}", seen.text)]  # fmt: skip
    return max(above, key=lambda seen: seen.size).text if above else None


def _axis_words(rgb: Pixels, words: Sorted, bars: Bars, axis: Axis | None) -> SeenAxis | None:
    """The axis of the values: its title with the unit in brackets after it, and its ticks."""
    title = None
    if bars.lying:
        low = bars.bars[-1].end
        below = [seen for seen in words.rest if seen.line.y0 > low and not seen.tall]
        title = max(below, key=lambda seen: seen.line.y0).text if below else None
    else:
        tall = [seen for seen in words.rest if seen.tall]
        title = _upwards(rgb, tall[0].line) if len(tall) == 1 else None
    parts = re.fullmatch(r"(.*\S)\s*\(([^()]+)\)", title or "")
    ticks = list(axis.ticks) if axis else []
    if title is None and not ticks:
        return None
    return SeenAxis(
        title=parts[1] if parts else title, unit=parts[2] if parts else None, ticks=ticks
    )


def _upwards(rgb: Pixels, line: Line) -> str | None:
    """A text that runs up the page, or down it: the way round that reads better."""
    piece = cut(rgb, line.quad, 0.08)
    looks = read_crops([piece, np.ascontiguousarray(np.rot90(piece, 2))])
    best = max(looks, key=lambda look: look.confidence)
    return best.text.strip() if best.confidence > 0.8 else None

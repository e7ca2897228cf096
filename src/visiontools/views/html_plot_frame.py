"""The axes of a chart that is drawn anew: where values and names stand, with lines to read by."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from visiontools.views.blocks import Mark, Plot
from visiontools.views.html_text import Html, element, joined
from visiontools.views.plain import one_line

_WIDTH, _HEIGHT = 600.0, 340.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 16.0, 30.0, 46.0
_SLANTED = 44.0
"""More room below for names that do not fit side by side."""
_STEPS = 5
_CHARACTER_PX = 6.6
_LONGEST_NAME, _LONGEST_SLANTED = 14, 11
_MOST_NAMES = 30


@dataclass(frozen=True, slots=True)
class Frame:
    """``across`` and ``up`` place a mark and a value in pixels; ``step`` is the room of a name."""

    width: float
    height: float
    step: float
    across: Callable[[Mark], float]
    up: Callable[[float], float]
    drawing: Html


def framed(block: Plot) -> Frame | None:
    """The axes for a chart; None where its values span nothing that can be drawn."""
    marks = [mark for series in block.series for mark in series.marks]
    ticks = _value_ticks(block, marks)
    if len(ticks) < 2:
        return None
    low, high = ticks[0], ticks[-1]
    labels = list(dict.fromkeys(mark.label for mark in marks))
    by_number = all(mark.x is not None for mark in marks)
    room = _WIDTH - _LEFT - _RIGHT
    step = room / max(1, len(labels))
    slanted = not by_number and _widest(labels) * _CHARACTER_PX > step
    height = _HEIGHT + (_SLANTED if slanted else 0.0)
    bottom = height - _BOTTOM - (_SLANTED if slanted else 0.0)

    def up(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - _TOP)

    lines = [*_lines(ticks, up), _titles(block, height)]
    if by_number:
        x_ticks = nice_ticks(*_span([mark.x or 0.0 for mark in marks]))
        if len(x_ticks) < 2:
            return None
        scale = room / (x_ticks[-1] - x_ticks[0])
        lines += [
            _below(f"{tick:,.6g}", _LEFT + (tick - x_ticks[0]) * scale, bottom) for tick in x_ticks
        ]
        return Frame(
            _WIDTH,
            height,
            step,
            lambda mark: _LEFT + ((mark.x or 0.0) - x_ticks[0]) * scale,
            up,
            joined(*lines),
        )
    places = {label: _LEFT + step * (at + 0.5) for at, label in enumerate(labels)}
    every = math.ceil(len(labels) / _MOST_NAMES)
    lines += [_below(label, places[label], bottom, slanted) for label in labels[::every]]
    return Frame(_WIDTH, height, step, lambda mark: places[mark.label], up, joined(*lines))


def _value_ticks(block: Plot, marks: Sequence[Mark]) -> list[float]:
    values = [mark.y for mark in marks]
    if block.form == "stacked":
        values = _stacks(block)
    if block.form in ("bars", "stacked"):
        values.append(0.0)
    values += [end for end in (block.low, block.high) if end is not None]
    return nice_ticks(*_span(values))


def _stacks(block: Plot) -> list[float]:
    sums: dict[tuple[str, bool], float] = {}
    for series in block.series:
        for mark in series.marks:
            side = (mark.label, mark.y < 0)
            sums[side] = sums.get(side, 0.0) + mark.y
    return list(sums.values())


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if low == high:
        apart = abs(low) or 1.0
        return (min(0.0, low), max(0.0, high)) if low else (low, low + apart)
    return low, high


def nice_ticks(low: float, high: float) -> list[float]:
    """Round numbers at even steps of 1, 2 or 5 times a power of ten, round both ends."""
    apart = high - low
    if not math.isfinite(apart) or apart <= 0:
        return []
    rough = apart / _STEPS
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 1e-300 else 0.0
    if not power:
        return []
    step = next(power * times for times in (1, 2, 5, 10) if power * times >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    if not 1 <= last - first <= 4 * _STEPS:
        return []
    return [at * step for at in range(first, last + 1)]


def _lines(ticks: Sequence[float], up: Callable[[float], float]) -> Iterator[Html]:
    for tick in ticks:
        y = up(tick)
        base = " vt-base" if abs(tick) < 1e-12 else ""
        yield element("path", d=f"M{_LEFT:g} {y:.6g}H{_WIDTH - _RIGHT:g}", class_=f"vt-rule{base}")
        said = f"{tick:,.6g}" if abs(tick) < 1e9 else f"{tick:.3g}"
        yield element("text", said, x=_LEFT - 8, y=y, dy="0.35em", class_="vt-tick vt-up")


def _below(name: str, x: float, bottom: float, slanted: bool = False) -> Html:
    said, most = one_line(name), _LONGEST_SLANTED if slanted else _LONGEST_NAME
    if len(said) > most:
        said = f"{said[: most - 1]}…"
    y = bottom + 18
    if not slanted:
        return element("text", said, x=x, y=y, class_="vt-tick")
    turned = f"rotate(-35 {x:.6g} {y:.6g})"
    return element("text", said, x=x, y=y, transform=turned, class_="vt-tick vt-up")


def _titles(block: Plot, height: float) -> Html:
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    across = element("text", one_line(block.x_title), x=middle, y=height - 8, class_="vt-tick")
    upward = element("text", one_line(block.y_title), x=8.0, y=16.0, class_="vt-tick vt-begin")
    return joined(across if block.x_title else "", upward if block.y_title else "")


def _widest(labels: Sequence[str]) -> int:
    return min(max(map(len, labels), default=0), _LONGEST_NAME) + 1

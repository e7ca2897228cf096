"""A chart drawn anew from its data as inline SVG, to be compared with the picture of it.

Estimated values are drawn hollow and dashed. Each mark says its value when pointed at, and the
drawing has a title and a description for those who cannot see it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from visiontools.translations import tr, trn
from visiontools.views.blocks import Mark, Plot
from visiontools.views.html_plot_frame import Frame, framed
from visiontools.views.html_text import Html, element, joined
from visiontools.views.plain import one_line

_MOST = 1e100
"""Beyond it, and for what is no number at all, sums and scales leave the floats there are."""
_MOST_MARKS = 400
_MOST_TEXTS = 24
"""More values than that cannot all be written beside their marks."""
_HUES = 6
"""Colours of the style sheet, taken in turn."""
_RADIUS = 120.0


def drawn(block: Plot) -> Html | None:
    """The drawing with its key, or None where there is nothing to draw or too much to follow."""
    marks = [mark for series in block.series for mark in series.marks]
    if not marks or len(marks) > _MOST_MARKS or not all(_is_drawable(mark) for mark in marks):
        return None
    if block.form == "pie":
        return _pie(block)
    frame = framed(block)
    if frame is None:
        return None
    inside = {"bars": _bars, "stacked": _stacked, "lines": _lines, "scatter": _points}[block.form]
    return _whole(block, frame.width, frame.height, joined(frame.drawing, *inside(block, frame)))


def _is_drawable(mark: Mark) -> bool:
    return abs(mark.y) < _MOST and (mark.x is None or abs(mark.x) < _MOST)


def _whole(block: Plot, width: float, height: float, inside: Html) -> Html:
    series = [one_line(each.name) for each in block.series if each.name]
    count = sum(len(each.marks) for each in block.series)
    about = trn("%(num)s value", "%(num)s values", count)
    about += f" ({', '.join(series)})" if series else ""
    svg = element(
        "svg",
        element("title", one_line(block.title)),
        element("desc", f"{about}. {tr('The same in words is below.')}"),
        inside,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        aria_label=f"{one_line(block.title)}: {about}",
    )
    return element("div", svg, _key(block), class_="vt-plot")


def _key(block: Plot) -> Html:
    """What the colours and the dashes are."""
    if block.form == "pie":
        names = [
            (f"{one_line(mark.label)}: {one_line(mark.text)}", at)
            for at, mark in enumerate(block.series[0].marks)
        ]
    else:
        several = len(block.series) > 1
        names = [(one_line(s.name), at) for at, s in enumerate(block.series) if several and s.name]
    lines = [element("li", name, class_=f"vt-hue-{at % _HUES}") for name, at in names]
    if any(mark.estimated for each in block.series for mark in each.marks):
        lines.append(element("li", tr("hollow and dashed: estimated"), class_="vt-estimate"))
    return element("ul", *lines, class_="vt-key") if lines else joined()


def _mark(shape: Html, series: str, mark: Mark, hue: int) -> Html:
    names = ", ".join(filter(None, (one_line(series), one_line(mark.label))))
    said = f"{names}: {one_line(mark.text)}" if names else one_line(mark.text)
    if mark.estimated:
        said += f" ({tr('estimated')})"
    kind = f"vt-mark vt-hue-{hue % _HUES}" + (" vt-estimated" if mark.estimated else "")
    return element("g", element("title", said), shape, class_=kind)


def _bars(block: Plot, frame: Frame) -> Iterator[Html]:
    few = sum(len(each.marks) for each in block.series) <= _MOST_TEXTS
    share = frame.step * 0.8 / len(block.series)
    for at, series in enumerate(block.series):
        for mark in series.marks:
            left = frame.across(mark) - frame.step * 0.4 + at * share
            yield _mark(_bar(frame, left, share, 0.0, mark.y), series.name, mark, at)
            if few:
                yield _text_at(frame, left + share / 2, mark)


def _stacked(block: Plot, frame: Frame) -> Iterator[Html]:
    reached: dict[tuple[str, bool], float] = {}
    for at, series in enumerate(block.series):
        for mark in series.marks:
            side = (mark.label, mark.y < 0)
            base = reached.get(side, 0.0)
            reached[side] = base + mark.y
            left = frame.across(mark) - frame.step * 0.4
            bar = _bar(frame, left, frame.step * 0.8, base, base + mark.y)
            yield _mark(bar, series.name, mark, at)


def _bar(frame: Frame, left: float, width: float, base: float, value: float) -> Html:
    top, bottom = sorted((frame.up(base), frame.up(value)))
    inset = min(1.0, width / 8)
    return element(
        "rect", x=left + inset, y=top, width=max(width - 2 * inset, 0.5), height=bottom - top
    )


def _text_at(frame: Frame, x: float, mark: Mark) -> Html:
    y = frame.up(mark.y) + (14.0 if mark.y < 0 else -5.0)
    return element("text", _short(mark.text), x=x, y=y, class_="vt-value")


def _lines(block: Plot, frame: Frame) -> Iterator[Html]:
    for at, series in enumerate(block.series):
        spots = [(frame.across(mark), frame.up(mark.y)) for mark in series.marks]
        path = " ".join(f"{x:.6g},{y:.6g}" for x, y in spots)
        yield element("polyline", points=path, class_=f"vt-line vt-hue-{at % _HUES}")
    yield from _points(block, frame)


def _points(block: Plot, frame: Frame) -> Iterator[Html]:
    few = len(block.series) == 1 and len(block.series[0].marks) <= _MOST_TEXTS
    for at, series in enumerate(block.series):
        for mark in series.marks:
            x, y = frame.across(mark), frame.up(mark.y)
            yield _mark(element("circle", cx=x, cy=y, r=4.0), series.name, mark, at)
            if few and block.form == "lines":
                yield element("text", _short(mark.text), x=x, y=y - 9, class_="vt-value")


def _pie(block: Plot) -> Html | None:
    marks = block.series[0].marks if len(block.series) == 1 else ()
    total = sum(mark.y for mark in marks)
    if total <= 0 or any(mark.y < 0 for mark in marks):
        return None
    side = 2 * _RADIUS + 40
    return _whole(block, side, side, joined(*_slices(marks, total, side / 2)))


def _slices(marks: Sequence[Mark], total: float, centre: float) -> Iterator[Html]:
    """From twelve o'clock on, clockwise, as pies are drawn."""
    at = 0.0
    for hue, mark in enumerate(marks):
        share = mark.y / total
        if share > 0.9999:
            slice_ = element("circle", cx=centre, cy=centre, r=_RADIUS)
        else:
            (x1, y1), (x2, y2) = _on(at, centre), _on(at + share, centre)
            large = 1 if share > 0.5 else 0
            slice_ = element(
                "path",
                d=f"M{centre:g} {centre:g}L{x1:.6g} {y1:.6g}"
                f"A{_RADIUS:g} {_RADIUS:g} 0 {large} 1 {x2:.6g} {y2:.6g}Z",
            )
        yield _mark(slice_, "", mark, hue)
        if share > 0.04:
            x, y = _on(at + share / 2, centre, _RADIUS * 0.66)
            yield element("text", _short(mark.text), x=x, y=y, dy="0.35em", class_="vt-on-slice")
        at += share


def _on(turn: float, centre: float, radius: float = _RADIUS) -> tuple[float, float]:
    angle = 2 * math.pi * turn
    return centre + radius * math.sin(angle), centre - radius * math.cos(angle)


def _short(text: str, most: int = 12) -> str:
    said = one_line(text)
    return said if len(said) <= most else f"{said[: most - 1]}…"

"""Bars, scales and ranges as inline SVG beside their words; the words say all the drawing does."""

from __future__ import annotations

import math

from visiontools.translations import tr
from visiontools.translations.forms import figures
from visiontools.views.blocks import Bar, Bars, Range, Scale
from visiontools.views.html_text import Html, element, joined
from visiontools.views.plain import one_line, scale_words

_MOST_STEPS = 20


def bars(block: Bars) -> Html:
    """One line a bar, all on one scale from zero."""
    top = max((_length(bar) for bar in block.bars), default=0.0)
    return element("ul", *(_bar(bar, top) for bar in block.bars), class_="vt-bars")


def _bar(bar: Bar, top: float) -> Html:
    share = 100 * _length(bar) / top if top else 0.0
    full = element("rect", width=max(share, 0.5) if share else 0.0, height=8.0, rx=1.0)
    drawn = _svg(full, "0 0 100 8", stretched=True)
    value = element("span", one_line(figures(bar.text)), class_="vt-value")
    best = element("span", tr("best"), class_="vt-best") if bar.best else ""
    label = element("span", one_line(bar.label), class_="vt-label")
    kind = "vt-bar vt-is-best" if bar.best else "vt-bar"
    return element("li", label, drawn, value, best, class_=kind)


def _length(bar: Bar) -> float:
    return max(0.0, bar.value) if math.isfinite(bar.value) else 0.0


def scale(block: Scale) -> Html:
    """A dot for each step, filled up to the place on the scale."""
    steps = max(0, block.high - block.low + 1)
    reached = block.value - block.low
    drawn: str = ""
    if 0 < steps <= _MOST_STEPS:
        dots = (
            element("circle", cx=8.0 + 18 * at, cy=8.0, r=6.0, class_=_dot(at <= reached))
            for at in range(steps)
        )
        drawn = _svg(joined(*dots), f"0 0 {18 * steps} 16", width=18.0 * steps, height=16.0)
    said = scale_words(block) + (f", {one_line(block.text)}" if block.text else "")
    return element(
        "p", element("strong", one_line(tr(block.title))), drawn, said, class_="vt-scale"
    )


def _dot(full: bool) -> str:
    return "vt-dot vt-full" if full else "vt-dot"


def span(block: Range) -> Html:
    """A line from the low to the high, with a mark where it is expected."""
    title = element("strong", one_line(tr(block.title)))
    words = element("p", title, " ", one_line(figures(block.text)))
    values = (block.low, block.expected, block.high)
    if not all(map(math.isfinite, values)) or not block.low <= block.expected <= block.high:
        return element("div", words, class_="vt-range")
    width = block.high - block.low
    at = 100 * (block.expected - block.low) / width if width else 50.0
    line = element("rect", x=0.0, y=6.0, width=100.0, height=4.0, class_="vt-line")
    mark = element("rect", x=min(max(at - 0.6, 0), 98.8), y=0.0, width=1.2, height=16.0)
    drawn = _svg(joined(line, mark), "0 0 100 16", stretched=True)
    ends = element(
        "div",
        element("span", figures(f"{block.low:,.6g}")),
        element("span", figures(f"{block.high:,.6g}")),
        class_="vt-ends",
        aria_hidden="true",
    )
    return element("div", words, drawn, ends, class_="vt-range")


def _svg(
    inside: Html,
    box: str,
    *,
    stretched: bool = False,
    width: float | None = None,
    height: float | None = None,
) -> Html:
    return element(
        "svg",
        inside,
        viewBox=box,
        preserveAspectRatio="none" if stretched else None,
        width=width,
        height=height,
        aria_hidden="true",
        focusable="false",
    )

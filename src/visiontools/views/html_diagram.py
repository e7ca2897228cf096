"""A diagram drawn anew from its graph as inline SVG, in the shapes people know."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Sequence
from itertools import pairwise

from visiontools.views.blocks import Diagram, Step
from visiontools.views.html_layers import Layout, Spot, Way, arrange
from visiontools.views.html_text import Html, element, joined
from visiontools.views.plain import one_line

_MOST_STEPS, _MOST_ARROWS = 80, 160
"""More than that nobody can follow in one drawing."""
_LINE_PX, _CHARACTER_PX = 17.0, 7.3
_LONGEST_LINE, _MOST_LINES = 22, 5
_LABEL = 28
_MARGIN = 16.0
_SLANT = 14.0
_PORTS = 0.5
"""The share of a step's width over which its arrows are spread."""

Point = tuple[float, float]


def drawing(block: Diagram) -> Html | None:
    """The drawing, or None where there is nothing to draw or too much to follow."""
    steps = {step.id: step for step in block.steps}
    arrows = [a for a in block.arrows if a.source in steps and a.target in steps]
    if not steps or len(steps) > _MOST_STEPS or len(arrows) > _MOST_ARROWS:
        return None
    lines = {id: _lines(step) for id, step in steps.items()}
    sizes = {id: _size(step, lines[id]) for id, step in steps.items()}
    layout = arrange(sizes, [(arrow.source, arrow.target) for arrow in arrows])
    ports = _ports(layout)
    loops = any(way.source == way.target for way in layout.ways)
    ways = [
        _way(layout, way, ports[at], steps, one_line(arrow.label))
        for at, (way, arrow) in enumerate(zip(layout.ways, arrows, strict=True))
    ]
    shapes = [_step(step, layout.spots[id], lines[id]) for id, step in steps.items()]
    width = layout.width + 2 * _MARGIN + (44 if loops else 0)
    height = layout.height + 2 * _MARGIN
    return element(
        "svg",
        _arrowhead(),
        joined(*ways),
        joined(*shapes),
        viewBox=f"{-_MARGIN:g} {-_MARGIN:g} {width:g} {height:g}",
        width=width,
        height=height,
        role="img",
        aria_label=f"{one_line(block.title)}: {len(steps)} shapes, {len(arrows)} arrows",
    )


def _arrowhead() -> Html:
    path = element("path", d="M0 0 L8 4 L0 8 z")
    marker = element(
        "marker",
        path,
        id="vt-head",
        viewBox="0 0 8 8",
        refX="7.5",
        refY="4",
        markerWidth="8",
        markerHeight="8",
        markerUnits="userSpaceOnUse",
        orient="auto",
    )
    return element("defs", marker)


def _lines(step: Step) -> list[str]:
    label = one_line(step.label) or f"({step.id})"
    lines = textwrap.wrap(label, _LONGEST_LINE) or [label]
    return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"]


def _cells(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def _size(step: Step, lines: Sequence[str]) -> tuple[float, float]:
    width = max(map(_cells, lines)) * _CHARACTER_PX + 28
    height = len(lines) * _LINE_PX + 18
    if step.shape == "diamond":
        return max(96.0, width * 1.45), height * 1.75
    return max(84.0, width + (2 * _SLANT if step.shape == "slanted" else 0)), height


def _step(step: Step, spot: Spot, lines: Sequence[str]) -> Html:
    top = spot.y - (len(lines) - 1) * _LINE_PX / 2
    said = (
        element("text", line, x=spot.x, y=top + at * _LINE_PX, dy="0.35em")
        for at, line in enumerate(lines)
    )
    return element("g", _outline(step, spot), *said, class_=f"vt-step vt-{step.shape}")


def _outline(step: Step, spot: Spot) -> Html:
    left, top = spot.x - spot.width / 2, spot.y - spot.height / 2
    right, bottom = left + spot.width, top + spot.height
    if step.shape == "diamond":
        return _polygon((spot.x, top), (right, spot.y), (spot.x, bottom), (left, spot.y))
    if step.shape == "slanted":
        return _polygon(
            (left + _SLANT, top), (right, top), (right - _SLANT, bottom), (left, bottom)
        )
    radius = spot.height / 2 if step.shape == "rounded" else 4.0
    box = element("rect", x=left, y=top, width=spot.width, height=spot.height, rx=radius)
    if step.shape != "double":
        return box
    bars = f"M{left + 7:g} {top:g}V{bottom:g}M{right - 7:g} {top:g}V{bottom:g}"
    return joined(box, element("path", d=bars))


def _polygon(*points: Point) -> Html:
    return element("polygon", points=" ".join(f"{x:g},{y:g}" for x, y in points))


def _ports(layout: Layout) -> list[tuple[float, float]]:
    """Where on its source and on its target each arrow ends, from -1 (left) to 1 (right).

    The arrows on one side of a step are spread over it in the order of where they lead.
    """
    sides: dict[tuple[str, bool], list[tuple[float, int, int]]] = {}
    for at, way in enumerate(layout.ways):
        if way.source == way.target:
            continue
        first = (*way.over, way.target)[0]
        last = (way.source, *way.over)[-1]
        below = not way.back  # an arrow that leads back leaves at the top, and enters from below
        sides.setdefault((way.source, below), []).append((layout.spots[first].x, at, 0))
        sides.setdefault((way.target, not below), []).append((layout.spots[last].x, at, 1))
    ports = [[0.0, 0.0] for _ in layout.ways]
    for ends in sides.values():
        for rank, (_, at, end) in enumerate(sorted(ends)):
            ports[at][end] = 2 * (rank + 0.5) / len(ends) - 1 if len(ends) > 1 else 0.0
    return [(source, target) for source, target in ports]


def _way(
    layout: Layout,
    way: Way,
    ports: tuple[float, float],
    steps: dict[str, Step],
    label: str,
) -> Html:
    source, target = layout.spots[way.source], layout.spots[way.target]
    if way.source == way.target:
        points = _loop(source)
        path = f"M{_xy(points[0])}C{_xy(points[1])} {_xy(points[2])} {_xy(points[3])}"
        at = (points[1][0], source.y)
    else:
        below = not way.back
        begin = _end(source, steps[way.source], ports[0], below=below)
        end = _end(target, steps[way.target], ports[1], below=not below)
        bends = [(layout.spots[bend].x, layout.spots[bend].y) for bend in way.over]
        path = _curve([begin, *bends, end])
        following = bends[0] if bends else end
        at = (begin[0] * 0.6 + following[0] * 0.4, begin[1] * 0.6 + following[1] * 0.4)
    line = element("path", d=path, class_="vt-arrow", marker_end="url(#vt-head)")
    if not label:
        return line
    short = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    said = element("text", short, x=at[0], y=at[1], dy="0.35em", class_="vt-on-arrow")
    return joined(line, said)


def _end(spot: Spot, step: Step, port: float, *, below: bool) -> Point:
    """A point on the upper or lower edge of a step."""
    reach = spot.width / 2 * _PORTS * port
    height = spot.height / 2
    if step.shape == "diamond":
        height *= 1 - abs(reach) / (spot.width / 2)
    return spot.x + reach, spot.y + (height if below else -height)


def _curve(points: Sequence[Point]) -> str:
    """From the first point to the last, round the bends between them, upright at both ends."""
    (x1, y1), *bends, (x2, y2) = points
    if not bends:
        middle = (y1 + y2) / 2
        return f"M{x1:g} {y1:g}C{_xy((x1, middle))} {_xy((x2, middle))} {x2:g} {y2:g}"
    path = f"M{x1:g} {y1:g}"
    at = (x1, y1)
    for bend, after in pairwise(bends):
        on = ((bend[0] + after[0]) / 2, (bend[1] + after[1]) / 2)
        path += _towards(at, bend, on)
        at = on
    return f"{path}{_towards(at, bends[-1], (x2, y2))}"


def _towards(at: Point, bend: Point, on: Point) -> str:
    """A piece of a curve that nears the bend; quadratic, so that it never swings beyond it."""
    return f"Q{_xy(bend)} {_xy(on)}"


def _loop(spot: Spot) -> tuple[Point, Point, Point, Point]:
    right = spot.x + spot.width / 2
    up, down = spot.y - spot.height / 5, spot.y + spot.height / 5
    return (right, up), (right + 40, up - 12), (right + 40, down + 12), (right, down)


def _xy(point: Point) -> str:
    return f"{point[0]:g} {point[1]:g}"

"""Flow charts in two looks of our own: elbow arrows as in draw.io, and straight lines."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

from visiontools.evals.diagrams_drawn import Drawn, Fault, Point
from visiontools.evals.diagrams_graphs import Plan, random_plan
from visiontools.evals.diagrams_pen import Pen, Placed, Style, extent

THEMES = (
    ("#ffffff", "#000000", "#000000", ()),
    ("#ffffff", "#000000", "#000000", ("#ffffff",)),
    ("#ffffff", "#333333", "#222222", ("#dae8fc", "#d5e8d4", "#ffe6cc", "#f8cecc")),
    ("#ffffff", "#36393d", "#111111", ("#f5f5f5",)),
    ("#1a1a1a", "#e8e8e8", "#f2f2f2", ("#1a1a1a",)),
    ("#f7f3e8", "#4a3f2f", "#2b2418", ("#fffdf5",)),
)
MARGIN = 40


def render_elbow(seed: int) -> Drawn:
    """Elbow arrows on lanes beside the column of steps, as draw.io routes them."""
    draw = random.Random(seed * 104729 + 2)
    style = _style(draw, bend=draw.choice((0.0, 0.0, 8.0)), patch=draw.random() < 0.5)
    plan = random_plan(seed + 50_000, most=11)
    nodes = _sized(plan, style, draw)
    places = {node: row for row, node in enumerate(plan.backbone)}
    _stack(plan, nodes, places)
    routes = _elbows(plan, nodes, places)
    return _finish(plan, nodes, routes, style)


def render_straight(seed: int) -> Drawn:
    """Straight arrows between nodes scattered over rows."""
    for attempt in range(60):
        draw = random.Random(seed * 15485863 + 3 + attempt)
        style = _style(draw, bend=0.0, patch=draw.random() < 0.3)
        plan = random_plan(seed + 90_000 + 1000 * attempt, most=max(4, 8 - attempt // 10))
        nodes = _sized(plan, style, draw)
        order = [*plan.backbone]
        for step, decision in plan.side.items():
            order.insert(order.index(decision) + 1, step)
        _scatter(order, nodes, draw)
        routes = [_line(nodes[a], nodes[b]) for a, b, _ in plan.edges]
        if all(a != b for a, b, _ in plan.edges) and _clear(plan, nodes, routes):
            return _finish(plan, nodes, routes, style)
    raise RuntimeError(f"no layout found for seed {seed}")


def _style(draw: random.Random, bend: float, patch: bool) -> Style:
    page, line, text, fills = draw.choice(THEMES)
    return Style(
        page, line, text, fills,
        font=draw.choice(("dejavu", "liberation")),
        size=draw.choice((12, 13, 14, 16, 20)),
        pen=draw.choice((1.0, 1.0, 1.0, 1.5, 2.0)),
        head=draw.choice(("classic", "classic", "block", "block", "open", "hollow")),
        bend=bend, patch=patch,
    )  # fmt: skip


def _sized(plan: Plan, style: Style, draw: random.Random) -> list[Placed]:
    """The nodes with their text wrapped and their size, still without a place."""
    nodes = []
    for label, shape in zip(plan.labels, plan.shapes, strict=True):
        lines = _wrapped(label, draw.choice((12, 16, 22)))
        w = max(extent(line, style)[0] for line in lines) + 1.8 * style.size
        h = len(lines) * 1.25 * style.size + 1.6 * style.size
        if shape == "diamond":
            w, h = 1.45 * w, 1.75 * h
        elif shape in ("parallelogram", "double_box", "oval"):
            w = 1.25 * w + 0.4 * h
        fill = draw.choice(style.fills) if style.fills else None
        nodes.append(Placed(label, lines, shape, 0, 0, w, h, fill))
    return nodes


def _wrapped(label: str, width: int) -> list[str]:
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def _stack(plan: Plan, nodes: list[Placed], places: dict[int, int]) -> None:
    """The backbone in one column, side steps to the right of their decision."""
    left = max(n.w for n in nodes) / 2 + MARGIN + 22 * len(plan.edges)
    y = float(MARGIN)
    widest = max(nodes[i].w for i in plan.backbone)
    for i in plan.backbone:
        node = nodes[i]
        beside = [nodes[s] for s, d in plan.side.items() if d == i]
        height = max([node.h, *(s.h for s in beside)])
        y += height / 2
        node.x, node.y = left, y
        for step in beside:
            step.x, step.y = left + widest / 2 + 70 + step.w / 2, y
        y += height / 2 + 62


def _elbows(plan: Plan, nodes: list[Placed], places: dict[int, int]) -> list[list[Point]]:
    """Each arrow's corners; detours get a lane of their own left or right of everything."""
    low = min(n.x - n.w / 2 for n in nodes)
    high = max(n.x + n.w / 2 for n in nodes)
    routes: list[list[Point]] = []
    lanes = {-1: 0, 1: 0}
    into: dict[tuple[int, int], int] = {}
    straight: set[tuple[int, int]] = set()
    for a, b, _ in plan.edges:
        one, two = nodes[a], nodes[b]
        if a in places and places.get(b) == places[a] + 1 and (a, b) not in straight:
            straight.add((a, b))
            routes.append([(one.x, one.y + one.h / 2), (two.x, two.y - two.h / 2)])
        elif plan.side.get(b) == a:
            routes.append([one.border(1, 0), _side(two, -1)])
        else:
            side = 1 if a in plan.side else -1
            lanes[side] += 1
            lane = high + 24 * lanes[1] if side > 0 else low - 22 * lanes[-1]
            nth = into[b, side] = into.get((b, side), 0) + 1
            x = two.x + side * two.w * (0.1 + 0.11 * nth)
            top = two.y - (
                two.h / 2
                if two.shape in ("box", "rounded", "double_box", "parallelogram")
                else _rise(two, x)
            )
            channel = two.y - two.h / 2 - 12 - 10 * nth
            start = _side(one, side)
            routes.append([start, (lane, start[1]), (lane, channel), (x, channel), (x, top)])
    return routes


def _side(node: Placed, side: int) -> Point:
    x, y = node.border(side, 0)
    return (x - side * 0.2 * node.h, y) if node.shape == "parallelogram" else (x, y)


def _rise(node: Placed, x: float) -> float:
    """How far above its middle the upper border of a diamond or oval lies at ``x``."""
    t = min(1.0, abs(x - node.x) / (node.w / 2))
    return node.h / 2 * ((1 - t) if node.shape == "diamond" else math.sqrt(1 - t * t))


def _scatter(order: list[int], nodes: list[Placed], draw: random.Random) -> None:
    width = max(n.w for n in nodes) + 50
    y = float(MARGIN)
    column = draw.randint(0, 2)
    for i in order:
        node = nodes[i]
        y += node.h / 2
        node.x = MARGIN + 60 + width * (column + 0.5) + draw.uniform(-25, 25)
        node.y = y
        y += node.h / 2 + draw.uniform(55, 80)
        column = (column + draw.choice((0, 0, 1, 2))) % 3


def _line(one: Placed, two: Placed) -> list[Point]:
    dx, dy = two.x - one.x, two.y - one.y
    return [_ray(one, dx, dy), _ray(two, -dx, -dy)]


def _ray(node: Placed, dx: float, dy: float) -> Point:
    """The border point, on a parallelogram's slanted side too."""
    if node.shape != "parallelogram":
        return node.border(dx, dy)
    best = node.border(dx, dy)
    for step in range(60, 121):
        t = step / 120
        x, y = node.x + (best[0] - node.x) * t, node.y + (best[1] - node.y) * t
        shift = 0.4 * node.h * (0.5 - (y - node.y + node.h / 2) / node.h)
        if abs(x - node.x - shift) > node.w / 2 - 0.2 * node.h:
            return x, y
    return best


def _clear(plan: Plan, nodes: list[Placed], routes: list[list[Point]]) -> bool:
    """Whether no line runs through or close by a foreign node, nor two lines along each other."""
    for (a, b, _), route in zip(plan.edges, routes, strict=True):
        for i, node in enumerate(nodes):
            if i in (a, b):
                continue
            for step in range(41):
                t = step / 40
                x = route[0][0] + (route[1][0] - route[0][0]) * t
                y = route[0][1] + (route[1][1] - route[0][1]) * t
                if abs(x - node.x) < node.w / 2 + 14 and abs(y - node.y) < node.h / 2 + 14:
                    return False
        if math.dist(*route) < 45:
            return False
    return all(
        math.dist(p[0], q[0]) > 12 and math.dist(p[1], q[1]) > 12
        and math.dist(p[0], q[1]) > 24 and math.dist(p[1], q[0]) > 24
        for p, q in combinations(routes, 2)
    )  # fmt: skip


def _label_place(route: list[Point], text: str, style: Style) -> Point:
    """Beside the first stretch of the arrow, or on it where labels lie on a patch."""
    (x0, y0), (x1, y1) = route[0], route[1]
    w, h = extent(text, style)
    t = 0.42 if len(route) == 2 else min(0.45, (w / 2 + 14) / max(math.dist(route[0], route[1]), 1))
    x, y = x0 + (x1 - x0) * t, y0 + (y1 - y0) * t
    if style.patch and math.dist(route[0], route[1]) > 2.2 * w + 30:
        return x, y
    dx, dy = (x1 - x0), (y1 - y0)
    length = math.hypot(dx, dy)
    nx, ny = abs(dy) / length, -abs(dx) / length
    if dx * nx + dy * ny > 1e-6 or abs(dx * nx + dy * ny) > 0.3 * length:
        nx, ny = -dy / length, dx / length
    far = abs(nx) * w / 2 + abs(ny) * h / 2 + 4
    return x + nx * far, y + ny * far


def _finish(plan: Plan, nodes: list[Placed], routes: list[list[Point]], style: Style) -> Drawn:
    """Draw it, and offer to draw it again with a fault."""

    def paint(fault: Fault | None = None, edge: int = -1) -> Drawn:
        corners = [p for route in routes for p in route]
        right = max([n.x + n.w / 2 for n in nodes] + [p[0] for p in corners]) + 60
        bottom = max([n.y + n.h / 2 for n in nodes] + [p[1] for p in corners]) + MARGIN
        pen = Pen(right, bottom, style)
        for node in nodes:
            pen.node(node)
        shown = [i for i in range(len(routes)) if not (fault == "erased" and i == edge)]
        for i in shown:
            pen.arrow(routes[i], head=not (fault == "headless" and i == edge))
        for i in shown:
            name = plan.edges[i][2]
            if name is not None:
                pen.label(name, *_label_place(routes[i], name, style))
        truth = plan.truth(without=edge if fault == "erased" else None)
        return Drawn(pen.png(), truth, tuple(tuple(route) for route in routes))

    vary: Callable[[Fault, int], Drawn] = paint
    return replace(paint(), vary=vary)

"""Flow charts drawn by graphviz ``dot``, with its attributes varied."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from visiontools.answers.graph import Shape
from visiontools.errors import UsageError
from visiontools.evals.diagrams_drawn import Drawn, Fault, Point
from visiontools.evals.diagrams_graphs import Plan, random_plan

GV_SHAPES: dict[Shape, dict[str, str]] = {
    "box": {"shape": "box"},
    "rounded": {"shape": "box", "style": "rounded"},
    "oval": {"shape": "ellipse"},
    "circle": {"shape": "circle"},
    "diamond": {"shape": "diamond"},
    "parallelogram": {"shape": "parallelogram"},
    "double_box": {"shape": "box", "peripheries": "2"},
}
THEMES = (
    # page, line, text, fills
    ("white", "black", "black", ()),
    ("white", "black", "black", ()),
    ("white", "#444444", "#222222", ("#dae8fc", "#d5e8d4", "#fff2cc")),
    ("#fafafa", "#1f4e79", "#102a43", ("#ffffff",)),
    ("white", "#6b4fbb", "#333333", ("#ECECFF",)),
    ("#1e1e1e", "#d4d4d4", "#f0f0f0", ("#2d2d30",)),
    ("#fdf6e3", "#586e75", "#073642", ("#eee8d5",)),
)


@dataclass(frozen=True, slots=True)
class Look:
    page: str
    line: str
    text: str
    fills: tuple[str, ...]
    splines: str
    rankdir: str
    font: str
    pen: float
    head: str
    dpi: int
    wrap: int


def render(seed: int) -> Drawn:
    """One chart; raises UsageError where graphviz is missing."""
    draw = random.Random(seed * 7919 + 1)
    page, line, text, fills = draw.choice(THEMES)
    look = Look(
        page, line, text, fills,
        splines=draw.choice(("spline",) * 4 + ("polyline",) * 2 + ("ortho",) * 2),
        rankdir=draw.choice(("TB", "TB", "TB", "LR")),
        font=draw.choice(("Helvetica", "DejaVu Sans", "Liberation Serif", "Liberation Sans")),
        pen=draw.choice((1.0, 1.0, 1.0, 1.5, 2.0, 2.5)),
        head=draw.choice(("normal", "normal", "normal", "vee", "open", "empty")),
        dpi=draw.choice((96, 96, 110, 144)),
        wrap=draw.choice((14, 18, 40)),
    )  # fmt: skip
    return _draw(random_plan(seed), look, seed)


def _draw(plan: Plan, look: Look, seed: int, fault: Fault | None = None, edge: int = -1) -> Drawn:
    try:
        png, layout = _dot(_source(plan, look, seed, fault, edge))
    except subprocess.CalledProcessError:  # dot's router for right angles aborts on some graphs
        straight = replace(look, splines="polyline")
        png, layout = _dot(_source(plan, straight, seed, fault, edge))
    shafts = _shafts(layout, look.dpi, len(plan.edges))
    truth = plan.truth(without=edge if fault == "erased" else None)
    drawn = Drawn(png, truth, shafts)
    if fault is not None:
        return drawn
    return replace(drawn, vary=lambda kind, i: _draw(plan, look, seed, kind, i))


def _source(plan: Plan, look: Look, seed: int, fault: Fault | None, edge: int) -> str:
    """The chart in the dot language."""
    draw = random.Random(seed)
    lines = [
        "digraph g {",
        f'graph [bgcolor="{look.page}" splines={look.splines} rankdir={look.rankdir} '
        f"dpi={look.dpi} pad=0.2 nodesep=0.5 ranksep=0.55]",
        f'node [fontname="{look.font}" fontcolor="{look.text}" color="{look.line}" '
        f"penwidth={look.pen}]",
        f'edge [fontname="{look.font}" fontcolor="{look.text}" color="{look.line}" '
        f"penwidth={look.pen} arrowhead={look.head} fontsize=12]",
    ]
    for i, (label, shape) in enumerate(zip(plan.labels, plan.shapes, strict=True)):
        attributes = dict(GV_SHAPES[shape], label=_wrapped(label, look.wrap))
        if look.fills:
            style = attributes.get("style")
            attributes["style"] = f"{style},filled" if style else "filled"
            attributes["fillcolor"] = draw.choice(look.fills)
        lines.append(f"n{i} [{_attributes(attributes)}]")
    for i, (a, b, name) in enumerate(plan.edges):
        attributes = {"id": f"e{i}"}
        if name is not None:
            attributes["xlabel" if look.splines == "ortho" else "label"] = f" {name} "
        if i == edge:
            attributes |= {"style": "invis"} if fault == "erased" else {"dir": "none"}
        lines.append(f"n{a} -> n{b} [{_attributes(attributes)}]")
    return "\n".join([*lines, "}"])


def _attributes(values: dict[str, str]) -> str:
    return " ".join(f'{key}="{value}"' for key, value in values.items())


def _wrapped(label: str, width: int) -> str:
    """The label on lines of about ``width`` characters, in dot's notation."""
    lines = [""]
    for word in label.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return "\\n".join(lines)


def _dot(source: str) -> tuple[bytes, dict[str, Any]]:
    """The picture and graphviz's own account of where it drew what."""
    program = shutil.which("dot")
    if program is None:
        raise UsageError(
            "graphviz is needed to draw the diagrams to measure on.",
            next="Install it (apt-get install graphviz).",
        )
    with tempfile.TemporaryDirectory() as folder:
        png, layout = Path(folder, "a.png"), Path(folder, "a.json")
        subprocess.run(
            [program, "-Tpng", f"-o{png}", "-Tjson", f"-o{layout}"],
            input=source.encode(), check=True, capture_output=True,
        )  # fmt: skip
        return png.read_bytes(), json.loads(layout.read_text())


def _shafts(layout: dict[str, Any], dpi: int, count: int) -> tuple[tuple[Point, ...], ...]:
    """Each edge's line in pixels, from its spline's control points."""
    height = float(layout["bb"].split(",")[3])
    pad, scale = 0.2 * 72, dpi / 72
    shafts: list[tuple[Point, ...]] = [()] * count
    for edge in layout.get("edges", []):
        for operation in edge.get("_draw_", []):
            if operation["op"] in "bB":
                points = _sampled(operation["points"])
                shafts[int(edge["id"][1:])] = tuple(
                    ((x + pad) * scale, (height - y + pad) * scale) for x, y in points
                )
    return tuple(shafts)


def _sampled(control: list[list[float]], steps: int = 12) -> list[Point]:
    """Points along a chain of cubic Bézier curves."""
    points: list[Point] = []
    for start in range(0, len(control) - 3, 3):
        a, b, c, d = control[start : start + 4]
        for step in range(steps + 1):
            t = step / steps
            w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            x = w[0] * a[0] + w[1] * b[0] + w[2] * c[0] + w[3] * d[0]
            y = w[0] * a[1] + w[1] * b[1] + w[2] * c[1] + w[3] * d[1]
            points.append((x, y))
    return points

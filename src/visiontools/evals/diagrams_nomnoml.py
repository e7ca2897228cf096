"""Renderer ``nomnoml``: charts drawn by the library nomnoml in a browser.

Held out: nobody tunes the reader on it. It needs Chromium and, in the working folder,
``npm install --no-save nomnoml esbuild``.
"""

from __future__ import annotations

import json
import random

from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode, Shape
from visiontools.evals.browser import bundled, screenshot
from visiontools.evals.diagrams_graphs import Plan, random_plan

KINDS: dict[Shape, tuple[str, Shape]] = {
    "diamond": ("choice", "diamond"),
    "parallelogram": ("input", "parallelogram"),
    "rounded": ("state", "oval"),  # its corners are as round as one line is high
    "oval": ("usecase", "oval"),
}
COLOURS = (("#33322E", "#eee8d5;#fdf6e3", "white"), ("#224", "#ffffff", "white"),
           ("#203a20", "#e6f2e6", "#fcfffc"), ("#e4e4ee", "#2c3040", "#16181f"))  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:30px;background:{paper}">
<div id="chart"></div><script>{script}</script><script>
document.getElementById("chart").innerHTML = nomnoml.renderSvg({source});
</script>"""


def render_nomnoml(seed: int) -> tuple[bytes, SeenDiagram]:
    """A flow chart as PNG and what is drawn on it."""
    draw = random.Random(f"nomnoml-{seed}")
    plan = random_plan(draw.getrandbits(40), most=9)
    ink, fill, paper = draw.choice(COLOURS)
    directives = {
        "stroke": ink,
        "fill": fill,
        "background": "transparent",
        "lineWidth": draw.choice((1, 2, 3)),
        "fontSize": draw.choice((12, 14, 16)),
        "font": draw.choice(("Liberation Sans", "DejaVu Sans")),
        "direction": draw.choice(("down", "down", "right")),
        "edges": draw.choice(("rounded", "hard")),
        "arrowSize": draw.choice((1, 1, 0.8)),
        "spacing": draw.choice((40, 50)),
        "padding": draw.choice((8, 12)),
        ".step": "visual=class title=center",
    }
    text, truth = _source(plan)
    head = "\n".join(f"#{name}: {value}" for name, value in directives.items())
    page = PAGE.format(
        paper=paper, script=bundled("nomnoml", "nomnoml"), source=json.dumps(f"{head}\n{text}")
    )
    return screenshot(page, width=2400, height=3000, scale=draw.choice((1, 1.5, 2))), truth


def _source(plan: Plan) -> tuple[str, SeenDiagram]:
    """The plan in nomnoml's own language, and what that draws."""
    names, nodes, lines, edges = [], [], [], []
    for index, (label, shape) in enumerate(zip(plan.labels, plan.shapes, strict=True)):
        kind, drawn = KINDS.get(shape, ("step", "box"))
        names.append(f"[<{kind}> {label}]")
        nodes.append(SeenNode(id=f"n{index}", label=label, shape=drawn))
        lines.append(names[-1])
    for a, b, said in plan.edges:
        lines.append(f"{names[a]} {said or ''} -> {names[b]}")
        edges.append(SeenEdge(source=f"n{a}", target=f"n{b}", label=said))
    return "\n".join(lines), SeenDiagram(nodes=nodes, edges=edges)

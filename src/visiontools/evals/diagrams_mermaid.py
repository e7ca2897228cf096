"""Renderer ``mermaid``: flow charts drawn by Mermaid itself in a browser.

It needs Chromium, and Mermaid's script: ``npm install --no-save mermaid`` in the working folder, or
``VISIONTOOLS_MERMAID=/path/to/mermaid.min.js``.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

from visiontools.answers.graph import SeenDiagram, Shape
from visiontools.evals.browser import screenshot
from visiontools.evals.diagrams_graphs import Plan, random_plan

VARIABLE = "VISIONTOOLS_MERMAID"
INSTALLED = Path("node_modules/mermaid/dist/mermaid.min.js")
SHAPES: dict[Shape, tuple[str, str]] = {
    "box": ("[", "]"),
    "rounded": ("(", ")"),
    "oval": ("([", "])"),
    "circle": ("((", "))"),
    "diamond": ("{", "}"),
    "parallelogram": ("[/", "/]"),
    "double_box": ("[[", "]]"),
    "other": ("[", "]"),
}
THEMES = (("default", "#fff"), ("neutral", "#fff"), ("forest", "#fff"), ("dark", "#1f2020"))
CURVES = ("basis", "linear", "stepAfter", "monotoneX")
PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:30px;background:{paper}">
<pre class="mermaid">{source}</pre><script>{script}</script>
<script>mermaid.initialize({{startOnLoad:true,theme:"{theme}",
flowchart:{{curve:"{curve}",useMaxWidth:false}}}});</script>"""


def render_mermaid(seed: int) -> tuple[bytes, SeenDiagram]:
    """A flow chart as PNG and what is drawn on it."""
    draw = random.Random(f"mermaid-{seed}")
    plan = random_plan(draw.getrandbits(40))
    theme, paper = draw.choices(THEMES, (5, 2, 2, 2))[0]
    page = PAGE.format(
        paper=paper,
        theme=theme,
        curve=draw.choices(CURVES, (6, 2, 1, 1))[0],
        source=source(plan, draw.choice(("TD", "TD", "LR"))),
        script=_script(),
    )
    picture = screenshot(page, width=2400, height=2600, scale=draw.choice((1, 1.5, 2)))
    return picture, plan.truth()


def source(plan: Plan, direction: str) -> str:
    """The plan as Mermaid text."""
    lines = [f"flowchart {direction}"]
    for index, (label, shape) in enumerate(zip(plan.labels, plan.shapes, strict=True)):
        opening, closing = SHAPES[shape]
        lines.append(f'n{index}{opening}"{_escaped(label)}"{closing}')
    for a, b, said in plan.edges:
        lines.append(f"n{a} -->" + (f'|"{_escaped(said)}"|' if said else "") + f" n{b}")
    return "\n".join(lines)


def _escaped(label: str) -> str:
    return label.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _script() -> str:
    path = Path(os.environ.get(VARIABLE) or INSTALLED)
    if not path.is_file():
        raise RuntimeError(f"There is no {path}: run 'npm install --no-save mermaid' here.")
    return path.read_text("utf-8")

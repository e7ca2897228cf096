"""Renderer ``flowchart_js``: charts drawn by the library flowchart.js in a browser.

It was held out until the reader read it wrongly, and made it stricter. It needs Chromium and, in
the working folder, ``npm install --no-save flowchart.js esbuild``.
"""

from __future__ import annotations

import random

from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode, Shape
from visiontools.evals.browser import bundled, screenshot
from visiontools.evals.diagrams_graphs import ANSWERS, Plan, random_plan

KINDS: dict[Shape, tuple[str, Shape]] = {
    "diamond": ("condition", "diamond"),
    "parallelogram": ("inputoutput", "parallelogram"),
    "double_box": ("subroutine", "double_box"),
}
COLOURS = (("black", "white", "white"), ("#345", "#eef4fb", "white"),
           ("#222", "#fff6d8", "#fdfdfd"), ("#dde", "#334", "#1c1c24"))  # fmt: skip
PAGE = """<!doctype html><meta charset="utf-8"><body style="margin:30px;background:{paper}">
<div id="chart"></div><script>{script}</script><script>
flowchart.parse({source}).drawSVG("chart",{{"yes-text":"{yes}","no-text":"{no}",
"line-width":{width},"font-size":{size},"font-family":"{font}","font-color":"{ink}",
"line-color":"{ink}","element-color":"{ink}","fill":"{fill}","arrow-end":"{arrow}"}});
</script>"""


def render_flowchart_js(seed: int) -> tuple[bytes, SeenDiagram]:
    """A flow chart as PNG and what is drawn on it."""
    draw = random.Random(f"flowchart-js-{seed}")
    plan = random_plan(draw.getrandbits(40), most=9)
    yes, no = draw.choice(ANSWERS)
    ink, fill, paper = draw.choice(COLOURS)
    text, truth = _source(plan, yes, no)
    page = PAGE.format(
        paper=paper,
        ink=ink,
        fill=fill,
        script=bundled("flowchart.js", "flowchart"),
        source=repr(text),
        yes=yes,
        no=no,
        width=draw.choice((1, 2, 3)),
        size=draw.choice((14, 16, 18)),
        font=draw.choice(("Liberation Sans", "DejaVu Sans")),
        arrow=draw.choice(("block", "classic")),
    )
    return screenshot(page, width=2400, height=3000, scale=draw.choice((1, 1.5, 2))), truth


def _source(plan: Plan, yes: str, no: str) -> tuple[str, SeenDiagram]:
    """The plan in flowchart.js's own language, and what that draws."""
    first, last = plan.backbone[0], plan.backbone[-1]
    nodes, lines, edges = [], [], []
    for index, (label, shape) in enumerate(zip(plan.labels, plan.shapes, strict=True)):
        kind, drawn = KINDS.get(shape, ("operation", "box"))
        if index in (first, last):
            kind, drawn = ("start" if index == first else "end"), "oval"
        nodes.append(SeenNode(id=f"n{index}", label=label, shape=drawn))
        lines.append(f"n{index}=>{kind}: {label}")
    answered: set[int] = set()
    for a, b, _ in plan.edges:
        side = None
        if plan.shapes[a] == "diamond":
            side = "no" if a in answered else "yes"
            answered.add(a)
        lines.append(f"n{a}({side})->n{b}" if side else f"n{a}->n{b}")
        said = {"yes": yes, "no": no, None: None}[side]
        edges.append(SeenEdge(source=f"n{a}", target=f"n{b}", label=said))
    return "\n".join(lines), SeenDiagram(nodes=nodes, edges=edges)

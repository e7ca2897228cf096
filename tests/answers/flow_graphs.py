"""Random diagrams of every shape: loops, irreducible knots, hostile and foreign labels."""

from __future__ import annotations

from typing import get_args

from hypothesis import strategies as st

from visiontools.answers.flow import Graph, normalise
from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode, Shape

LABELS = st.one_of(
    st.sampled_from(
        [
            "Start", "End", "Ende", "Check stock", "class", "print", "run", "state", "", "x > 10?",
            '"); import os #', '"""', "\\", "a\nb", "end", "1. Begin", "{x!r}", "在庫?", "Prüfen",
            "'", "other", "subgraph", "<b>x</b>", "#quot;", "stock < order?", 'say "hi"',
            "style: x:#35;", "\u202eevil",
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip
EXITS = st.one_of(st.sampled_from([None, "Yes", "No", "Ja", "", "maybe"]), st.text(max_size=8))


@st.composite
def diagrams(draw: st.DrawFn, most: int = 9) -> SeenDiagram:
    count = draw(st.integers(1, most))
    ids = [f"n{i}" for i in range(count)]
    nodes = [
        SeenNode(id=id, label=draw(LABELS), shape=draw(st.sampled_from(get_args(Shape))))
        for id in ids
    ]
    pick = st.sampled_from(ids)
    edges = draw(
        st.lists(
            st.builds(lambda a, b, t: SeenEdge(source=a, target=b, label=t), pick, pick, EXITS),
            max_size=2 * count + 2,
        )
    )
    return SeenDiagram(nodes=nodes, edges=edges)


def graph(shapes: str, arrows: str) -> Graph:
    """``a:Start/oval b:Do_it`` and ``a>b b>c:Yes``, underscores for blanks."""
    nodes = []
    for word in shapes.split():
        id, text = word.split(":")
        label, _, shape = text.partition("/")
        nodes.append({"id": id, "label": label.replace("_", " "), "shape": shape or "box"})
    edges = []
    for word in arrows.split():
        ends, _, label = word.partition(":")
        source, target = ends.split(">")
        edges.append({"from": source, "to": target, "label": label or None})
    return normalise(SeenDiagram.model_validate({"nodes": nodes, "edges": edges})).graph

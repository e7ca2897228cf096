"""A flow graph as a Mermaid flowchart, and a strict parser of exactly what is written here.

The parser exists to check the text that is handed out: it must hold every node and edge again.
"""

from __future__ import annotations

import re

from visiontools.answers.flow import Graph
from visiontools.answers.flow_kinds import Kind

_SHAPES: dict[Kind, tuple[str, str]] = {
    "start": ("([", "])"),
    "end": ("([", "])"),
    "process": ("[", "]"),
    "decision": ("{", "}"),
    "input_output": ("[/", "/]"),
    "subprocess": ("[[", "]]"),
    "other": ("(", ")"),
}
_PLAIN = frozenset(" .,:!?'()+/=%$€£@[]{}|^")
_ID = "[A-Za-z][A-Za-z0-9_]*"
_NODE = re.compile(rf'    ({_ID})([\[({{/]+)"([^"]*)"([\])}}/]+)')
_EDGE = re.compile(rf'    ({_ID}) -->(?:\|"([^"]*)"\|)? ({_ID})')
_ENTITY = re.compile(r"#(\d+);")

Drawn = tuple[dict[str, tuple[str, str]], list[tuple[str, str, str | None]]]
"""Nodes (id -> opening bracket, label) and edges (from, to, label) found in a flowchart."""


def mermaid(graph: Graph) -> str:
    """The graph as a Mermaid ``flowchart TD``; every label is quoted and escaped."""
    lines = ["flowchart TD"]
    for node in graph.nodes:
        left, right = _SHAPES[node.kind]
        lines.append(f'    {node.id}{left}"{escape(node.label or " ")}"{right}')
    for edge in graph.edges:
        text = f'|"{escape(edge.label)}"|' if edge.label else ""
        lines.append(f"    {edge.source} -->{text} {edge.target}")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """The text as it may stand between Mermaid's double quotes.

    What Mermaid, the Markdown it applies to labels, or HTML would read as markup becomes an
    entity code such as ``#34;``. Mermaid also eats the semicolon of an entity that follows a
    colon on a line with ``style`` or ``classDef``, and makes icons of ``fa:fa-car``, so the colon
    becomes a code there.
    """
    codes = "".join(c if _stands(text, i) else f"#{ord(c)};" for i, c in enumerate(text))
    colon_means = any(word in text for word in ("style", "classDef", ":fa-"))
    return codes.replace(":", "#58;") if colon_means else codes


def _stands(text: str, place: int) -> bool:
    """Whether a character means nothing to anybody but the reader."""
    char = text[place]
    before, after = text[:place], text[place + 1 : place + 2]
    if char.isalnum():
        return True
    if char in ".)":  # "1. Start" would begin a Markdown list
        return not before.strip().isdigit()
    if char in "-_":
        return bool(before[-1:].isalnum() and after.isalnum())
    if char == "$":  # "$$...$$" would be a formula
        return "$" not in (before[-1:], after)
    if char == "+":
        return bool(before.strip())
    return char in _PLAIN or (ord(char) > 127 and char.isprintable())


def unescape(text: str) -> str:
    """What :func:`escape` was given."""
    return _ENTITY.sub(lambda code: chr(int(code[1])), text)


def parse(text: str) -> Drawn:
    """Read back a flowchart written by :func:`mermaid`.

    Raises ValueError at the first line that is not exactly of that form.
    """
    head, *lines = text.splitlines()
    if head != "flowchart TD":
        raise ValueError(f"not a flowchart: {head!r}")
    nodes: dict[str, tuple[str, str]] = {}
    edges: list[tuple[str, str, str | None]] = []
    for line in lines:
        if edge := _EDGE.fullmatch(line):
            label = None if edge[2] is None else unescape(edge[2])
            edges.append((edge[1], edge[3], label))
        elif (node := _NODE.fullmatch(line)) and (node[2], node[4]) in _SHAPES.values():
            nodes[node[1]] = (node[2], unescape(node[3]))
        else:
            raise ValueError(f"not a line of our flowcharts: {line!r}")
    return nodes, edges


def drawn(graph: Graph) -> Drawn:
    """What :func:`parse` must find in the graph's flowchart."""
    nodes = {n.id: (_SHAPES[n.kind][0], n.label or " ") for n in graph.nodes}
    return nodes, [(edge.source, edge.target, edge.label) for edge in graph.edges]

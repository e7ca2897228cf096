"""Flow graphs: an observed diagram made regular, so that lints and code can rely on it.

After :func:`normalise` every id is unique and safe in Mermaid, every label is one clean line,
every edge joins two nodes that exist and is there once, and every node has a kind.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from visiontools.answers.flow_kinds import Kind, kind_of
from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode, Shape

_SAFE_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_MERMAID_WORDS = frozenset(
    word
    for line in (
        "call class classdef click default direction end",
        "flowchart graph href",
        "linkstyle style subgraph",
    )
    for word in line.split()
)
_UNSEEN = {"Cc", "Cs"}
_TURNING = frozenset(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
)


@dataclass(frozen=True, slots=True)
class Node:
    """One shape; ``kind`` is what it does in the flow."""

    id: str
    label: str
    kind: Kind
    shape: Shape = "box"


@dataclass(frozen=True, slots=True)
class Edge:
    """One arrow from ``source`` to ``target``."""

    source: str
    target: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Exit:
    """A way out of a node. ``answer`` is its name, unique among the node's exits."""

    answer: str
    target: str


@dataclass(frozen=True)
class Graph:
    """A regular flow graph; nodes and edges keep the order of the observation."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Node]:
        return {node.id: node for node in self.nodes}

    @cached_property
    def _leaving(self) -> Mapping[str, list[Edge]]:
        return _grouped((edge.source, edge) for edge in self.edges)

    @cached_property
    def _entering(self) -> Mapping[str, list[Edge]]:
        return _grouped((edge.target, edge) for edge in self.edges)

    def leaving(self, id: str) -> Sequence[Edge]:
        """The arrows that leave a node."""
        return self._leaving.get(id, ())

    def entering(self, id: str) -> Sequence[Edge]:
        """The arrows that enter a node."""
        return self._entering.get(id, ())

    def exits(self, id: str) -> tuple[Exit, ...]:
        """The ways out of a node, each under a name of its own.

        An unlabelled exit is named after where it goes; a name used twice is numbered.
        """
        taken: set[str] = set()
        ways = []
        for edge in self.leaving(id):
            wanted = edge.label or f"to {self.by_id[edge.target].label or edge.target}"
            ways.append(Exit(unused(wanted, taken), edge.target))
        return tuple(ways)

    def of_kind(self, kind: Kind) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.kind == kind)

    @cached_property
    def entries(self) -> tuple[Node, ...]:
        """Where the flow begins: the starts, else the nodes nothing leads to, else the first."""
        sources = tuple(node for node in self.nodes if not self.entering(node.id))
        return self.of_kind("start") or sources or self.nodes[:1]

    def reached_from(self, ids: Iterable[str]) -> frozenset[str]:
        """Every node on a way from one of these, themselves included."""
        return _closure(ids, lambda node: [e.target for e in self.leaving(node)])

    def leading_to(self, ids: Iterable[str]) -> frozenset[str]:
        """Every node from which one of these can be reached, themselves included."""
        return _closure(ids, lambda node: [e.source for e in self.entering(node)])


@dataclass(frozen=True, slots=True)
class Normalised:
    """The graph, and in words what of the observation did not make it into it."""

    graph: Graph
    unknown: tuple[str, ...] = ()
    repeated: tuple[str, ...] = ()


@dataclass(slots=True)
class _Names:
    """Observed ids to ids in the graph; an id that stands for several shapes is ambiguous."""

    ids: dict[str, str] = field(default_factory=dict)
    ambiguous: set[str] = field(default_factory=set)


def normalise(seen: SeenDiagram) -> Normalised:
    """Make an observed diagram regular; what cannot be kept is named, never dropped silently."""
    names, repeated = _Names(), list[str]()
    kept: list[tuple[str, SeenNode]] = []
    same: dict[str, list[SeenNode]] = {}
    taken = {n.id for n in seen.nodes if _keeps(n.id)}
    for position, node in enumerate(seen.nodes, start=1):
        if node in same.setdefault(node.id, []):
            repeated.append(f"shape {node.id} ({one_line(node.label)})")
            continue
        same[node.id].append(node)
        kept.append((_rename(node.id, position, names, taken), node))
    edges, unknown = _join(seen.edges, names, repeated)
    return Normalised(Graph(_with_kinds(kept, edges), edges), tuple(unknown), tuple(repeated))


def _keeps(id: str) -> bool:
    return bool(_SAFE_ID.fullmatch(id)) and id.lower() not in _MERMAID_WORDS


def _rename(id: str, position: int, names: _Names, taken: set[str]) -> str:
    if id in names.ids:
        names.ambiguous.add(id)
    elif _keeps(id):
        names.ids[id] = id
        return id
    made = f"n{position}"
    while made in taken:
        made += "_"
    taken.add(made)
    return names.ids.setdefault(id, made) if id not in names.ids else made


def _join(
    seen: Sequence[SeenEdge], names: _Names, repeated: list[str]
) -> tuple[tuple[Edge, ...], list[str]]:
    edges: dict[Edge, None] = {}
    unknown: list[str] = []
    for arrow in seen:
        said = f"arrow {one_line(arrow.source)} -> {one_line(arrow.target)}"
        lost = [id for id in (arrow.source, arrow.target) if id not in names.ids]
        shared = [id for id in (arrow.source, arrow.target) if id in names.ambiguous]
        if lost:
            unknown.append(f"{said}: no shape is called {', '.join(map(one_line, lost))}")
            continue
        if shared:
            unknown.append(f"{said}: several shapes are called {', '.join(map(one_line, shared))}")
            continue
        label = one_line(arrow.label or "") or None
        edge = Edge(names.ids[arrow.source], names.ids[arrow.target], label)
        if edge in edges:
            repeated.append(said)
        edges[edge] = None
    return tuple(edges), unknown


def _with_kinds(kept: Sequence[tuple[str, SeenNode]], edges: Sequence[Edge]) -> tuple[Node, ...]:
    boxes = any(node.shape == "box" for _, node in kept)
    exits = _grouped((edge.source, edge) for edge in edges)
    entered = {edge.target for edge in edges}
    nodes = []
    for id, node in kept:
        label = one_line(node.label)
        leaving = exits.get(id, [])
        kind = kind_of(
            label,
            node.shape,
            exits=len(leaving),
            entered=id in entered,
            labelled=all(edge.label for edge in leaving),
            rounded_is_special=boxes,
        )
        nodes.append(Node(id, label, kind, node.shape))
    return tuple(nodes)


def one_line(text: str) -> str:
    """The text on one line, without control characters and marks that turn the reading order.

    Those could make source text look different from what it says.
    """
    flat = " ".join(text.split())
    kept = (c for c in flat if unicodedata.category(c) not in _UNSEEN and c not in _TURNING)
    return unicodedata.normalize("NFC", " ".join("".join(kept).split()))


def unused(wanted: str, taken: set[str]) -> str:
    """The wanted name, numbered if it is taken already; it is taken from now on."""
    name, count = wanted, 1
    while name in taken:
        count += 1
        name = f"{wanted} ({count})"
    taken.add(name)
    return name


def _grouped(pairs: Iterable[tuple[str, Edge]]) -> dict[str, list[Edge]]:
    groups: dict[str, list[Edge]] = {}
    for key, edge in pairs:
        groups.setdefault(key, []).append(edge)
    return groups


def _closure(ids: Iterable[str], neighbours: Callable[[str], list[str]]) -> frozenset[str]:
    seen: set[str] = set()
    waiting = list(ids)
    while waiting:
        id = waiting.pop()
        if id not in seen:
            seen.add(id)
            waiting.extend(neighbours(id))
    return frozenset(seen)

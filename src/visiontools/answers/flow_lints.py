"""What is wrong with a flow graph, in words a person can act on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from visiontools.answers.flow import Edge, Graph, Node
from visiontools.answers.flow_kinds import says_end, says_start, word

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, slots=True)
class Lint:
    """One finding: a code for programs, a sentence for people, and the ids it is about."""

    code: str
    severity: Severity
    message: str
    nodes: tuple[str, ...] = ()


def lint(graph: Graph) -> tuple[Lint, ...]:
    """Every finding about the graph: the errors first, causes before what they lead to."""
    rules = (_decisions, _dead_ends, _starts, _ends, _unreachable, _several_exits, _loops, _labels)
    found = [finding for rule in rules for finding in rule(graph)]
    order = {"error": 0, "warning": 1, "note": 2}
    return tuple(sorted(found, key=lambda finding: order[finding.severity]))


def named(node: Node) -> str:
    """A node in a sentence: its label in quotes, else its id."""
    return f"“{node.label}”" if node.label else f"the unlabelled {node.id}"


def _list(nodes: Iterable[Node]) -> str:
    return ", ".join(named(node) for node in nodes)


def _ids(nodes: Iterable[Node]) -> tuple[str, ...]:
    return tuple(node.id for node in nodes)


def _starts(graph: Graph) -> Iterator[Lint]:
    starts, entries = graph.of_kind("start"), graph.entries
    if not starts:
        clear = len(entries) == 1 and not graph.entering(entries[0].id)
        yield Lint(
            "no_start",
            "warning" if clear else "error",
            f"No start is drawn; the code begins at {_list(entries)}.",
            _ids(entries),
        )
    if len(starts) > 1:
        yield Lint("several_starts", "warning", f"Several starts: {_list(starts)}.", _ids(starts))
    for node in starts:
        if not graph.leaving(node.id) and node not in _isolated(graph):
            yield Lint(
                "start_without_exit",
                "error",
                f"No arrow leaves the start {named(node)}.",
                (node.id,),
            )


def _ends(graph: Graph) -> Iterator[Lint]:
    ends = graph.of_kind("end")
    last = [node for node in graph.nodes if not graph.leaving(node.id)]
    if not ends:
        where = f"; the flow stops at {_list(last)}" if last else ""
        severity: Severity = "warning" if last else "error"
        yield Lint("no_end", severity, f"No end is drawn{where}.", _ids(last))
    for node in ends:
        if graph.leaving(node.id):
            yield Lint(
                "end_with_exit", "warning", f"An arrow leaves the end {named(node)}.", (node.id,)
            )


def _isolated(graph: Graph) -> list[Node]:
    if len(graph.nodes) == 1:
        return []
    return [n for n in graph.nodes if not graph.leaving(n.id) and not graph.entering(n.id)]


def _unreachable(graph: Graph) -> Iterator[Lint]:
    isolated = _isolated(graph)
    for node in isolated:
        yield Lint("isolated", "error", f"No arrow touches {named(node)}.", (node.id,))
    reached = graph.reached_from(_ids(graph.entries))
    lost = [n for n in graph.nodes if n.id not in reached and n not in isolated]
    if lost:
        yield Lint(
            "unreachable", "error", f"No way leads from a start to {_list(lost)}.", _ids(lost)
        )


def _dead_ends(graph: Graph) -> Iterator[Lint]:
    severity: Severity = "error" if graph.of_kind("end") else "warning"
    isolated = _isolated(graph)
    for node in graph.nodes:
        closed = not graph.leaving(node.id) and node.kind not in ("start", "end", "decision")
        if closed and node not in isolated:
            yield Lint(
                "dead_end",
                severity,
                f"No arrow leaves {named(node)}, and it is no end.",
                (node.id,),
            )


def _decisions(graph: Graph) -> Iterator[Lint]:
    for node in graph.of_kind("decision"):
        exits = graph.leaving(node.id)
        if len(exits) < 2:
            yield Lint(
                "decision_needs_two_exits",
                "error",
                f"The decision {named(node)} has {('no exit', 'only one exit')[len(exits)]}.",
                (node.id,),
            )
        if len(exits) > 1 and any(not edge.label for edge in exits):
            yield Lint(
                "exit_unlabelled",
                "warning",
                f"The decision {named(node)} has an exit without a label.",
                (node.id,),
            )
        for label in _shared(exits):
            yield Lint(
                "exits_same_label",
                "error",
                f"Two exits of the decision {named(node)} are both labelled “{label}”.",
                (node.id,),
            )


def _shared(exits: Iterable[Edge]) -> list[str]:
    labels = [edge.label for edge in exits if edge.label]
    counts = Counter(word(label) or label for label in labels)
    return [label for label in dict.fromkeys(labels) if counts.pop(word(label) or label, 0) > 1]


def _several_exits(graph: Graph) -> Iterator[Lint]:
    for node in graph.nodes:
        exits = graph.leaving(node.id)
        if node.kind != "decision" and len(exits) > 1:
            yield Lint(
                "several_exits",
                "warning",
                f"{len(exits)} arrows leave {named(node)}, which is no decision; the code takes "
                "one of them, it does not go both ways.",
                (node.id,),
            )


def _loops(graph: Graph) -> Iterator[Lint]:
    last = [node.id for node in graph.nodes if not graph.leaving(node.id) or node.kind == "end"]
    ending = graph.leading_to(last)
    stuck = [node for node in graph.nodes if node.id not in ending]
    if stuck:
        yield Lint(
            "endless_loop",
            "error",
            f"Once at {_list(stuck)}, the flow never reaches an end.",
            _ids(stuck),
        )


def _labels(graph: Graph) -> Iterator[Lint]:
    empty = [node for node in graph.nodes if not node.label]
    if empty:
        yield Lint(
            "empty_label",
            "warning",
            f"No text in {', '.join(node.id for node in empty)}.",
            _ids(empty),
        )
    groups: dict[str, list[Node]] = {}
    for node in graph.nodes:
        plain = says_start(node.label) or says_end(node.label)
        if node.label and not plain:
            groups.setdefault(word(node.label) or node.label, []).append(node)
    for same in groups.values():
        if len(same) > 1:
            yield Lint(
                "duplicate_label",
                "warning",
                f"{len(same)} shapes say {named(same[0])}; the code keeps them apart.",
                _ids(same),
            )

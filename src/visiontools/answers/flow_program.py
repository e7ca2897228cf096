"""What a flow's generated program is made of: names, questions, conditions, entries.

The writer of the program and the check that reads it back share this plan.
"""

from __future__ import annotations

from dataclasses import dataclass

from visiontools.answers.flow import Exit, Graph, Node, unused
from visiontools.answers.flow_conditions import Condition, condition
from visiontools.answers.flow_names import identifier, is_mark, unused_name
from visiontools.answers.flow_structure import Ways

ROOT = ""
"""The place before the first node, from which the entries are chosen."""


@dataclass(frozen=True)
class Plan:
    """A program's parts, by node id.

    ``names`` are the steps' functions (marks such as "Start" have none), ``states`` what a state
    machine calls each node; ``outcomes`` is what ``run`` returns where the flow is over; ``ways``
    are the exits, with the entries as the exits of ROOT.
    """

    graph: Graph
    ways: Ways
    names: dict[str, str]
    states: dict[str, str]
    conditions: dict[str, Condition]
    outcomes: dict[str, str]

    @property
    def functions(self) -> dict[str, str]:
        """Function name -> node id."""
        return {name: id for id, name in self.names.items()}

    @property
    def entries(self) -> tuple[Exit, ...]:
        return self.ways[ROOT]


def plan(graph: Graph) -> Plan:
    """Lay out the program of a graph with at least one node."""
    ways = {node.id: graph.exits(node.id) for node in graph.nodes}
    conditions = {}
    for node in graph.nodes:
        if found := condition(node.label, ways[node.id]):
            conditions[node.id] = found
    taken: set[str] = set()
    states = {
        node.id: unused_name(_wanted(node, conditions.get(node.id)), taken) for node in graph.nodes
    }
    names = {node.id: states[node.id] for node in graph.nodes if not is_mark(graph, node)}
    last, starts = set[str](), set[str]()
    outcomes = {
        node.id: unused(node.label or node.id, last) for node in graph.nodes if not ways[node.id]
    }
    entries = tuple(Exit(unused(n.label or n.id, starts), n.id) for n in graph.entries)
    return Plan(graph, {ROOT: entries, **ways}, names, states, conditions, outcomes)


def _wanted(node: Node, found: Condition | None) -> str:
    said = identifier(found.name if found else node.label)
    return said or identifier(f"{node.kind}_{node.id}") or "step"

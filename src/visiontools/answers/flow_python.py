"""A flow graph as a Python program, made by code alone.

Steps and decisions become functions for a person to fill in; ``run`` walks them as the arrows
do. Labels reach the program only as made-safe identifiers and as string literals.
"""

from __future__ import annotations

import textwrap

from visiontools.answers.flow import Graph
from visiontools.answers.flow_program import ROOT, Plan, plan
from visiontools.answers.flow_statements import nested, state_machine
from visiontools.answers.flow_structure import NotStructuredError, structure
from visiontools.answers.flow_text import docstring, literal, return_type

_DEEPEST = 9
_WIDTH = 88


def python(graph: Graph) -> str:
    """The program: nested where the graph is, else a state machine; always the same walk."""
    parts = plan(graph)
    try:
        body = nested(structure(parts.ways, ROOT), parts)
        depth = max((len(line) - len(line.lstrip())) // 4 for line in body)
    except NotStructuredError:
        depth = _DEEPEST + 1
    if depth > _DEEPEST:
        body = state_machine(parts)
    return _program(parts, body)


def python_state_machine(graph: Graph) -> str:
    """The program as a state machine, whatever the graph's shape."""
    parts = plan(graph)
    return _program(parts, state_machine(parts))


def _program(parts: Plan, body: list[str]) -> str:
    blocks = [_head(parts), *(_function(parts, id) for id in parts.names), _run(parts, body)]
    return "\n\n\n".join(blocks) + '\n\n\nif __name__ == "__main__":\n    print(run())\n'


def _head(parts: Plan) -> str:
    decisions = sum(len(parts.ways[id]) > 1 for id in parts.names)
    counts = [(len(parts.names) - decisions, "step"), (decisions, "decision")]
    told = " and ".join(f"{n} {what}{'s' * (n != 1)}" for n, what in counts if n)
    literals = len(parts.entries) > 1 or any(
        len(parts.ways[id]) > 1 and id not in parts.conditions for id in parts.names
    )
    return "\n".join(
        [
            f'"""A flow of {told or "no steps"}, made from a diagram by visiontools.',
            "",
            "Fill in the functions below; run() calls them in the order of the arrows. What the",
            "steps share is kept in the state, a dictionary.",
            '"""',
            "",
            "from __future__ import annotations",
            "",
            f"from typing import Any{', Literal' * literals}",
            "",
            "State = dict[str, Any]",
        ]
    )


def _function(parts: Plan, id: str) -> str:
    node = parts.graph.by_id[id]
    name, found = parts.names[id], parts.conditions.get(id)
    answers = [way.answer for way in parts.ways[id]]
    said = node.label or f"The {node.kind.replace('_', ' ')} {id} has no text in the diagram."
    if found:
        return (
            f"def {name}(state: State) -> bool:\n{docstring(said)}\n    return bool({found.source})"
        )
    if len(answers) > 1:
        head = f"def {name}(state: State) -> {return_type(answers)}:"
        if len(head) > _WIDTH:
            head = f"def {name}(\n    state: State,\n) -> {return_type(answers, wrapped=True)}:"
    else:
        head = f"def {name}(state: State) -> None:"
    return f"{head}\n{docstring(said)}\n    raise NotImplementedError"


def _run(parts: Plan, body: list[str]) -> str:
    parameters = "state: State | None = None"
    entries = [way.answer for way in parts.entries]
    head = f"def run({parameters}) -> str:"
    if len(entries) > 1:
        wrapped = textwrap.indent(return_type(entries, wrapped=True), "    ").lstrip()
        chosen = f"start: {wrapped} = {literal(entries[0])}"
        head = f"def run(\n    {parameters},\n    *,\n    {chosen},\n) -> str:"
    lines = [
        head,
        '    """Walk the flow; return where it ended."""',
        "    state = {} if state is None else state",
        *(f"    {line}" for line in body),
    ]
    return "\n".join(lines)

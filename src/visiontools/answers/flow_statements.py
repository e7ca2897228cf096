"""The lines of ``run``: nested statements, or a state machine."""

from __future__ import annotations

from collections.abc import Sequence

from visiontools.answers.flow_program import ROOT, Plan
from visiontools.answers.flow_structure import (
    Branch,
    Break,
    Continue,
    Do,
    Loop,
    Return,
    Statement,
)
from visiontools.answers.flow_text import literal

_NO_SUCH_EXIT = ("    case _:", '        raise ValueError("no such exit")')


def nested(statements: Sequence[Statement], parts: Plan) -> list[str]:
    """The lines of structured statements."""
    return _Writer(parts).block(statements)


class _Writer:
    def __init__(self, parts: Plan) -> None:
        self._parts = parts

    def block(self, statements: Sequence[Statement]) -> list[str]:
        return [line for statement in statements for line in self._lines(statement)]

    def _lines(self, statement: Statement) -> list[str]:
        match statement:
            case Do(node):
                name = self._parts.names.get(node)
                return [f"{name}(state)"] if name else []
            case Branch():
                return self._branch(statement)
            case Loop(body):
                return self._loop(body)
            case Return(node):
                return [f"return {literal(self._parts.outcomes[node])}"]
            case Break():
                return ["break"]
            case Continue():
                return ["continue"]

    def _loop(self, body: tuple[Statement, ...]) -> list[str]:
        """``while <question>:`` where the loop begins by asking whether to leave it."""
        if len(body) == 1 and isinstance(body[0], Branch) and len(body[0].arms) == 2:
            one, two = body[0].arms
            for leaving, staying in ((one, two), (two, one)):
                if leaving[1] == (Break(),) and body[0].node != ROOT:
                    test = self._test(body[0].node, staying[0])
                    return [f"while {test}:", *_indented(self.block(staying[1]))]
        return ["while True:", *_indented(self.block(body))]

    def _branch(self, branch: Branch) -> list[str]:
        if len(branch.arms) > 2:
            return self._match(branch)
        one, two = branch.arms
        if not self._does(one[1]) and not self._does(two[1]):
            return [f"{self._parts.names[branch.node]}(state)"] if branch.node else []
        if not one[1] or (_leaves(two[1]) and not _leaves(one[1])):
            one, two = two, one
        lines = [f"if {self._test(branch.node, one[0])}:", *_indented(self.block(one[1]))]
        if _leaves(one[1]) or not two[1]:
            return lines + self.block(two[1])
        return [*lines, f"else:  # {literal(two[0])}", *_indented(self.block(two[1]))]

    def _does(self, statements: Sequence[Statement]) -> bool:
        """Whether anything is written for them: marks such as "Start" are not."""
        return any(not isinstance(s, Do) or s.node in self._parts.names for s in statements)

    def _match(self, branch: Branch) -> list[str]:
        name = self._parts.names.get(branch.node)
        lines = [f"match {name}(state):" if name else "match start:"]
        for answer, statements in branch.arms:
            lines += [f"    case {literal(answer)}:"]
            lines += _indented(_indented(self.block(statements)))
        return [*lines, *_NO_SUCH_EXIT]

    def _test(self, node: str, answer: str) -> str:
        return test(self._parts, node, answer)


def test(parts: Plan, node: str, answer: str) -> str:
    """The expression that is true where a two-way node takes this exit."""
    if node == ROOT:
        return f"start == {literal(answer)}"
    call = f"{parts.names[node]}(state)"
    if found := parts.conditions.get(node):
        return call if answer == found.yes else f"not {call}"
    return f"{call} == {literal(answer)}"


def _indented(lines: list[str]) -> list[str]:
    return [f"    {line}" for line in lines or ["pass"]]


def _leaves(statements: Sequence[Statement]) -> bool:
    """Whether nothing after these statements is reached from them."""
    if not statements:
        return False
    match statements[-1]:
        case Return() | Break() | Continue():
            return True
        case Branch(_, arms):
            return all(_leaves(body) for _, body in arms)
        case Loop(body):
            return not _breaks(body)
        case _:
            return False


def _breaks(statements: Sequence[Statement]) -> bool:
    """Whether a ``break`` among these leaves the loop they are the body of."""
    return any(
        isinstance(one, Break)
        or (isinstance(one, Branch) and any(_breaks(body) for _, body in one.arms))
        for one in statements
    )


def state_machine(parts: Plan) -> list[str]:
    """The lines of a loop over the name of the present node."""
    lines = [*_enter(parts), "while True:", "    match at:"]
    reached = parts.graph.reached_from(way.target for way in parts.entries)
    for node in parts.graph.nodes:
        if node.id in reached:
            lines.append(f'        case "{parts.states[node.id]}":')
            lines += [f"            {line}" for line in _turn(parts, node.id)]
    return lines


def _enter(parts: Plan) -> list[str]:
    if len(parts.entries) == 1:
        return [f'at = "{parts.states[parts.entries[0].target]}"']
    return _choose(parts, ROOT, "start")


def _turn(parts: Plan, node: str) -> list[str]:
    """What the machine does at one node."""
    ways, name = parts.ways[node], parts.names.get(node)
    if len(ways) > 1:
        return _choose(parts, node, f"{name}(state)")
    lines = [f"{name}(state)"] if name else []
    if ways:
        return [*lines, f'at = "{parts.states[ways[0].target]}"']
    return [*lines, f"return {literal(parts.outcomes[node])}"]


def _choose(parts: Plan, node: str, subject: str) -> list[str]:
    ways = parts.ways[node]
    if len(ways) == 2:
        lines = []
        heads = (f"if {test(parts, node, ways[0].answer)}:", f"else:  # {literal(ways[1].answer)}")
        for keyword, way in zip(heads, ways, strict=True):
            lines += [keyword, f'    at = "{parts.states[way.target]}"']
        return lines
    lines = [f"match {subject}:"]
    for way in ways:
        lines += [f"    case {literal(way.answer)}:", f'        at = "{parts.states[way.target]}"']
    return [*lines, *_NO_SUCH_EXIT]

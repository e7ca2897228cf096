"""Reads a generated program back and says where each answer leads, without running it.

It follows the program's syntax tree for every answer of every step, so that a program is shown
to walk exactly as its graph does. Anything it does not know is an error.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from visiontools.answers.flow import Graph
from visiontools.answers.flow_names import is_mark
from visiontools.answers.flow_program import ROOT, Plan, plan

Answer = str | bool | None
Steps = dict[tuple[str, str], str]
"""(function, exit) -> the next function, or ``=`` and what is returned."""


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is left to do: these statements from ``at``, then ``after``; a loop, or none."""

    statements: tuple[ast.stmt, ...]
    after: _Rest | None
    loop: ast.While | None = None


@dataclass(frozen=True, slots=True)
class _Pause:
    """The program has called a function; the rest depends on what it answers."""

    call: str
    node: ast.stmt
    rest: _Rest | None
    at: str | None


class _Reader:
    def __init__(self, start: str) -> None:
        self._start = start

    def go(self, rest: _Rest | None, at: str | None) -> _Pause | str:
        """On to the next call, or to the end (``=`` and what is returned)."""
        for _ in range(10_000):
            if rest is None:
                raise ValueError("run() ends without a return")
            if not rest.statements:
                rest = _Rest((rest.loop,), rest.after) if rest.loop else rest.after
                continue
            first, rest = rest.statements[0], _Rest(rest.statements[1:], rest.after, rest.loop)
            if call := _asked(first):
                return _Pause(call, first, rest, at)
            if isinstance(first, ast.Return):
                return "=" + _constant(first.value)
            rest, at = self._plain(first, rest, at)
        raise ValueError("the program loops without doing a step")

    def answer(self, pause: _Pause, given: Answer) -> _Pause | str:
        """On from a call, now that its answer is known."""
        return self.go(_taken(pause.node, pause.rest, given), pause.at)

    def _plain(
        self, first: ast.stmt, rest: _Rest, at: str | None
    ) -> tuple[_Rest | None, str | None]:
        if isinstance(first, ast.Assign):
            names = [target.id for target in first.targets if isinstance(target, ast.Name)]
            return rest, (_constant(first.value) if names == ["at"] else at)
        if isinstance(first, ast.Break):
            return _loop_of(rest).after, at
        if isinstance(first, ast.Continue):
            around = _loop_of(rest)
            return _Rest((), around.after, around.loop), at
        if isinstance(first, ast.While):
            return _Rest(tuple(first.body), rest, first), at
        if isinstance(first, ast.Match):
            known = at if ast.unparse(first.subject) == "at" else self._start
            return _taken(first, rest, known), at
        if isinstance(first, ast.If):
            return _taken(first, rest, self._start), at
        return rest, at


def _loop_of(rest: _Rest) -> _Rest:
    at: _Rest | None = rest
    while at is not None and at.loop is None:
        at = at.after
    if at is None:
        raise ValueError("break or continue outside a loop")
    return at


def _asked(node: ast.stmt) -> str | None:
    """The function a statement calls with the state, if it calls one."""
    where: ast.expr | None = None
    if isinstance(node, ast.Expr):
        where = node.value
    elif isinstance(node, ast.If | ast.While):
        where = node.test.operand if isinstance(node.test, ast.UnaryOp) else node.test
        where = where.left if isinstance(where, ast.Compare) else where
    elif isinstance(node, ast.Match):
        where = node.subject
    if isinstance(where, ast.Call) and isinstance(where.func, ast.Name):
        return where.func.id
    return None


def _taken(node: ast.stmt, rest: _Rest | None, given: Answer) -> _Rest | None:
    """What follows a statement once its question is answered."""
    if isinstance(node, ast.Expr):
        return rest
    if isinstance(node, ast.Match):
        return _Rest(tuple(_case(node, given)), rest)
    assert isinstance(node, ast.If | ast.While)
    holds = _holds(node.test, given)
    if isinstance(node, ast.While):
        return _Rest(tuple(node.body), rest, node) if holds else rest
    return _Rest(tuple(node.body if holds else node.orelse), rest)


def _case(node: ast.Match, given: Answer) -> Sequence[ast.stmt]:
    for case in node.cases:
        if isinstance(case.pattern, ast.MatchValue) and _constant(case.pattern.value) == given:
            return case.body
    raise ValueError(f"no case for {given!r}")


def _holds(test: ast.expr, given: Answer) -> bool:
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return not _holds(test.operand, given)
    if isinstance(test, ast.Compare) and isinstance(test.ops[0], ast.Eq):
        return _constant(test.comparators[0]) == given
    if isinstance(test, ast.Call) and isinstance(given, bool):
        return given
    raise ValueError(f"not a question of ours: {ast.unparse(test)}")


def _constant(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    raise ValueError("not a text")


def steps_of_program(source: str, parts: Plan) -> Steps:
    """Every step the program can take: what follows each function at each of its exits.

    Raises ValueError (SyntaxError is one) for a program not of the form written here.
    """
    module = ast.parse(source)
    runs = [n for n in module.body if isinstance(n, ast.FunctionDef) and n.name == "run"]
    if len(runs) != 1:
        raise ValueError("the program has no single run()")
    body = tuple(one for one in runs[0].body[2:])
    found: Steps = {}
    waiting: list[tuple[_Reader, _Pause]] = []

    def meet(asked: str, exit: str, reader: _Reader, reached: _Pause | str) -> None:
        found[asked, exit] = reached if isinstance(reached, str) else reached.call
        if isinstance(reached, _Pause):
            waiting.append((reader, reached))

    for entry in parts.entries:
        reader = _Reader(entry.answer)
        begun = reader.go(_Rest(body, None), None)
        meet(ROOT, entry.answer, reader, begun)
    while waiting:
        reader, pause = waiting.pop()
        for exit, value in _answers(parts, pause.call):
            if (pause.call, exit) not in found:
                meet(pause.call, exit, reader, reader.answer(pause, value))
    return found


def _answers(parts: Plan, function: str) -> Iterator[tuple[str, Answer]]:
    node = parts.functions[function]
    condition = parts.conditions.get(node)
    for way in parts.ways[node]:
        yield way.answer, (way.answer == condition.yes if condition else way.answer)
    if not parts.ways[node]:
        yield "", None


def steps_of_graph(parts: Plan) -> Steps:
    """The same, as the graph has it."""
    reached = parts.graph.reached_from(way.target for way in parts.entries)
    found: Steps = {}
    for id in (ROOT, *(node.id for node in parts.graph.nodes if node.id in reached)):
        if id != ROOT and id not in parts.names:
            continue
        name = parts.names.get(id, ROOT)
        for way in parts.ways[id]:
            found[name, way.answer] = _next_step(parts, way.target)
        if not parts.ways[id]:
            found[name, ""] = "=" + parts.outcomes[id]
    return found


def _next_step(parts: Plan, id: str) -> str:
    while id not in parts.names:
        if not parts.ways[id]:
            return "=" + parts.outcomes[id]
        id = parts.ways[id][0].target
    return parts.names[id]


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk through the graph: the steps with the exits taken, and the outcome, if reached."""

    steps: tuple[tuple[str, str], ...]
    outcome: str | None


class TakeTurns:
    """Answers a node's questions with its first exit first, then the next: loops end."""

    def __init__(self, exits: Mapping[str, Sequence[str]]) -> None:
        self._exits = exits
        self._asked: dict[str, int] = {}

    def __call__(self, node: str) -> str:
        exits = self._exits[node]
        count = self._asked.get(node, 0)
        self._asked[node] = count + 1
        return exits[count % len(exits)] if exits else ""


def walk(graph: Graph, most: int = 200) -> Walk:
    """Walk the graph from its first entry as TakeTurns answers, for so many steps at most."""
    parts = plan(graph)
    turns = TakeTurns({id: [way.answer for way in ways] for id, ways in parts.ways.items()})
    at, steps = parts.entries[0].target, list[tuple[str, str]]()
    while True:
        mark = is_mark(graph, graph.by_id[at])
        if not mark and len(steps) >= most:
            return Walk(tuple(steps), None)
        answer = turns(at)
        if not mark:
            steps.append((at, answer))
        if not answer:
            return Walk(tuple(steps), parts.outcomes[at])
        at = next(way.target for way in parts.ways[at] if way.answer == answer)

"""Turns a flow graph into nested statements: sequence, branch, loop.

It walks the dominator tree, as Ramsey's "Beyond Relooper" (2022) does for WebAssembly. Python has
no way to leave two loops at once, so a graph that would need it, or that is irreducible, raises
NotStructuredError and is written as a state machine instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from visiontools.answers.flow import Exit

_MOST_NODES = 120
_MOST_TRIES = 2000


class NotStructuredError(Exception):
    """The graph cannot be written with plain loops and branches without repeating steps."""


@dataclass(frozen=True, slots=True)
class Do:
    """Do a node's step, if it has one."""

    node: str


@dataclass(frozen=True, slots=True)
class Branch:
    """Ask a node which exit to take; one list of statements for each answer."""

    node: str
    arms: tuple[tuple[str, tuple[Statement, ...]], ...]


@dataclass(frozen=True, slots=True)
class Loop:
    """Repeat until left."""

    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Return:
    """The flow is over at this node."""

    node: str


@dataclass(frozen=True, slots=True)
class Break:
    """Leave the innermost loop."""


@dataclass(frozen=True, slots=True)
class Continue:
    """Begin the innermost loop again."""


Statement = Do | Branch | Loop | Return | Break | Continue
Ways = dict[str, tuple[Exit, ...]]


@dataclass(frozen=True, slots=True)
class _Around:
    """Where one gets by falling off the end, by ``continue`` and by ``break``."""

    fall: str | None = None
    again: str | None = None
    out: str | None = None


class _Shape:
    """Order, dominators and natural loops of the nodes reachable from the root."""

    def __init__(self, ways: Ways, root: str) -> None:
        self.ways = ways
        self.place = {node: i for i, node in enumerate(_reverse_postorder(ways, root))}
        self.before: dict[str, list[str]] = {node: [] for node in self.place}
        for node in self.place:
            for way in ways[node]:
                self.before[way.target].append(node)
        self.above = self._dominators(root)
        self.below: dict[str, list[str]] = {node: [] for node in self.place}
        for node in self.place:
            if node != root:
                self.below[self.above[node]].append(node)

    def _dominators(self, root: str) -> dict[str, str]:
        """Immediate dominators by Cooper, Harvey and Kennedy's iteration."""
        above = {root: root}
        changed = True
        while changed:
            changed = False
            for node in self.place:
                known = [p for p in self.before[node] if p in above]
                if node == root or not known:
                    continue
                best = known[0]
                for other in known[1:]:
                    best = self._meet(above, best, other)
                changed |= above.get(node) != best
                above[node] = best
        return above

    def _meet(self, above: dict[str, str], one: str, two: str) -> str:
        while one != two:
            if self.place[one] > self.place[two]:
                one = above[one]
            else:
                two = above[two]
        return one

    def dominates(self, one: str, two: str) -> bool:
        while self.place[two] > self.place[one]:
            two = self.above[two]
        return one == two

    def is_back(self, source: str, target: str) -> bool:
        return self.place[target] <= self.place[source]

    def merges(self, node: str) -> bool:
        """Whether several forward ways meet at a node."""
        return sum(not self.is_back(source, node) for source in self.before[node]) > 1

    def loop(self, head: str) -> frozenset[str]:
        """The nodes of the loop a node heads; empty if it heads none."""
        waiting = [source for source in self.before[head] if self.is_back(source, head)]
        inside = {head} if waiting else set()
        while waiting:
            node = waiting.pop()
            if not self.dominates(head, node):
                raise NotStructuredError("a loop is entered at more than one place")
            if node not in inside:
                inside.add(node)
                waiting.extend(self.before[node])
        return frozenset(inside)


def _reverse_postorder(ways: Ways, root: str) -> list[str]:
    order, seen = [], {root}
    stack = [(root, iter(reversed(ways[root])))]
    while stack:
        node, left = stack[-1]
        for way in left:
            if way.target not in seen:
                seen.add(way.target)
                stack.append((way.target, iter(reversed(ways[way.target]))))
                break
        else:
            stack.pop()
            order.append(node)
    return order[::-1]


def structure(ways: Ways, root: str) -> tuple[Statement, ...]:
    """The statements that walk the graph from the root; each node appears exactly once.

    Raises NotStructuredError where plain loops and branches do not suffice.
    """
    shape = _Shape(ways, root)
    if len(shape.place) > _MOST_NODES:
        raise NotStructuredError("too many nodes to read as nested code")
    return tuple(_Structurer(shape).tree(root, _Around()))


class _Structurer:
    def __init__(self, shape: _Shape) -> None:
        self._shape = shape
        self._after: frozenset[str] = frozenset()
        self._tries = 0

    def tree(self, node: str, around: _Around) -> list[Statement]:
        """The statements of a node and of all it dominates."""
        self._tries += 1
        if self._tries > _MOST_TRIES:
            raise NotStructuredError("no nesting found in reasonable time")
        inside = self._shape.loop(node)
        if not inside:
            return self._sequence(node, around)
        for follow in self._follows(inside):
            try:
                return self._loop(node, follow, around)
            except NotStructuredError:
                continue
        return self._loop(node, None, around)

    def _follows(self, inside: frozenset[str]) -> list[str]:
        """What may stand after a loop: the nodes next below it, the largest part first."""
        below = self._shape.below
        found = [node for member in inside for node in below[member] if node not in inside]
        return sorted(found, key=lambda node: (-self._size(node), self._shape.place[node]))

    def _size(self, node: str) -> int:
        return 1 + sum(self._size(child) for child in self._shape.below[node])

    def _loop(self, head: str, follow: str | None, around: _Around) -> list[Statement]:
        kept = self._after
        self._after = kept | {follow} if follow else kept
        try:
            body = self._sequence(head, _Around(head, head, follow or around.fall))
        finally:
            self._after = kept
        rest = self.tree(follow, around) if follow else []
        return [Loop(tuple(body)), *rest]

    def _sequence(self, node: str, around: _Around) -> list[Statement]:
        """A node's own statement, then the places where its branches meet again."""
        shape = self._shape
        meets = [c for c in shape.below[node] if shape.merges(c) and c not in self._after]
        meets.sort(key=shape.place.__getitem__)
        falls = [*meets, around.fall]
        statements = self._statement(node, replace(around, fall=falls[0]))
        for meet, fall in zip(meets, falls[1:], strict=True):
            statements += self.tree(meet, replace(around, fall=fall))
        return statements

    def _statement(self, node: str, around: _Around) -> list[Statement]:
        ways: Sequence[Exit] = self._shape.ways[node]
        if not ways:
            return [Do(node), Return(node)]
        if len(ways) == 1:
            return [Do(node), *self._way(node, ways[0].target, around)]
        arms = ((w.answer, tuple(self._way(node, w.target, around))) for w in ways)
        return [Branch(node, tuple(arms))]

    def _way(self, source: str, target: str, around: _Around) -> list[Statement]:
        shape = self._shape
        inline = not shape.is_back(source, target) and not shape.merges(target)
        if inline and target not in self._after:
            return self.tree(target, around)
        if target == around.fall:
            return []
        if target == around.again:
            return [Continue()]
        if target == around.out:
            return [Break()]
        raise NotStructuredError("a way leaves more than one loop or branch at once")

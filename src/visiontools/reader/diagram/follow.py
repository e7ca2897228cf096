"""From the ends of lines to arrows: each from one node's outline to one arrowhead, or a refusal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations, count

import numpy as np
from numpy.typing import NDArray

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.canvas import Mask
from visiontools.reader.diagram.contacts import ADVICE
from visiontools.reader.diagram.links import End, Hub, Scene, bridges

STRAIGHT = 28.0
"""Degrees a line may turn within a crossing."""


@dataclass(frozen=True, slots=True, eq=False)
class Arrow:
    """``path`` is its line in (x, y), from the tail's node to the head's."""

    source: int
    target: int
    path: NDArray[np.float64]


class Net:
    """Pieces as the edges of a small graph; hubs, branchings and bridged gaps join their ends."""

    def __init__(self, seen: Scene, hubs: Sequence[Hub], names: Sequence[str]) -> None:
        self.seen, self.names = seen, names
        self.hub = {end: hub for hub in hubs for end in hub.ends}
        self.joined: dict[End, list[End]] = {}
        inside = {j for hub in hubs for j in hub.junctions}
        self.used = {end[0] for hub in hubs for end in [*hub.ends, *hub.barbs]}
        self._resolve(inside)

    def _resolve(self, inside: set[int]) -> None:
        """Join the ends that meet in the open: corners, crossings and branchings."""
        seen, group = self.seen, list(range(len(self.seen.junctions)))
        short: set[int] = set()
        for p, piece in enumerate(seen.pieces):
            a, b = piece.ends
            if a is None or b is None or a in inside or b in inside:
                continue
            if piece.length < 2.5 * seen.width + 5:
                group = [group[b] if g == group[a] else g for g in group]
                short.add(p)
        meeting: dict[int, list[End]] = {}
        for p, piece in enumerate(seen.pieces):
            for e in (0, 1):
                junction = piece.ends[e]
                if p not in short and junction is not None and junction not in inside:
                    meeting.setdefault(group[junction], []).append((p, e))
        for ends in meeting.values():
            self._join(self._without_spurs(ends))
        self.used |= short

    def _without_spurs(self, ends: list[End]) -> list[End]:
        """Drop stubs no longer than the line is wide, where enough else meets."""
        kept = []
        for end in ends:
            piece = self.seen.pieces[end[0]]
            loose = piece.ends[1 - end[1]] is None and (end[0], 1 - end[1]) not in self.hub
            if loose and piece.length < 2.2 * self.seen.width + 2 and len(ends) > 2:
                self.used.add(end[0])
            else:
                kept.append(end)
        return kept

    def _join(self, ends: list[End]) -> None:
        if len(ends) == 4:
            for one, other in self._pair(ends):
                self.joined[one], self.joined[other] = [other], [one]
        elif len(ends) in (2, 3):
            for end in ends:
                self.joined[end] = [other for other in ends if other != end]
        elif len(ends) > 4:
            raise CannotTellError("Several lines meet in one point.", next=ADVICE)

    def _pair(self, ends: list[End]) -> list[tuple[End, End]]:
        """The two lines of a crossing: the pairing in which both run straight on."""
        out = [
            self.seen.pieces[p].direction(e, 0.5 * self.seen.width, 0.8 * self.seen.em)
            for p, e in ends
        ]

        def turn(i: int, k: int) -> float:
            return float(np.degrees(np.arccos(np.clip(-(out[i] @ out[k]), -1, 1))))

        ways = []
        for k in (1, 2, 3):
            rest = [i for i in (1, 2, 3) if i != k]
            turns = (turn(0, k), turn(rest[0], rest[1]))
            ways.append((max(turns), [(ends[0], ends[k]), (ends[rest[0]], ends[rest[1]])]))
        ways.sort(key=lambda way: way[0])
        if ways[0][0] > STRAIGHT or ways[1][0] < ways[0][0] + 20:
            raise CannotTellError(
                "Two lines cross so that it cannot be told which goes where.", next=ADVICE
            )
        return ways[0][1]

    def loose(self) -> list[End]:
        """Ends in the open that nothing continues."""
        return [
            (p, e)
            for p in range(len(self.seen.pieces)) for e in (0, 1)
            if (p not in self.used or (p, 1 - e) in self.hub)
            and (p, e) not in self.hub and not self.joined.get((p, e))
        ]  # fmt: skip

    def bridge(self, owner: Mask, texts: Sequence[NDArray[np.float64]]) -> None:
        """Continue lines across gaps; what is still loose then cannot be followed."""
        self._drop_letters(texts)
        found = bridges(self.seen, self.loose(), owner, texts)
        for one, other in found.items():
            self.joined[one] = [other]
        left = self.loose()
        if left:
            point = self.seen.pieces[left[0][0]].points[0 if left[0][1] == 0 else -1]
            node, _ = self.seen.near.at(point)
            raise CannotTellError(f"A line ends in nowhere near '{self.names[node]}'.", next=ADVICE)

    def _drop_letters(self, texts: Sequence[NDArray[np.float64]]) -> None:
        """Short bits inside a text are parts of letters that touch a line."""
        for p, e in self.loose():
            points = self.seen.pieces[p].points
            short = self.seen.pieces[p].length < 0.8 * self.seen.em
            hubs = {(p, 0), (p, 1)} & self.hub.keys()
            inset = 0.1 * self.seen.em
            if (
                short
                and not hubs
                and any(
                    np.all((points >= q.min(axis=0) - inset) & (points <= q.max(axis=0) + inset))
                    for q in texts
                )
            ):
                self.used.add(p)
                self._unjoin((p, 1 - e))

    def _unjoin(self, end: End) -> None:
        for other in self.joined.pop(end, []):
            self.joined[other] = [e for e in self.joined.get(other, []) if e != end]

    def arrows(self) -> list[Arrow]:
        """Every arrow, followed from its tail to its head. Raises CannotTellError."""
        starts: dict[int, list[tuple[End, NDArray[np.float64], dict[End, NDArray[np.float64]]]]]
        starts = {}
        numbers, group = count(), dict[End, int]()
        for end in self.hub:
            reached = self._reach(end)
            known = [group[other] for other in reached if other in group]
            number = known[0] if known else next(numbers)
            group[end] = number
            starts.setdefault(number, []).append((end, self.hub[end].at, reached))
        arrows: list[Arrow] = []
        for members in starts.values():
            arrows += self._component(members)
        self._check_apart(arrows)
        return arrows

    def _check_apart(self, arrows: Sequence[Arrow]) -> None:
        """Two arrows from one spot to one head are a line and its shadow, or not to be told apart.

        Raises CannotTellError.
        """
        for one, other in combinations(arrows, 2):
            same = (one.source, one.target) == (other.source, other.target)
            ends = np.linalg.norm(one.path[[0, -1]] - other.path[[0, -1]], axis=1)
            if same and ends.max() < self.seen.em:
                where = f"'{self.names[one.source]}' and '{self.names[one.target]}'"
                raise CannotTellError(f"Arrows near {where} run together.", next=ADVICE)

    def _reach(self, start: End) -> dict[End, NDArray[np.float64]]:
        """The hub ends that can be reached from one, each with the line to it."""
        found: dict[End, NDArray[np.float64]] = {}
        stack: list[tuple[End, list[NDArray[np.float64]], frozenset[int]]] = [
            (start, [], frozenset())
        ]
        while stack:
            (p, e), line, passed = stack.pop()
            points = self.seen.pieces[p].points
            line = [*line, points if e == 0 else points[::-1]]
            other = (p, 1 - e)
            if other in self.hub:
                found[other] = np.concatenate(line)
                continue
            if p in passed or len(passed) > 400:
                raise CannotTellError("A line runs into itself.", next=ADVICE)
            stack += [(follower, line, passed | {p}) for follower in self.joined.get(other, [])]
        return found

    def _component(
        self, members: list[tuple[End, NDArray[np.float64], dict[End, NDArray[np.float64]]]]
    ) -> list[Arrow]:
        """The arrows of lines that hang together: one tail or one head among them."""
        heads = [m for m in members if m[0] in self.hub[m[0]].heads_of]
        tails = [m for m in members if m[0] not in self.hub[m[0]].heads_of]
        where = " and ".join(f"'{self.names[self.hub[m[0]].node]}'" for m in members[:2])
        if not heads:
            raise CannotTellError(f"The line between {where} has no arrowhead.", next=ADVICE)
        if not tails:
            raise CannotTellError(
                f"The line between {where} has arrowheads at both ends.", next=ADVICE
            )
        if len(heads) > 1 and len(tails) > 1:
            raise CannotTellError(f"Arrows near {where} run together.", next=ADVICE)
        arrows = []
        for tail in tails:
            for head in heads:
                if head[0] not in tail[2]:
                    raise CannotTellError(
                        f"An arrow between {where} could not be followed.", next=ADVICE
                    )
                source, target = self.hub[tail[0]].node, self.hub[head[0]].node
                arrows.append(Arrow(source, target, tail[2][head[0]]))
        if len({(a.source, a.target) for a in arrows}) < len(arrows):
            raise CannotTellError(f"Arrows near {where} run together.", next=ADVICE)
        return arrows

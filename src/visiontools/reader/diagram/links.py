"""How the pieces of line hang together: at heads, at shapes, across gaps and through crossings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.canvas import Mask
from visiontools.reader.diagram.heads import GAP, Head, Nearest
from visiontools.reader.diagram.thin import Piece, Skeleton

End = tuple[int, int]
"""A piece's index and which of its ends (0 or 1)."""
ADVICE = "Give a sharper or larger picture, or fill in what you see yourself."


@dataclass(slots=True, eq=False)
class Hub:
    """A place at a node where lines end; ``head`` once an arrowhead is found there."""

    node: int
    at: NDArray[np.float64]
    head: Head | None = None
    ends: list[End] = field(default_factory=list)
    heads_of: set[End] = field(default_factory=set)
    junctions: set[int] = field(default_factory=set)
    barbs: list[End] = field(default_factory=list)


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What the linking needs to know of the picture; lengths in pixels."""

    pieces: list[Piece]
    junctions: list[NDArray[np.float64]]
    near: Nearest
    width: float
    em: float


def scene(skeleton: Skeleton, near: Nearest, width: float, em: float) -> Scene:
    """Specks and spurs dropped."""
    pieces = [
        p for p in skeleton.pieces
        if p.length >= (1.5 * width + 2 if p.ends == [None, None] else 3.0)
        or (p.ends[0] is not None and p.ends[1] is not None and p.ends[0] != p.ends[1])
    ]  # fmt: skip
    return Scene(pieces, skeleton.junctions, near, width, em)


def find_hubs(seen: Scene, heads: Sequence[Head]) -> list[Hub]:
    """Group the ends of lines at heads and nodes; find the heads made of two barbs."""
    hubs = [Hub(head.node, head.tip, head) for head in heads]
    for j, place in enumerate(seen.junctions):
        _junction_hub(seen, hubs, j, place)
    for p, piece in enumerate(seen.pieces):
        for e in (0, 1):
            _attach(seen, hubs, (p, e), piece)
    for hub in hubs:
        _absorb(seen, hub, hubs)
    for hub in hubs:
        _judge(seen, hub)
    return [hub for hub in hubs if hub.ends or hub.head]


def _junction_hub(seen: Scene, hubs: list[Hub], j: int, place: NDArray[np.float64]) -> None:
    """A meeting point right at a node or head belongs to it."""
    for hub in hubs:
        if hub.head and _gap(hub.head, place) < 2.5 * seen.width + 6:
            hub.junctions.add(j)
            return
    node, far = seen.near.at(place)
    if far < 2 * seen.width + 0.2 * seen.em:
        hubs.append(Hub(node, np.asarray(place), junctions={j}))


def _attach(seen: Scene, hubs: list[Hub], end: End, piece: Piece) -> None:
    junction = piece.ends[end[1]]
    point = piece.points[0 if end[1] == 0 else -1]
    if junction is not None:
        for hub in hubs:
            if junction in hub.junctions:
                hub.ends.append(end)
        return
    touching = [h for h in hubs if h.head and _gap(h.head, point) <= seen.width + 5]
    if touching:
        touching[0].ends.append(end)
        return
    node, far = seen.near.at(point)
    if far > GAP * seen.em or _is_far_end(seen, end, piece, far):
        return
    for hub in hubs:
        close = max(0.3 * seen.em, 1.6 * seen.width)
        if hub.head is None and hub.node == node and np.linalg.norm(hub.at - point) < close:
            hub.ends.append(end)
            return
    hubs.append(Hub(node, np.asarray(point), ends=[end]))


def _is_far_end(seen: Scene, end: End, piece: Piece, far: float) -> bool:
    """Whether a short bit at a node touches it with its other end rather than with this one."""
    if piece.length > 1.1 * seen.em:
        return False
    other = piece.points[-1 if end[1] == 0 else 0]
    return seen.near.at(other)[1] < far - 2


def _gap(head: Head, point: NDArray[np.float64]) -> float:
    return float(np.linalg.norm(head.pixels - point, axis=1).min())


def _absorb(seen: Scene, hub: Hub, hubs: Sequence[Hub]) -> None:
    """Short bits between a hub and itself, or its own node, are part of it."""
    for p in {p for p, _ in hub.ends}:
        piece = seen.pieces[p]
        if piece.length > 0.5 * seen.em:
            continue
        both = (p, 0) in hub.ends and (p, 1) in hub.ends
        others = [h for h in hubs if h is not hub and ((p, 0) in h.ends or (p, 1) in h.ends)]
        if both or any(o.node == hub.node and o.head is None and not o.junctions for o in others):
            hub.ends = [end for end in hub.ends if end[0] != p]
            hub.barbs.append((p, 0))
            for other in others:
                other.ends = [end for end in other.ends if end[0] != p]


def _judge(seen: Scene, hub: Hub) -> None:
    """Which of the lines at the hub carry its head; raises where that cannot be told."""
    if hub.head is not None and not hub.ends:
        raise CannotTellError("An arrowhead stands without a line.", next=ADVICE)
    barbs = [end for end in hub.ends if _loose(seen, end)]
    if len(barbs) != 2:
        # A single bit as short as the line is wide is an artefact of thinning.
        specks = [b for b in barbs if seen.pieces[b[0]].length < 1.5 * seen.width + 2]
        hub.barbs, barbs = [*hub.barbs, *specks], [b for b in barbs if b not in specks]
        hub.ends = [end for end in hub.ends if end not in specks]
    arms = [end for end in hub.ends if end not in barbs]
    if len(barbs) == 2 and arms:
        carried = [arm for arm in arms if _between(seen, arm, barbs[0], barbs[1])]
        if len(carried) != 1 and hub.head is None:
            raise CannotTellError("An arrowhead belongs to no one line.", next=ADVICE)
        hub.ends, hub.barbs = arms, [*hub.barbs, *barbs]
        hub.heads_of = set(carried) if hub.head is None or carried else set(arms)
    elif hub.head is not None:
        hub.heads_of = set(hub.ends)
        if not any(hub.head.narrows(way) for arm in hub.ends for way in _ways(seen, hub, arm)):
            raise CannotTellError("A mark at the end of a line is no arrowhead.", next=ADVICE)
    for end in hub.heads_of:
        _check_aim(seen, hub, end)


def _loose(seen: Scene, end: End) -> bool:
    """Whether a short bit ends in nothing at its other side, as a barb does."""
    piece = seen.pieces[end[0]]
    other = 1 - end[1]
    if piece.ends[other] is not None or piece.length > 1.1 * seen.em:
        return False
    point = piece.points[0 if other == 0 else -1]
    return seen.near.at(point)[1] > 0.12 * seen.em or piece.length < 0.6 * seen.em


def _out(seen: Scene, end: End) -> NDArray[np.float64]:
    """The direction in which a line leaves the place where it ends."""
    return -seen.pieces[end[0]].direction(end[1], 0.0, 0.35 * seen.em)


def _ways(seen: Scene, hub: Hub, end: End) -> list[NDArray[np.float64]]:
    """Guesses at the direction in which a line leaves its head: it may turn right behind it."""
    piece = seen.pieces[end[0]]
    ways = [-piece.direction(end[1], 0.0, share * seen.em) for share in (0.15, 0.35, 0.7)]
    start = piece.points[0 if end[1] == 0 else -1]
    axis = start - (hub.head.tip if hub.head else hub.at)
    length = float(np.linalg.norm(axis))
    return [*ways, np.asarray(axis / length)] if length > 0.15 * seen.em else ways


def _between(seen: Scene, arm: End, one: End, other: End) -> bool:
    middle, left, right = _out(seen, arm), _out(seen, one), _out(seen, other)
    sides = [float(np.degrees(np.arctan2(_cross(middle, b), middle @ b))) for b in (left, right)]
    return sides[0] * sides[1] < 0 and all(6 < abs(side) < 75 for side in sides)


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _check_aim(seen: Scene, hub: Hub, end: End) -> None:
    """A line must enter a filled head from behind."""
    if hub.head is None:
        return
    start = seen.pieces[end[0]].points[0 if end[1] == 0 else -1]
    axis = start - hub.head.tip
    if np.linalg.norm(axis) < 3:
        return
    ways = _ways(seen, hub, end)[:3]
    cosine = max(float(axis @ way / np.linalg.norm(axis)) for way in ways)
    if cosine < 0.5:
        raise CannotTellError(
            "A line meets an arrowhead from the side and cannot be followed.", next=ADVICE
        )


def bridges(seen: Scene, loose: Sequence[End], owner: Mask, texts: Sequence[NDArray[np.float64]]
) -> dict[End, End]:  # fmt: skip
    """Pairs of loose ends that continue each other across a gap, where there is no other way.

    ``texts`` are quads of edge labels: a line may run behind one.
    """
    partners: dict[End, list[End]] = {end: [] for end in loose}
    for one, other in combinations(loose, 2):
        if one[0] != other[0] and _continues(seen, one, other, owner, texts):
            partners[one].append(other)
            partners[other].append(one)
    return {
        one: found[0] for one, found in partners.items()
        if len(found) == 1 and partners[found[0]] == [one]
    }  # fmt: skip


def _continues(
    seen: Scene, one: End, other: End, owner: Mask, texts: Sequence[NDArray[np.float64]]
) -> bool:
    a = seen.pieces[one[0]].points[0 if one[1] == 0 else -1]
    b = seen.pieces[other[0]].points[0 if other[1] == 0 else -1]
    step = b - a
    length = float(np.linalg.norm(step))
    behind = any(_crosses(a, b, quad, 0.4 * seen.em) for quad in texts)
    reach = 12 * seen.em if behind else 1.6 * seen.em
    if length > reach or _hits(owner, a, b):
        return False
    if length < 1.5:
        return True
    limit = np.cos(np.radians(24 if behind else 14))
    skip = seen.width
    first = seen.pieces[one[0]].direction(one[1], skip, seen.em)
    second = seen.pieces[other[0]].direction(other[1], skip, seen.em)
    return bool(first @ step / length > limit and -(second @ step) / length > limit)


def _crosses(a: NDArray[np.float64], b: NDArray[np.float64], quad: NDArray[np.float64],
             pad: float) -> bool:  # fmt: skip
    """Whether the way from a to b lies over a text, most of it."""
    low, high = quad.min(axis=0) - pad, quad.max(axis=0) + pad
    steps = a + (b - a) * np.linspace(0, 1, 25)[:, None]
    return bool(np.all((steps >= low) & (steps <= high), axis=1).mean() > 0.8)


def _hits(owner: Mask, a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    steps = np.round(a + (b - a) * np.linspace(0, 1, 60)[:, None]).astype(int)
    return bool(owner[steps[:, 1], steps[:, 0]].any())

"""How the pieces of line hang together: at heads, at shapes, across gaps and through crossings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.canvas import Mask
from visiontools.reader.diagram.contacts import ADVICE, Contact, Nearest
from visiontools.reader.diagram.thin import Piece, Skeleton

End = tuple[int, int]
"""A piece's index and which of its ends (0 or 1)."""


@dataclass(slots=True, eq=False)
class Hub:
    """A place at a node where lines end; ``heads_of`` are those that end in its arrowhead."""

    node: int
    at: NDArray[np.float64]
    head: bool
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


def find_hubs(seen: Scene, contacts: Sequence[Contact]) -> list[Hub]:
    """Join the ends of lines to the contacts they belong to. Raises CannotTellError."""
    hubs = [Hub(c.node, c.at, c.head) for c in contacts]
    places = [(hub, p) for hub, c in zip(hubs, contacts, strict=True)
              for p in (c.entries if c.head else (c.at,))]  # fmt: skip
    of_junction = {}
    for j, place in enumerate(seen.junctions):
        hub = _closest(seen, places, place, wide=False)
        if hub is not None:
            hub.junctions.add(j)
            of_junction[j] = hub
    for p, piece in enumerate(seen.pieces):
        for e in (0, 1):
            junction = piece.ends[e]
            point = piece.points[0 if e == 0 else -1]
            if junction is not None:
                hub = of_junction.get(junction)
            else:
                hub = _closest(seen, places, point, wide=True)
            if hub is not None:
                hub.ends.append((p, e))
    for hub in hubs:
        _absorb(hub, seen)
        if not hub.ends:
            raise CannotTellError(
                "An arrowhead stands without a line."
                if hub.head
                else "A stroke at a shape could not be followed.",
                next=ADVICE,
            )
        hub.heads_of = set(hub.ends) if hub.head else set()
    return hubs


def _closest(
    seen: Scene, places: Sequence[tuple[Hub, NDArray[np.float64]]],
    point: NDArray[np.float64], *, wide: bool,
) -> Hub | None:  # fmt: skip
    """The hub a line's end or a meeting point belongs to, if one is close enough."""
    best, least = None, np.inf
    for hub, place in places:
        far = float(np.linalg.norm(place - point))
        tail = 0.3 * seen.em if wide else 2 * seen.width + 4
        reach = 1.2 * seen.width + 6 if hub.head else tail
        if far <= reach and far < least:
            best, least = hub, far
    return best


def _absorb(hub: Hub, seen: Scene) -> None:
    """Bits that lead from a hub to itself are part of it, as are stubs of its own making."""
    for p in {p for p, _ in hub.ends}:
        both = (p, 0) in hub.ends and (p, 1) in hub.ends
        if both and seen.pieces[p].length < 1.2 * seen.em:
            hub.ends = [end for end in hub.ends if end[0] != p]
            hub.barbs.append((p, 0))
    short = max(1.5 * seen.width + 3, 0.35 * seen.em if hub.head else 0.0)
    stubs = [
        (p, e) for p, e in hub.ends
        if seen.pieces[p].ends[1 - e] is None and seen.pieces[p].length < short
    ]  # fmt: skip
    if len(stubs) < len(hub.ends):
        hub.ends = [end for end in hub.ends if end not in stubs]
        hub.barbs += stubs


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
    joined = {
        one: found[0] for one, found in partners.items()
        if len(found) == 1 and partners[found[0]] == [one]
    }  # fmt: skip
    return joined | _behind_labels(seen, [end for end in loose if end not in joined], texts)


def _behind_labels(
    seen: Scene, loose: Sequence[End], texts: Sequence[NDArray[np.float64]]
) -> dict[End, End]:
    """The two ends, and no third, that lead into one label: it may hide any bend of their line."""
    joined: dict[End, End] = {}
    for quad in texts:
        ends = [end for end in loose if _leads_into(seen, end, quad)]
        if len(ends) == 2 and ends[0][0] != ends[1][0] and not joined.keys() & set(ends):
            joined[ends[0]], joined[ends[1]] = ends[1], ends[0]
    return joined


def _leads_into(seen: Scene, end: End, quad: NDArray[np.float64]) -> bool:
    piece = seen.pieces[end[0]]
    point = piece.points[0 if end[1] == 0 else -1]
    off = np.maximum(np.maximum(quad.min(axis=0) - point, point - quad.max(axis=0)), 0)
    way = quad.mean(axis=0) - point
    ahead = piece.direction(end[1], seen.width, seen.em) @ way
    return float(np.linalg.norm(off)) < 0.3 * seen.em and ahead > 0.5 * np.linalg.norm(way)


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
    ahead, back = first @ step / length > limit, -(second @ step) / length > limit
    # A label may hide the corner: then one of the two lines points past it.
    return bool(ahead and back) or bool(behind and (ahead or back))


def _crosses(a: NDArray[np.float64], b: NDArray[np.float64], quad: NDArray[np.float64],
             pad: float) -> bool:  # fmt: skip
    """Whether the way from a to b lies over a text, most of it."""
    low, high = quad.min(axis=0) - pad, quad.max(axis=0) + pad
    steps = a + (b - a) * np.linspace(0, 1, 25)[:, None]
    return bool(np.all((steps >= low) & (steps <= high), axis=1).mean() > 0.8)


def _hits(owner: Mask, a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    steps = np.round(a + (b - a) * np.linspace(0, 1, 60)[:, None]).astype(int)
    return bool(owner[steps[:, 1], steps[:, 0]].any())

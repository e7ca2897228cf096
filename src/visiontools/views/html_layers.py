"""Where the steps of a diagram stand: in layers from top to bottom, arrows leading down.

The usual way (Sugiyama, Tagawa and Toda, 1981): arrows that lead back are turned round, each step
goes one layer below the lowest that leads to it, long arrows get a bend in each layer they pass,
layers are ordered so that fewer arrows cross, and each step moves towards those it is joined to.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_GAP_X = 36.0
_GAP_Y = 52.0
_SWEEPS = 8
_PULLS = 81
_CHAIN = 4
_STRAIGHT = 6
"""How much more a long arrow pulls between its bends than one between two steps."""
_BEND_WIDTH = 12.0


@dataclass(slots=True)
class Spot:
    """A step, or a bend of a long arrow: its centre and its size."""

    width: float
    height: float
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow from ``source`` to ``target`` through the bends ``over``, in this order.

    ``back`` says that it leads up, against the flow.
    """

    source: str
    target: str
    over: tuple[str, ...]
    back: bool


@dataclass(slots=True)
class Layout:
    """Everything placed, in pixels from the top left corner; ``ways`` are as the arrows came."""

    spots: dict[str, Spot]
    ways: list[Way]
    width: float = 0.0
    height: float = 0.0


@dataclass(slots=True)
class _Draft:
    """Work in progress: who is joined to whom in the layer above and below."""

    spots: dict[str, Spot]
    layers: list[list[str]]
    above: dict[str, list[str]] = field(default_factory=dict)
    below: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Block:
    """Spots side by side; ``pull`` is the weighted sum of where each would have the left end."""

    members: list[str]
    weight: float
    pull: float
    width: float

    @property
    def left(self) -> float:
        return self.pull / self.weight

    def joined(self, other: _Block) -> _Block:
        """This one with another at its right."""
        return _Block(
            [*self.members, *other.members],
            self.weight + other.weight,
            self.pull + other.pull - self.width * other.weight,
            self.width + other.width,
        )


def arrange(sizes: Mapping[str, tuple[float, float]], arrows: Sequence[tuple[str, str]]) -> Layout:
    """Place steps of these sizes; ``arrows`` join two of them, or one with itself."""
    back = _back(list(sizes), arrows)
    forward = [(t, s) if at in back else (s, t) for at, (s, t) in enumerate(arrows)]
    layer = _layers(list(sizes), [pair for pair in forward if pair[0] != pair[1]])
    draft = _Draft({id: Spot(w, h) for id, (w, h) in sizes.items()}, [])
    draft.layers = [[] for _ in range(max(layer.values(), default=-1) + 1)]
    for id in sizes:
        draft.layers[layer[id]].append(id)
    ways = []
    for at, (source, target) in enumerate(forward):
        over = _bends(draft, at, layer[source], layer[target])
        if source != target:
            _join(draft, (source, *over, target))
        turned = at in back
        ends = (target, source) if turned else (source, target)
        ways.append(Way(*ends, tuple(reversed(over)) if turned else over, turned))
    _order(draft)
    return _placed(draft, ways)


def _back(ids: Sequence[str], arrows: Sequence[tuple[str, str]]) -> set[int]:
    """The arrows that close a loop, found by walking depth first."""
    leaving: dict[str, list[tuple[int, str]]] = {id: [] for id in ids}
    for at, (source, target) in enumerate(arrows):
        leaving[source].append((at, target))
    found: set[int] = set()
    done: set[str] = set()
    for begin in ids:
        open_: dict[str, int] = {}
        path = [] if begin in done else [begin]
        while path:
            id = path[-1]
            at = open_.setdefault(id, 0)
            if at < len(leaving[id]):
                open_[id] += 1
                arrow, target = leaving[id][at]
                if target in open_:
                    found.add(arrow)
                elif target not in done:
                    path.append(target)
            else:
                done.add(path.pop())
                del open_[id]
    return found


def _layers(ids: Sequence[str], arrows: Sequence[tuple[str, str]]) -> dict[str, int]:
    """One below the lowest that leads there; what stands alone is at the top."""
    waits = dict.fromkeys(ids, 0)
    leaving: dict[str, list[str]] = {id: [] for id in ids}
    for source, target in arrows:
        waits[target] += 1
        leaving[source].append(target)
    layer = dict.fromkeys(ids, 0)
    ready = [id for id in ids if not waits[id]]
    for id in ready:
        for target in leaving[id]:
            layer[target] = max(layer[target], layer[id] + 1)
            waits[target] -= 1
            if not waits[target]:
                ready.append(target)
    return layer


def _bends(draft: _Draft, arrow: int, top: int, bottom: int) -> tuple[str, ...]:
    made = []
    for layer in range(top + 1, bottom):
        name = f"\n{arrow}.{layer}"  # no step is called so: ids are one line
        draft.spots[name] = Spot(_BEND_WIDTH, 0.0)
        draft.layers[layer].append(name)
        made.append(name)
    return tuple(made)


def _join(draft: _Draft, chain: tuple[str, ...]) -> None:
    for upper, lower in pairwise(chain):
        draft.below.setdefault(upper, []).append(lower)
        draft.above.setdefault(lower, []).append(upper)


def _order(draft: _Draft) -> None:
    """Sort each layer by the middle of what it is joined to, downwards and upwards in turn."""
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        joined = draft.above if down else draft.below
        for layer in draft.layers if down else reversed(draft.layers):
            rank = {id: at for row in draft.layers for at, id in enumerate(row)}
            middle = {
                id: _mean([rank[other] for other in joined.get(id, ())], rank[id]) for id in layer
            }
            layer.sort(key=middle.__getitem__)


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _placed(draft: _Draft, ways: list[Way]) -> Layout:
    y = 0.0
    for layer in draft.layers:
        tallest = max(draft.spots[id].height for id in layer)
        x = 0.0
        for id in layer:
            spot = draft.spots[id]
            spot.x, spot.y = x + spot.width / 2, y + tallest / 2
            x += spot.width + _GAP_X
        y += tallest + _GAP_Y
    for sweep in range(_PULLS):
        for layer in draft.layers if sweep % 2 == 0 else reversed(draft.layers):
            _pull(draft, layer)
    left = min((s.x - s.width / 2 for s in draft.spots.values()), default=0.0)
    for spot in draft.spots.values():
        spot.x -= left
    right = max((s.x + s.width / 2 for s in draft.spots.values()), default=0.0)
    return Layout(draft.spots, ways, right, max(0.0, y - _GAP_Y))


def _pull(draft: _Draft, layer: Sequence[str]) -> None:
    """Move a layer's spots towards what they are joined to, keeping order and distance.

    Spots that want to be where others are form a block that stands where it suits them on the
    whole. They go half of the way only: two layers that both jump would never agree.
    """
    blocks: list[_Block] = []
    for id in layer:
        wish, weight = _wish(draft, id)
        width = draft.spots[id].width
        block = _Block([id], weight, weight * (wish - width / 2), width + _GAP_X)
        while blocks and blocks[-1].left + blocks[-1].width > block.left:
            block = blocks.pop().joined(block)
        blocks.append(block)
    for block in blocks:
        x = block.left
        for id in block.members:
            spot = draft.spots[id]
            spot.x = (spot.x + x + spot.width / 2) / 2
            x += spot.width + _GAP_X


def _wish(draft: _Draft, id: str) -> tuple[float, float]:
    """Where a spot would stand best, amid all it is joined to, and how much it wants to."""
    total, weight = 0.0, 0.0
    for other in (*draft.above.get(id, ()), *draft.below.get(id, ())):
        pull = _STRAIGHT if _is_bend(id) and _is_bend(other) else _pull_of(draft, id, other)
        total += pull * draft.spots[other].x
        weight += pull
    return (total / weight, weight) if weight else (draft.spots[id].x, 1.0)


def _pull_of(draft: _Draft, one: str, other: str) -> int:
    """More between two steps that only follow each other: a chain is a straight line."""
    upper, lower = (one, other) if other in draft.below.get(one, ()) else (other, one)
    alone = len(draft.below.get(upper, ())) == 1 == len(draft.above.get(lower, ()))
    return _CHAIN if alone else 1


def _is_bend(id: str) -> bool:
    return id.startswith("\n")

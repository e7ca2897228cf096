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
    for sweep in range(_SWEEPS):
        down = sweep % 2 == 0
        joined = draft.above if down else draft.below
        for layer in draft.layers if down else reversed(draft.layers):
            _pull(draft, layer, joined)
    left = min((s.x - s.width / 2 for s in draft.spots.values()), default=0.0)
    for spot in draft.spots.values():
        spot.x -= left
    right = max((s.x + s.width / 2 for s in draft.spots.values()), default=0.0)
    return Layout(draft.spots, ways, right, max(0.0, y - _GAP_Y))


def _pull(draft: _Draft, layer: Sequence[str], joined: Mapping[str, Sequence[str]]) -> None:
    """Move a layer's spots towards what they are joined to, keeping order and distance.

    Spots that want to be where others are form a block that stands where it suits them on the
    whole.
    """
    blocks: list[tuple[float, list[str], float]] = []  # sum of wishes, members, width before them
    for id in layer:
        spot = draft.spots[id]
        wish = _mean([draft.spots[other].x for other in joined.get(id, ())], spot.x)
        total, members, width = wish - spot.width / 2, [id], spot.width + _GAP_X
        while blocks:
            before_total, before, before_width = blocks[-1]
            if before_total / len(before) + before_width <= total / len(members):
                break
            blocks.pop()
            total = before_total + total - before_width * len(members)
            members, width = [*before, *members], before_width + width
        blocks.append((total, members, width))
    for total, members, _ in blocks:
        x = total / len(members)
        for id in members:
            spot = draft.spots[id]
            spot.x = x + spot.width / 2
            x += spot.width + _GAP_X

"""Compare a diagram as read with the diagram as drawn: pure, and the same for every observer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from visiontools.answers.graph import SeenDiagram

ALIKE = ({"box", "rounded"}, {"oval", "circle"})
"""Shapes that mean the same step, so that mixing them up does not make a diagram wrong."""


@dataclass(frozen=True, slots=True)
class Score:
    """``right`` is the main figure; ``why`` names the first difference, ``shapes`` the mix-ups."""

    right: bool
    why: str = ""
    shapes: tuple[tuple[str, str], ...] = ()


def score(seen: SeenDiagram, truth: SeenDiagram) -> Score:
    """Same labels but for spaces, same arrows with their labels, shapes that mean the same.

    Labels are unique in the truth, so that they name the nodes: no graph matching is needed.
    """
    drawn = {squeezed(node.label): node for node in truth.nodes}
    if len(drawn) != len(truth.nodes):
        raise ValueError("the truth has two nodes of the same label")
    read = Counter(squeezed(node.label) for node in seen.nodes)
    wanted = Counter(drawn.keys())
    if read != wanted:
        differing = sorted((read - wanted) | (wanted - read))
        return Score(False, f"nodes differ: {differing}")
    if _arrows(seen) != _arrows(truth):
        gone, more = _arrows(truth) - _arrows(seen), _arrows(seen) - _arrows(truth)
        return Score(False, f"arrows missing {sorted(gone)}, too many {sorted(more)}")
    mixed = tuple(
        (drawn[squeezed(node.label)].shape, node.shape)
        for node in seen.nodes
        if node.shape != drawn[squeezed(node.label)].shape
    )
    serious = [pair for pair in mixed if not any(set(pair) <= alike for alike in ALIKE)]
    return Score(not serious, f"shapes differ: {serious}" if serious else "", mixed)


def squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def _arrows(diagram: SeenDiagram) -> Counter[tuple[str, str, str]]:
    names = {node.id: squeezed(node.label) for node in diagram.nodes}
    return Counter((names[e.source], names[e.target], squeezed(e.label)) for e in diagram.edges)

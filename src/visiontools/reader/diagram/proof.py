"""What must hold before a diagram is believed, in whatever look it is drawn: labels proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.follow import Arrow
from visiontools.reader.diagram.labels import ADVICE, Caption
from visiontools.reader.diagram.shapes import Node

NEARER = 0.15
"""By how much a label must be nearer to its own line than to any other, in text heights."""


def check_owners(
    texts: Sequence[Caption], owners: Mapping[int, int], arrows: Sequence[Arrow], em: float
) -> None:
    """Each label stands clearly nearest to the line it was given. Raises CannotTellError.

    Sharing the labels out may hand one to a farther line because a nearer one has its own, or
    leaves no decision: then the writer's spacing is not the one the rule was made for.
    """
    for t, own in owners.items():
        gap = texts[t].gap(arrows[own])
        others = (texts[t].gap(arrow) for i, arrow in enumerate(arrows) if i != own)
        if min(others, default=float("inf")) < gap + NEARER * em:
            raise CannotTellError(
                f"The text '{texts[t].text}' is not clearly nearest to one arrow.", next=ADVICE
            )


def check_exits(
    nodes: Sequence[Node], arrows: Sequence[Arrow], labels: Mapping[int, str], names: Sequence[str]
) -> None:
    """The exits of a decision are all labelled, each differently, or none is.

    Otherwise a text was missed or given to a mistaken line; and where the only exit has a text,
    another exit was. Raises CannotTellError.
    """
    for index, node in enumerate(nodes):
        exits = [i for i, arrow in enumerate(arrows) if arrow.source == index]
        said = [labels[i].casefold() for i in exits if i in labels]
        if node.shape != "diamond" or not said:
            continue
        if len(exits) == 1:
            raise CannotTellError(
                f"Only one arrow leaves '{names[index]}', with a text: there should be another.",
                next=ADVICE,
            )
        if len(said) < len(exits):
            raise CannotTellError(
                f"Of the arrows that leave '{names[index]}' one has a text and another none.",
                next=ADVICE,
            )
        if len(set(said)) < len(said):
            raise CannotTellError(
                f"Two arrows that leave '{names[index]}' have the same text.", next=ADVICE
            )

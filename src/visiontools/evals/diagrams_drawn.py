"""What a renderer hands back, and the table of renderers.

A renderer is a function ``(seed) -> Drawn``; a plain pair ``(PNG bytes, SeenDiagram)`` will do as
well (``as_drawn`` wraps it): then only the faults that need its geometry are left out. Register it
with ``RENDERERS["name"] = function``; the same seed must give the same picture.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from visiontools.answers.graph import SeenDiagram

Point = tuple[float, float]
Fault = Literal["erased", "headless"]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A diagram as a PNG file with its truth.

    ``shafts`` is each edge's line from tail to head in pixels, in the order of the truth's edges;
    ``vary(fault, i)`` draws the same picture with edge ``i`` left out, or without its arrowhead,
    and gives what is then still drawn as the truth.
    """

    png: bytes
    truth: SeenDiagram
    shafts: tuple[tuple[Point, ...], ...] = ()
    vary: Callable[[Fault, int], Drawn] | None = None


Rendered = Drawn | tuple[bytes, SeenDiagram]
Renderer = Callable[[int], Rendered]
RENDERERS: dict[str, Renderer] = {}


def as_drawn(rendered: Rendered) -> Drawn:
    """The full form of what a renderer gave."""
    return rendered if isinstance(rendered, Drawn) else Drawn(*rendered)

"""How large a picture is worth sending to a model.

Llama 3.2 Vision lays a picture onto a canvas of at most ``tiles`` square tiles and shrinks it to
fit; pixels beyond that are never seen, so they are not sent. The choice of canvas follows the
published image processor of the model: of the canvases with rows * columns <= tiles, the smallest
enlargement that fits; where none fits, the least shrinking; on ties the smallest area.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import Protocol


class Limits(Protocol):
    """The part of PictureRules that says how large a picture may be."""

    @property
    def longest_side(self) -> int: ...
    @property
    def tiles(self) -> int | None: ...
    @property
    def tile_side(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Plan:
    """The picture to send: ``width`` x ``height`` pixels, ``scale`` (at most 1) times the given.

    ``columns`` and ``rows`` are the tiles of the canvas; 1 x 1 where the model has no tiles.
    """

    width: int
    height: int
    scale: float
    columns: int = 1
    rows: int = 1


def canvases(rules: Limits) -> tuple[tuple[int, int], ...]:
    """The (columns, rows) a model may choose from; none has a side over ``longest_side``."""
    tiles = rules.tiles or 1
    per_side = max(1, rules.longest_side // rules.tile_side)
    return tuple(
        (columns, rows)
        for columns in range(1, min(tiles, per_side) + 1)
        for rows in range(1, min(tiles // columns, per_side) + 1)
    )


def plan(width: int, height: int, rules: Limits) -> Plan:
    """The size at which a picture of ``width`` x ``height`` pixels (each at least 1) is sent.

    Never enlarges, keeps the shape to within a pixel, and no side becomes less than 1 pixel.
    """
    columns, rows = 1, 1
    scale = min(1.0, rules.longest_side / max(width, height))
    if rules.tiles:
        columns, rows = _canvas(width, height, rules)
        side = rules.tile_side
        scale = min(scale, columns * side / width, rows * side / height)
    return Plan(shrink(width, scale), shrink(height, scale), scale, columns, rows)


def shrink(pixels: int, scale: float) -> int:
    """A side scaled by at most 1, rounded down as the model does, and at least 1."""
    # The tiny addend undoes binary rounding: 4032 * (1120 / 4032) must stay 1120.
    return max(1, min(pixels, floor(pixels * scale + 1e-6)))


def _canvas(width: int, height: int, rules: Limits) -> tuple[int, int]:
    side = rules.tile_side
    scales = {
        (columns, rows): min(columns * side / width, rows * side / height)
        for columns, rows in canvases(rules)
    }
    enlarging = [scale for scale in scales.values() if scale >= 1]
    best = min(enlarging) if enlarging else max(scales.values())
    fitting = [canvas for canvas, scale in scales.items() if scale == best]
    return min(fitting, key=lambda canvas: canvas[0] * canvas[1])

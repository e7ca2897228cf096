"""Lines of text in rows, as they stand on a page seen straight."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from visiontools.reader.label_level import Points, levelled, spans
from visiontools.reader.label_pieces import Place, Placed
from visiontools.reader.ocr import Line

SAME_ROW = 0.55
"""Pieces whose middles lie within this share of a line's height stand in one row."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """Pieces beside each other, from left to right; ``y`` and ``height`` in levelled pixels."""

    pieces: tuple[Placed, ...]

    @property
    def y(self) -> float:
        return float(np.median([piece.place.y for piece in self.pieces]))

    @property
    def height(self) -> float:
        return float(np.median([piece.place.height for piece in self.pieces]))

    @property
    def x0(self) -> float:
        return self.pieces[0].place.x0

    @property
    def x1(self) -> float:
        return max(piece.place.x1 for piece in self.pieces)

    @property
    def text(self) -> str:
        return joined(self.pieces)


def rows_of(lines: Sequence[Line]) -> list[Row]:
    """The rows from top to bottom. A page held slightly askew is seen level."""
    level = levelled(lines)
    placed = []
    for line in lines:
        edges = tuple(spans(line, level))
        y = float(level(_point(line))[0, 1])
        placed.append(Placed(line, Place(edges[0][0], edges[-1][1], y, line.height), edges))
    rows: list[list[Placed]] = []
    for piece in sorted(placed, key=lambda one: one.place.y):
        if rows and _beside(rows[-1], piece):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [Row(tuple(sorted(row, key=lambda one: one.place.x0))) for row in rows]


def _point(line: Line) -> Points:
    return np.array([line.center])


def _beside(row: Sequence[Placed], piece: Placed) -> bool:
    y = float(np.median([other.place.y for other in row]))
    height = min(piece.place.height, *(other.place.height for other in row))
    return abs(piece.place.y - y) < SAME_ROW * height


def joined(pieces: Sequence[Placed]) -> str:
    """The pieces' words; what the next piece holds as well, where two were cut to overlap, once."""
    words = []
    for piece, after in zip_longest(pieces, pieces[1:]):
        text = piece.text
        while after and len(text) > 1 and _within(piece, len(text) - 1, after):
            text = text[:-1]
        words.append(text.strip())
    return " ".join(word for word in words if word)


def _within(piece: Placed, index: int, after: Placed) -> bool:
    left, right = piece.edges[index]
    return (left + right) / 2 > after.place.x0 + 0.1 * piece.place.height

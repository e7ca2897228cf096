"""The labelled grid over a picture: columns A, B, ... from the left, rows 1, 2, ... from the top.

Imports nothing heavy: the process that draws it counts its milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import hypot

LONGER = 8
"""Cells along the longer side: few enough to be told apart, many enough to point with."""
_FEWEST = 2
_CELL = re.compile(r"([A-Z])\s*(\d{1,2})")
_RANGE = re.compile(r"([A-Z]\s*\d{1,2})\s*(?:-|–|:|\.\.|to|TO)\s*([A-Z]\s*\d{1,2})")
Cell = tuple[int, int]
"""Column and row, both from 0."""
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid over a picture of ``width`` x ``height`` pixels."""

    columns: int
    rows: int
    width: int
    height: int

    @classmethod
    def over(cls, width: int, height: int) -> Grid:
        """The grid of a picture of this size: its cells are about as wide as they are high."""
        longer = max(width, height)
        columns, rows = (max(_FEWEST, round(LONGER * side / longer)) for side in (width, height))
        return cls(columns, rows, width, height)

    def box(self, cell: Cell) -> Box:
        """The pixels of a cell; neighbours share their edges."""
        column, row = cell
        return (
            round(column * self.width / self.columns),
            round(row * self.height / self.rows),
            round((column + 1) * self.width / self.columns),
            round((row + 1) * self.height / self.rows),
        )

    def around(self, cells: Iterable[Cell]) -> Box:
        """The smallest box that holds these cells (one at least)."""
        boxes = [self.box(cell) for cell in cells]
        left, top, right, bottom = zip(*boxes, strict=True)
        return min(left), min(top), max(right), max(bottom)

    def read(self, said: str) -> list[Cell]:
        """The cell that ``B3`` names, or those of the rectangle ``B3:D4``; none if outside."""
        text = said.strip().upper()
        if ends := _RANGE.fullmatch(text):
            corners = [self.read(end) for end in ends.groups()]
            if not all(corners):
                return []
            (a, b), (c, d) = corners[0][0], corners[1][0]
            across, down = range(min(a, c), max(a, c) + 1), range(min(b, d), max(b, d) + 1)
            return [(column, row) for row in down for column in across]
        match = _CELL.fullmatch(text)
        if match is None:
            return []
        column, row = ord(match[1]) - ord("A"), int(match[2]) - 1
        return [(column, row)] if column < self.columns and 0 <= row < self.rows else []

    def apart(self, one: Sequence[Cell], other: Sequence[Cell]) -> float:
        """Pixels between the middles of the two nearest cells; 0 where the regions overlap."""
        wide, high = self.width / self.columns, self.height / self.rows
        return min(hypot((a - c) * wide, (b - d) * high) for a, b in one for c, d in other)


def name_of(cell: Cell) -> str:
    """``B3`` for column 1, row 2."""
    return f"{chr(ord('A') + cell[0])}{cell[1] + 1}"


def is_one_piece(cells: Iterable[Cell]) -> bool:
    """Whether each cell touches another one, at an edge or a corner, so that all hang together."""
    left = set(cells)
    if not left:
        return False
    near = [left.pop()]
    while near:
        column, row = near.pop()
        touching = {c for c in left if abs(c[0] - column) <= 1 and abs(c[1] - row) <= 1}
        left -= touching
        near += touching
    return not left

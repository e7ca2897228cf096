"""Tables that fit a terminal: words are folded, figures never are.

A figure broken over two lines, or cut at its end, would be misread. Where not all columns fit side
by side, the table is shown in pieces, each with the first column, which names the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich import box
from rich.cells import cell_len
from rich.console import JustifyMethod
from rich.table import Table as Grid
from rich.text import Text as Line

from visiontools.views.blocks import Table
from visiontools.views.plain import clean

_GAP = 3
_LONGEST_WORD = 14
"""A longer word may be folded, so that a name without spaces leaves room for the rest."""


@dataclass(frozen=True, slots=True)
class _Column:
    """``least`` is the narrowest it can be read at, ``full`` the widest that is of use.

    Below ``word`` a word is broken.
    """

    cells: tuple[str, ...]
    right: bool
    least: int
    word: int
    full: int


def grids(block: Table, width: int) -> list[Grid]:
    """The table as grids no wider than ``width``, where a figure and a word can be that narrow."""
    columns = [_column(block, index) for index in range(len(block.columns))]
    return [_grid(piece, width) for piece in _pieces(columns, width)]


def _column(block: Table, index: int) -> _Column:
    rows = [block.columns, *block.rows]
    head, *cells = (clean(row[index]).expandtabs(4) for row in rows)
    right = index in block.right
    figures = max(map(_widest_line, cells), default=0) if right else 0
    texts = (head,) if right else (head, *cells)
    word = max((cell_len(each) for text in texts for each in text.split()), default=1)
    least = max(1, figures, min(word, _LONGEST_WORD))
    full = max(map(_widest_line, (head, *cells)))
    return _Column((head, *cells), right, least, max(least, word), max(least, full))


def _widest_line(text: str) -> int:
    return max(map(cell_len, text.split("\n")), default=0)


def _pieces(columns: Sequence[_Column], width: int) -> Iterator[list[_Column]]:
    """All columns, or as many at a time as fit beside the first."""
    first, *rest = columns or [_Column(("",), False, 1, 1, 1)]
    piece = [first]
    for column in rest:
        if len(piece) > 1 and _needed([*piece, column]) > width:
            yield piece
            piece = [first]
        piece.append(column)
    yield piece


def _needed(columns: Sequence[_Column]) -> int:
    return sum(column.least for column in columns) + _GAP * (len(columns) - 1)


def _grid(columns: Sequence[_Column], width: int) -> Grid:
    grid = Grid(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    for column, cells in zip(columns, _widths(columns, width), strict=True):
        justify: JustifyMethod = "right" if column.right else "left"
        grid.add_column(Line(column.cells[0]), justify=justify, width=cells, overflow="fold")
    for row in list(zip(*(column.cells for column in columns), strict=True))[1:]:
        grid.add_row(*map(Line, row))
    return grid


def _widths(columns: Sequence[_Column], width: int) -> list[int]:
    """As wide as each would be, then the widest narrowed until all fit, words last of all."""
    found = [column.full for column in columns]
    least = [column.least for column in columns]
    if len(columns) == 2:  # an over-long name shares the line with its figure
        least[0] = max(1, min(least[0], width - _GAP - least[1]))
    room = width - _GAP * (len(columns) - 1)
    for floor in ([column.word for column in columns], least):
        _narrow(found, floor, sum(found) - room)
    return found


def _narrow(found: list[int], floor: Sequence[int], cells: int) -> None:
    for _ in range(cells):
        spare = [has if has > low else 0 for has, low in zip(found, floor, strict=True)]
        widest = max(range(len(found)), key=spare.__getitem__)
        if not spare[widest]:
            break
        found[widest] -= 1

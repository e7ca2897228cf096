"""Tables: rows and columns by where the words stand, ruled or not; totals prove their columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from visiontools.answers.chart_habit import grain, habit_of
from visiontools.answers.chart_numbers import Habit, figure, has_number
from visiontools.answers.chart_seen import SeenChart, SeenRow, SeenTable
from visiontools.errors import CannotTellError
from visiontools.reader.chart.looks import look_twice, same
from visiontools.reader.chart.receipt_words import kind_of
from visiontools.reader.chart.rows import Row, joined
from visiontools.reader.label_pieces import Placed
from visiontools.reader.ocr import Pixels, Quad
from visiontools.tooling import Reading

FEWEST_ROWS, FEWEST_COLUMNS = 2, 2
FILLED, NUMBERS = 0.6, 0.5
"""The least shares of a table's cells that are filled, and of those that are numbers."""
INK = 45
"""Of 255: how much darker or lighter something printed in an empty-looking cell is."""
BETTER = "Give the table as a screenshot, straight and sharp, or set up a vision model."


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What one cell says; ``quad`` is where, and None where nothing was found there."""

    text: str = ""
    quad: Quad | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """``lines`` are the heading and the rows; ``spans`` the columns' left and right edges."""

    title: str | None
    rows: tuple[Row, ...]
    lines: tuple[tuple[Cell, ...], ...]
    spans: tuple[tuple[float, float], ...]


def find_table(rows: Sequence[Row]) -> Grid | None:
    """The table the rows are, or None where they are none."""
    parted = [_cells(row) for row in rows]
    first = next((i for i, cells in enumerate(parted) if len(cells) > 1), None)
    if first is None:
        return None
    last = max(i for i, cells in enumerate(parted) if len(cells) > 1)
    spans = _spans([cells for cells in parted[first : last + 1] if len(cells) > 1])
    body = parted[first : last + 1]
    if len(spans) < FEWEST_COLUMNS or len(body) < FEWEST_ROWS + 1:
        return None
    lines = [_in_columns(cells, spans) for cells in body]
    if any(line is None for line in lines):
        return None
    above = [row for row in rows[:first] if re.search(r"[^\W\d_]{2}", row.text)]
    title = max(above, key=lambda row: row.height).text if above else None
    grid = Grid(title, tuple(rows[first : last + 1]), tuple(line for line in lines if line),
                tuple(spans))  # fmt: skip
    return grid if _plausible(grid) else None


def _cells(row: Row) -> list[list[Placed]]:
    """The row's pieces, those with no more than a space between them together."""
    cells: list[list[Placed]] = []
    for piece in row.pieces:
        if cells and piece.place.x0 - cells[-1][-1].place.x1 < 0.45 * row.height:
            cells[-1].append(piece)
        else:
            cells.append([piece])
    return cells


def _spans(body: Sequence[Sequence[Sequence[Placed]]]) -> list[tuple[float, float]]:
    """Where words stand above one another: a column ends where a gap runs through all rows."""
    edges = sorted((cell[0].place.x0, cell[-1].place.x1) for cells in body for cell in cells)
    spans: list[tuple[float, float]] = []
    for x0, x1 in edges:
        if spans and x0 < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], x1))
        else:
            spans.append((x0, x1))
    return spans


def _in_columns(
    cells: Sequence[Sequence[Placed]], spans: Sequence[tuple[float, float]]
) -> tuple[Cell, ...] | None:
    """The cells in their columns; None where one stands in two."""
    line = [Cell() for _ in spans]
    for cell in cells:
        x0, x1 = cell[0].place.x0, cell[-1].place.x1
        own = [i for i, (left, right) in enumerate(spans) if x0 < right and left < x1]
        if len(own) != 1 or line[own[0]].text:
            return None
        first, last = cell[0].line.quad, cell[-1].line.quad
        quad = np.array([first[0], last[1], last[2], first[3]])
        line[own[0]] = Cell(joined(cell), quad)
    return tuple(line)


def _plausible(grid: Grid) -> bool:
    """Whether most cells are filled, most of those numbers, and the rows evenly apart."""
    inner = [cell for line in grid.lines[1:] for cell in line[1:]]
    said = [cell for cell in inner if cell.text]
    numbers = sum(has_number(cell.text) for cell in said)
    named = sum(bool(line[0].text) for line in grid.lines[1:])
    steps = np.diff([row.y for row in grid.rows[1:]])
    even = not len(steps) or steps.max() < 1.7 * steps.min()
    return (
        len(said) >= FILLED * len(inner)
        and numbers >= NUMBERS * len(said)
        and named == len(grid.lines) - 1
        and even
    )


def read_table(rgb: Pixels, grid: Grid) -> Reading:
    """The table as printed; what neither a total nor two further looks confirm is named."""
    grid = _filled(rgb, grid)
    places = [(r, c) for r, line in enumerate(grid.lines) for c, cell in enumerate(line)
              if cell.quad is not None]  # fmt: skip
    proved = _proved(grid)
    open_ = [place for place in places if place not in proved]
    looks = look_twice(rgb, [_quad(grid, place) for place in open_])
    twice = dict.fromkeys(proved, True)
    for place, two in zip(open_, looks, strict=True):
        twice[place] = _sure(grid.lines[place[0]][place[1]].text, two, name=0 in place)
    for r, c in places:
        if r and c and not _usual_mark(grid, r, c):
            twice[r, c] = False
    if not all(twice[0, c] for c in range(len(grid.spans)) if (0, c) in twice):
        raise CannotTellError("A heading of the table could not be read twice alike.", next=BETTER)
    once = {
        f"/table/rows/{r - 1}/cells/{c}"
        for r, c in places
        if r and (not twice[r, c] or not twice.get((r, 0), True))
    }
    table = SeenTable(
        columns=[cell.text for cell in grid.lines[0]],
        rows=[SeenRow(cells=[cell.text for cell in line]) for line in grid.lines[1:]],
    )
    seen = SeenChart(picture_shows="a table", kind="table", title=grid.title, table=table)
    return Reading(seen.model_dump(mode="json"), frozenset(once))


def _quad(grid: Grid, place: tuple[int, int]) -> Quad:
    quad = grid.lines[place[0]][place[1]].quad
    assert quad is not None
    return quad


def _sure(text: str, two: tuple[str, str], *, name: bool) -> bool:
    """Both further looks say the same; of names, which are words, one is enough."""
    agree = [same(text, look) for look in two]
    return any(agree) if name else all(agree)


def _filled(rgb: Pixels, grid: Grid) -> Grid:
    """Cells that seemed empty but have something printed in them are read: the detector misses
    lone figures. Raises CannotTellError where that cannot be read."""
    empty = [(r, c) for r, line in enumerate(grid.lines) for c, cell in enumerate(line)
             if cell.quad is None and (r or c)]  # fmt: skip
    quads = {place: _place(grid, *place) for place in empty}
    inked = [place for place in empty if _has_ink(rgb, quads[place])]
    lines = [list(line) for line in grid.lines]
    for (r, c), (one, other) in zip(
        inked, look_twice(rgb, [quads[place] for place in inked]), strict=True
    ):
        if not one.strip() or not same(one, other):
            raise CannotTellError(
                f"A cell in the row of '{grid.lines[r][0].text}' could not be read.", next=BETTER
            )
        lines[r][c] = Cell(one.strip(), quads[r, c])
    return replace(grid, lines=tuple(map(tuple, lines)))


def _place(grid: Grid, r: int, c: int) -> Quad:
    """Where a cell without words is: beside its row's name, in its column."""
    name = grid.lines[r][0].quad if c else grid.lines[1][0].quad
    assert name is not None
    along = (name[1] - name[0]) / max(float(np.linalg.norm(name[1] - name[0])), 1.0)
    begin = grid.rows[r].x0
    left, right = grid.spans[c]
    return np.array([
        name[0] + along * (left - begin - 4), name[0] + along * (right - begin + 4),
        name[3] + along * (right - begin + 4), name[3] + along * (left - begin - 4),
    ])  # fmt: skip


def _has_ink(rgb: Pixels, quad: Quad) -> bool:
    x0, y0 = (max(0, int(v)) for v in quad.min(axis=0))
    x1, y1 = (int(v) for v in quad.max(axis=0))
    room = (y1 - y0) // 6
    window = rgb[y0 + room : y1 - room, x0:x1].astype(np.float64)
    if not window.size:
        return False
    off = np.abs(window - np.median(window.reshape(-1, 3), axis=0)).max(axis=2)
    return bool((off > INK).sum() > 0.01 * (y1 - y0) ** 2)


def _proved(grid: Grid) -> dict[tuple[int, int], bool]:
    """The cells of columns that add up to their total."""
    last = len(grid.lines) - 1
    if last < FEWEST_ROWS + 1 or kind_of(grid.lines[last][0].text) not in ("total", "subtotal"):
        return {}
    proved: dict[tuple[int, int], bool] = {}
    for c in range(1, len(grid.spans)):
        texts = [grid.lines[r][c].text for r in range(1, last + 1)]
        habit = habit_of(texts)
        for tried in (habit, Habit("point"), Habit("comma")):
            values = [figure(text, tried).value for text in texts if has_number(text)]
            known = [value for value in values if value is not None]
            step = min((grain(text, tried) for text in texts if has_number(text)), default=1.0)
            if len(known) == len(values) > FEWEST_ROWS and has_number(texts[-1]):
                off = abs(sum(known[:-1]) - known[-1])
                if off < 0.5 * step:
                    rows = (r for r in range(1, last + 1) if has_number(grid.lines[r][c].text))
                    proved |= {(r, c): True for r in rows}
                    break
    return proved


def _usual_mark(grid: Grid, r: int, c: int) -> bool:
    """Whether a cell has the decimal mark most cells have: a comma is easily taken for a point."""
    marks = Counter(mark for line in grid.lines[1:] for cell in line[1:]
                    for mark in _marks(cell.text))  # fmt: skip
    own = _marks(grid.lines[r][c].text)
    return not own or own[-1] == marks.most_common(1)[0][0]


def _marks(text: str) -> list[str]:
    return re.findall(r"\d([.,])\d{1,2}(?!\d)", text)

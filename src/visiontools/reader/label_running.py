"""Nutrition declarations set as running text: "per 100 g: Energy 2028 kJ, Fat 20 g, of which ..."

Small packs may give the table's figures line after line. A name may then begin on one line and
end on the next, and each figure belongs to the name just before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from visiontools.answers.label import Basis
from visiontools.reader.label_amounts import unit_at_start
from visiontools.reader.label_facts import Table
from visiontools.reader.label_pieces import Cell, Heading, Label, Page, Place, Placed
from visiontools.reader.label_words import PER_WORDS, basis_of, nutrient_of, plain

WHOLE = frozenset({"energy", "fat", "carbohydrate", "protein"})
"""What a declaration gives at least."""
_CUT = re.compile(r"[(),;:]")
_GLUE = re.compile(r"[\s/(|,–-]*")
_PER = re.compile(rf"(?<![a-z])({'|'.join(PER_WORDS)})(?![a-z])[^,;:(]*", re.IGNORECASE)
_COUNT = re.compile(r"servings?\s*per\s*\w+|portion(en|s|es|i)?\s*(per|pro|par|je|por)\s*\w+")


@dataclass(slots=True)
class _Flow:
    """A paragraph read from its first line on.

    ``open`` is the text still without its figure; ``mixed`` where a name has two figures.
    """

    rows: list[tuple[Label, list[Cell]]] = field(default_factory=list)
    open: str = ""
    mixed: bool = False


def running_tables(page: Page) -> tuple[list[Table], Page]:
    """The declarations in running text, and the page without their lines."""
    tables: list[Table] = []
    used: list[Placed] = []
    for lines in _paragraphs(page):
        table = _declaration(page, lines)
        if table:
            tables.append(table)
            used.extend(lines)
    rest = Page(
        page.lines,
        [label for label in page.labels if label.source not in used],
        [cell for cell in page.cells if cell.source not in used],
    )
    return tables, rest


def _paragraphs(page: Page) -> Iterator[list[Placed]]:
    """Lines one below the other around those that hold several names with a figure each.

    The first may hold one figure, or none and the basis of those below.
    """
    lines = sorted(page.lines, key=lambda line: line.place.y)
    taken: set[int] = set()
    for line in lines:
        if id(line) in taken or _pairs(page, line) < 2:
            continue
        block = [line]
        while (below := _next(block[-1], lines, 1)) and _cells(page, below):
            block.append(below)
        while (above := _next(block[0], lines, -1)) and id(above) not in taken:
            block.insert(0, above)
            if not _figures(page, above):
                break
        taken.update(map(id, block))
        yield block


def _next(line: Placed, lines: Sequence[Placed], way: int) -> Placed | None:
    """The line just below (``way`` 1) or above (-1), of about the same size."""
    here = line.place
    near = [
        other
        for other in lines
        if 0.5 * here.height < way * (other.place.y - here.y) < 1.9 * here.height
        and other.place.overlaps(here)
        and 0.6 < other.place.height / here.height < 1.6
    ]
    return min(near, key=lambda other: abs(other.place.y - here.y), default=None)


def _cells(page: Page, line: Placed) -> list[Cell]:
    return [cell for cell in page.cells if cell.source is line]


def _figures(page: Page, line: Placed) -> bool:
    """Whether a line has figures other than shares, which ingredients have as well."""
    cells = _cells(page, line)
    return any(amount.unit != "%" for cell in cells for amount in cell.amounts)


def _pairs(page: Page, line: Placed) -> int:
    """How many figures of a line, shares left out, follow a name on it."""
    flow = _Flow()
    _follow(flow, page, line)
    return len(flow.rows)


def _declaration(page: Page, lines: Sequence[Placed]) -> Table | None:
    """The table a paragraph states; its figures are for nothing where it names several bases."""
    flow = _Flow()
    for line in lines:
        _follow(flow, page, line)
    names = [label.nutrient for label, _ in flow.rows]
    bases = _bases(" ".join(line.text for line in lines))
    if not set(names) >= WHOLE or len(set(names)) < len(names) or not bases:
        return None
    top = lines[0].place
    basis = bases.pop() if len(bases) == 1 and not flow.mixed else None
    heading = Heading(basis, Place(top.x0, top.x1, top.y, top.height))
    return Table(rows=flow.rows, headings=[heading])


def _bases(text: str) -> set[Basis]:
    """What a paragraph says its figures are for; a count of servings says nothing."""
    bare = _COUNT.sub(" ", plain(text))
    return {basis for match in _PER.finditer(bare) if (basis := basis_of(match[0]))}


def _follow(flow: _Flow, page: Page, line: Placed) -> None:
    """Give each figure of a line to the name before it, which may begin on the line above."""
    _unit_below(flow, line)
    position = 0
    for cell in sorted(_cells(page, line), key=lambda cell: cell.amounts[0].start):
        start, end = cell.amounts[0].start, cell.amounts[-1].end
        words = line.text[position:start]
        position, text = end, f"{flow.open} {words}"
        if all(amount.unit == "%" for amount in cell.amounts):
            continue
        flow.open = ""
        name = _name(text)
        if name:
            place = line.part(max(0, start - len(words)), start)
            flow.rows.append((Label(name, _tail(text), place, line), [cell]))
        elif flow.rows and _GLUE.fullmatch(text):
            _second(flow, cell)
    flow.open = f"{flow.open} {line.text[position:]}"


def _unit_below(flow: _Flow, line: Placed) -> None:
    """Give a number that ends the line above the unit this line begins with."""
    cells = flow.rows[-1][1] if flow.rows else []
    last = cells[-1].amounts[-1] if cells else None
    unit = unit_at_start(line.text)
    if last and unit and last.unit is None and not cells[-1].source.text[last.end :].strip():
        whole = (*cells[-1].amounts[:-1], replace(last, unit=unit))
        cells[-1] = replace(cells[-1], amounts=whole)


def _second(flow: _Flow, cell: Cell) -> None:
    """A figure right after another: energy in its other unit; else nobody knows whose it is."""
    label, cells = flow.rows[-1]
    units = [amount.unit for other in (*cells, cell) for amount in other.amounts]
    if label.nutrient == "energy" and len(set(units)) == len(units):
        cells.append(cell)
    else:
        flow.mixed = True


def _name(text: str) -> str | None:
    return nutrient_of(_tail(text))


def _tail(text: str) -> str:
    """The words right before a figure: what follows the last comma, colon or bracket."""
    parts = [part for part in _CUT.split(text.strip(" .,:;<≤")) if part.strip()]
    return parts[-1].strip() if parts else ""

"""Which column an amount stands in: the headings above a table, by where they stand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from visiontools.answers.label import Basis
from visiontools.reader.label_amounts import quantities
from visiontools.reader.label_facts import Table
from visiontools.reader.label_pieces import Cell, Heading, Page, Place, headings
from visiontools.reader.label_words import HUNDRED, plain


def headings_of(page: Page, table: Table, tables: Sequence[Table]) -> list[Heading]:
    """Column headings above the table's first row, or in it; the nearest of each basis."""
    reach = table.top - 7 * table.height
    floor = [t.bottom for t in tables if t is not table and t.bottom < table.top]
    reach = max([reach, *(bottom for bottom in floor)])
    right = min([t.left for t in tables if t.left > table.left + 1 and _level_with(t, table)],
                default=float("inf"))  # fmt: skip
    found: dict[Basis, Heading] = {}
    unknown: list[Heading] = []
    for placed in sorted(page.lines, key=lambda line: -line.place.y):
        if reach < placed.place.y < table.top + 0.6 * table.height:
            for heading in headings(placed):
                if not table.left - 2 * table.height < heading.place.middle < right:
                    continue
                if heading.basis is None:
                    unknown.append(heading)
                else:
                    found.setdefault(heading.basis, _with_size(heading, page, table))
    named = list(found.values()) or _implied(page, table)
    # Only what stands beside the named headings, not some "per day" above them, is a column.
    beside = [
        h for h in unknown
        if any(abs(h.place.y - n.place.y) < 1.5 * table.height for n in found.values())
    ]  # fmt: skip
    return [*named, *beside]


def _level_with(one: Table, other: Table) -> bool:
    return one.top < other.bottom and other.top < one.bottom


def _with_size(heading: Heading, page: Page, table: Table) -> Heading:
    """A heading of two lines, "Per portion" above "(30 g)"."""
    if heading.size or heading.basis in ("per_100ml", "per_100g"):
        return heading
    for placed in page.lines:
        below = 0 < placed.place.y - heading.place.y < 2 * heading.place.height
        if below and placed.place.overlaps(heading.place) and not HUNDRED.search(placed.text):
            sizes = quantities(placed.text)
            if sizes and placed.place.y < table.top:
                return Heading(heading.basis, heading.place, sizes[0], placed)
    return heading


def _implied(page: Page, table: Table) -> list[Heading]:
    """US labels that state a serving size and nothing else are for one serving."""
    texts = " | ".join(plain(placed.text) for placed in page.lines)
    calories = any(re.search("calor", plain(label.text)) for label, _ in table.rows)
    if calories and re.search(r"serving\s*size|tamano de la? (porcion|racion)", texts):
        return [Heading("per_serving", Place(table.left, table.right, table.top, table.height))]
    return []


def heading_for(cell: Cell, table: Table) -> Heading | None:
    """The column a cell stands in: by right edge, left edge or middle, whichever fits best."""
    # A share of a daily intake carries no unit of weight or energy.
    weighed = any(amount.unit for amount in cell.amounts)
    open_to = [heading for heading in table.headings if not (heading.shares and weighed)]
    if not open_to:
        return None
    ranked = sorted(open_to, key=lambda heading: _apart(cell.place, heading.place))
    first = ranked[0]
    best = _apart(cell.place, first.place)
    if len(ranked) > 1:
        clear = best < 0.7 * _apart(cell.place, ranked[1].place)
        return first if clear and first.basis else None
    if (
        _columns_of_amounts(table) > 1
        and best > table.height
        and not first.place.overlaps(cell.place)
    ):
        return None
    return first if first.basis else None


def _columns_of_amounts(table: Table) -> int:
    """How many amounts of one unit most rows hold, shares of a daily intake left out."""
    counts = [
        max(_repeats([a.unit for cell in cells for a in cell.amounts if a.unit != "%"]), default=0)
        for _, cells in table.rows
    ]
    return round(median(counts)) if counts else 0


def _repeats(units: Sequence[str | None]) -> list[int]:
    return [units.count(unit) for unit in set(units)]


def _apart(one: Place, other: Place) -> float:
    return min(abs(one.x0 - other.x0), abs(one.x1 - other.x1), abs(one.middle - other.middle))

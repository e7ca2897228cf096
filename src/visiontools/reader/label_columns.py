"""Which column an amount stands in: the headings above a table, by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median

from visiontools.answers.label import Basis
from visiontools.reader.label_amounts import only_size, quantities
from visiontools.reader.label_facts import Table
from visiontools.reader.label_pieces import Cell, Heading, Page, Place, Placed, headings
from visiontools.reader.label_words import (
    CONTAINER_WORDS,
    HUNDRED,
    SERVING_WORDS,
    has_word,
    is_per,
    plain,
)


def headings_of(page: Page, table: Table, tables: Sequence[Table]) -> list[Heading]:
    """Column headings above the table's first row, or in it; the nearest of each basis."""
    found: dict[Basis, Heading] = {}
    unknown: list[Heading] = []
    above = _above(page, table, tables)
    for heading in (heading for placed in above for heading in _within(placed, table, tables)):
        if heading.basis is None:
            unknown.append(heading)
        elif heading.basis not in found:
            found[heading.basis] = _with_size(heading, page, table)
        elif _another_column(heading, found[heading.basis], table):
            # The left one is what is sold; the other is, say, as prepared.
            left, right = sorted((heading, found[heading.basis]), key=lambda h: h.place.x0)
            found[heading.basis] = left
            unknown.append(replace(right, basis=None))
    if not {"per_100ml", "per_100g"} & set(found):
        found = {b: replace(h, basis=None) if _perhaps_hundred(h) else h for b, h in found.items()}
    named = list(found.values()) or _implied(page, table)
    # Only what stands beside the named headings, not some "per day" above them, is a column.
    beside = [h for h in unknown if _beside(h.place, found.values(), table)]
    own = [placed for placed in above if _over(placed.place, table, tables)]
    return [*named, *beside, *_bare_sizes(own, found, table)]


def _above(page: Page, table: Table, tables: Sequence[Table]) -> list[Placed]:
    """The lines that may hold the table's headings, from the lowest up."""
    reach = max([
        table.top - 7 * table.height,
        *(t.bottom for t in tables if t is not table and t.bottom < table.top),
    ])  # fmt: skip
    low = table.top + 0.6 * table.height
    lines = [placed for placed in page.lines if reach < placed.place.y < low]
    return sorted(lines, key=lambda placed: -placed.place.y)


def _within(placed: Placed, table: Table, tables: Sequence[Table]) -> list[Heading]:
    """The headings of a line that stand over this table and not over one beside it.

    A bare "100 g" is one only where figures stand below it: it may be the pack's content.
    """
    found = [h for h in headings(placed) if _over(h.place, table, tables)]
    if any(HUNDRED.search(placed.text) and not is_per(placed.text) for _ in found):
        close = table.top - placed.place.y < 2.5 * table.height
        cells = [cell.place for _, cells in table.rows for cell in cells]
        found = [h for h in found if close and any(h.place.overlaps(cell) for cell in cells)]
    return found


def _over(place: Place, table: Table, tables: Sequence[Table]) -> bool:
    others = (t.left for t in tables if t.left > table.left + 1 and _level_with(t, table))
    right = min(others, default=float("inf"))
    return table.left - 2 * table.height < place.middle < right


def _beside(place: Place, named: Iterable[Heading], table: Table) -> bool:
    return any(abs(place.y - other.place.y) < 1.5 * table.height for other in named)


def _another_column(heading: Heading, first: Heading, table: Table) -> bool:
    """A second "per 100 g" at the same level, as sold and prepared: one of the two is unknown.

    Not so where names stand between them: that table is set in two columns of nutrients.
    """
    left, right = sorted((heading.place, first.place), key=lambda place: place.x0)
    between = any(left.middle < label.place.x0 < right.x1 for label, _ in table.rows)
    return _beside(heading.place, [first], table) and not left.overlaps(right) and not between


def _perhaps_hundred(heading: Heading) -> bool:
    """Whether "per 199 ml", alone and without a word for serving, may be a misread "per 100 ml"."""
    if heading.source is None or heading.size is None or not 100 < heading.size.amount < 200:
        return False
    return not has_word(heading.source.text, (*SERVING_WORDS, *CONTAINER_WORDS))


def _bare_sizes(
    lines: Sequence[Placed], found: Mapping[Basis, Heading], table: Table
) -> list[Heading]:
    """A column headed by nothing but a size, "250 ml" beside "100 ml"."""
    hundreds = [found[basis] for basis in ("per_100ml", "per_100g") if basis in found]
    if "per_serving" in found or not hundreds:
        return []
    return [
        Heading("per_serving", placed.place, quantities(placed.text)[0], placed)
        for placed in lines
        if only_size(placed.text)
        and placed.place.x0 > hundreds[0].place.x0
        and abs(placed.place.y - hundreds[0].place.y) < 0.6 * table.height
    ]


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

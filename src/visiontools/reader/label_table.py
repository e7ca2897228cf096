"""From pieces with a place to tables: which label, which column, which product."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from visiontools.answers.label import Basis
from visiontools.reader.label_amounts import Amount, quantities
from visiontools.reader.label_pieces import Cell, Heading, Label, Page, Place, Placed, headings
from visiontools.reader.label_words import HUNDRED, IGNORED, is_title, plain
from visiontools.reader.ocr import Quad

UNITS: dict[str, frozenset[str]] = {
    "energy": frozenset({"kJ", "kcal"}),
    "sodium": frozenset({"mg", "g"}),
    "salt": frozenset({"g", "mg"}),
    "cholesterol": frozenset({"mg", "g"}),
    "caffeine": frozenset({"mg"}),
}
GRAMS = frozenset({"g"})
SMALL = frozenset({"mg", "µg"})
MINERALS = ("vitamin_a", "vitamin_c", "vitamin_d", "vitamin_b12", "calcium", "iron", "potassium",
            "magnesium")  # fmt: skip


@dataclass(slots=True, eq=False)
class Fact:
    """One figure of a table, and what is known about how it was read."""

    nutrient: str
    amount: float
    unit: str
    basis: Basis
    less_than: bool
    slack: float
    confidence: float
    source: Placed
    span: tuple[int, int]
    unclear: bool = False
    confirmed: bool = False
    disputed: bool = False
    dropped: str | None = None

    @property
    def quad(self) -> Quad:
        if not self.unclear:
            return self.source.quad(*self.span)
        # The unit may have been lost at the end of the line: cut a little further.
        start, end = self.span
        quad = self.source.quad(start, end)
        if end == len(self.source.text):
            along = quad[1] - quad[0]
            step = along / max(float(np.linalg.norm(along)), 1e-6) * self.source.line.height * 0.5
            quad[[1, 2]] += step
        return quad

    @property
    def printed(self) -> str:
        """The characters it was first read from."""
        return self.source.text[slice(*self.span)]

    @property
    def words(self) -> str:
        """The figure for a note to a person."""
        return f"{self.nutrient.replace('_', ' ')} {self.amount:g} {self.unit}"


@dataclass(slots=True, eq=False)
class Table:
    """One product's table: its rows (label with its cells) and its columns' headings."""

    rows: list[tuple[Label, list[Cell]]] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def height(self) -> float:
        return median(label.place.height for label, _ in self.rows)

    @property
    def top(self) -> float:
        return min(label.place.y for label, _ in self.rows)

    @property
    def bottom(self) -> float:
        return max(label.place.y for label, _ in self.rows)

    @property
    def left(self) -> float:
        return min(label.place.x0 for label, _ in self.rows)

    @property
    def right(self) -> float:
        return max(p.x1 for label, cells in self.rows for p in (label.place, *_places(cells)))

    @property
    def nutrients(self) -> set[str]:
        return {label.nutrient for label, _ in self.rows}


def _places(cells: Iterable[Cell]) -> list[Place]:
    return [cell.place for cell in cells]


def tables_of(page: Page) -> list[Table]:
    """Every table on the page, left to right, then top to bottom, with its facts."""
    rows = _rows(page)
    tables = [Table(part) for group in _side_by_side(rows) for part in _stacked(group)]
    tables = [table for table in _joined(tables) if len(table.nutrients - {IGNORED}) >= 2]
    tables.sort(key=lambda table: (table.left, table.top))
    for table in tables:
        table.headings = _headings(page, table, tables)
        table.facts = _facts(table)
    return tables


def _rows(page: Page) -> list[tuple[Label, list[Cell]]]:
    """Each label with the cells on its right; energy also takes the cells a row below."""
    taken: dict[int, list[Cell]] = {id(label): [] for label in page.labels}
    lefts = _label_columns(page.labels)
    for cell in page.cells:
        if all(amount.unit == "%" for amount in cell.amounts):
            continue
        # What stands right of a second table's labels never belongs to the first table.
        reach = cell.place.x0 + cell.place.height
        border = max((left for left in lefts if left < reach), default=float("-inf"))
        label = _label_for(cell, [lb for lb in page.labels if border <= lb.place.x0])
        if label:
            taken[id(label)].append(cell)
    return [(label, taken[id(label)]) for label in page.labels if taken[id(label)]]


def _label_columns(labels: Sequence[Label]) -> list[float]:
    """Where columns of at least three labels begin."""
    columns = _side_by_side([(label, []) for label in labels])
    return [min(lb.place.x0 for lb, _ in rows) for rows in columns if len(rows) >= 3]


def _label_for(cell: Cell, labels: Sequence[Label]) -> Label | None:
    place = cell.place
    units = {amount.unit for amount in cell.amounts} - {None, "%"}
    left = [
        label
        for label in labels
        if label.place.x0 < place.x0
        and (label.nutrient == IGNORED or units <= allowed_units(label.nutrient))
    ]
    near = [
        (abs(label.place.y - place.y), label)
        for label in left
        if abs(label.place.y - place.y) < 0.55 * max(label.place.height, place.height)
    ]
    if near:
        closest = min(distance for distance, _ in near) + 0.25 * place.height
        same_row = [label for distance, label in near if distance <= closest]
        return max(same_row, key=lambda label: label.place.x0)
    return _energy_above(place, left) if units & {"kJ", "kcal"} else None


def _energy_above(place: Place, labels: Iterable[Label]) -> Label | None:
    """Energy in kcal often stands a row below the word Energy, without a label of its own."""
    near = [
        label
        for label in labels
        if label.nutrient == "energy" and abs(label.place.y - place.y) < 2.2 * place.height
    ]
    return max(near, key=lambda label: label.place.x0, default=None)


def _side_by_side(
    rows: list[tuple[Label, list[Cell]]],
) -> list[list[tuple[Label, list[Cell]]]]:
    """Rows whose labels start at about the same x belong to one column of labels."""
    groups: list[list[tuple[Label, list[Cell]]]] = []
    for row in sorted(rows, key=lambda row: row[0].place.x0):
        if groups:
            last = groups[-1][-1][0].place
            if row[0].place.x0 - last.x0 < 5 * max(last.height, row[0].place.height):
                groups[-1].append(row)
                continue
        groups.append([row])
    return groups


def _stacked(rows: list[tuple[Label, list[Cell]]]) -> list[list[tuple[Label, list[Cell]]]]:
    """A second energy row below other nutrients begins another table."""
    parts: list[list[tuple[Label, list[Cell]]]] = []
    for row in sorted(rows, key=lambda row: row[0].place.y):
        others = {label.nutrient for label, _ in parts[-1]} - {"energy"} if parts else set()
        again = row[0].nutrient == "energy" and len(others) >= 2
        if not parts or again:
            parts.append([])
        parts[-1].append(row)
    return parts


def _joined(tables: list[Table]) -> list[Table]:
    """The right half of a table set in two columns of nutrients goes to its left half."""
    kept: list[Table] = []
    for table in sorted(tables, key=lambda table: table.left):
        half = "energy" not in table.nutrients
        partner = next((t for t in kept if half and _fits(t, table)), None)
        if partner:
            partner.rows.extend(table.rows)
        else:
            kept.append(table)
    return kept


def _fits(table: Table, other: Table) -> bool:
    beside = other.top < table.bottom + table.height and table.top < other.bottom + other.height
    return beside and not (table.nutrients & other.nutrients) - {IGNORED}


def _headings(page: Page, table: Table, tables: Sequence[Table]) -> list[Heading]:
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


def _facts(table: Table) -> list[Fact]:
    facts: list[Fact] = []
    for label, cells in table.rows:
        if label.nutrient != IGNORED:
            for cell in cells:
                facts.extend(_cell_facts(table, label, cell))
    return facts


def _cell_facts(table: Table, label: Label, cell: Cell) -> list[Fact]:
    heading = _heading_for(cell, table)
    found: list[Fact] = []
    for index, amount in enumerate(cell.amounts):
        unit = amount.unit or _unit_from_label(label, index, len(cell.amounts))
        if unit == "%":
            continue
        basis = heading.basis if heading else None
        if basis is None or (unit and unit not in allowed_units(label.nutrient)):
            printed = cell.source.text[amount.start : amount.end]
            why = "not a unit of this nutrient" if basis else "it is not clear what it is for"
            table.notes.append(f"{label.text.strip()} '{printed}': {why}")
        else:
            found.append(_fact(label, cell, amount, unit, basis))
    return found


def _fact(label: Label, cell: Cell, amount: Amount, unit: str | None, basis: Basis) -> Fact:
    """A fact; without a unit or a clear number it is one that second looks may still mend."""
    sure = cell.source.line.sure[amount.start : amount.end]
    return Fact(
        nutrient=label.nutrient,
        amount=amount.value or 0.0,
        unit=unit or _only_unit(label.nutrient),
        basis=basis,
        less_than=amount.less_than,
        slack=amount.slack,
        confidence=min(sure, default=cell.source.line.confidence),
        source=cell.source,
        span=(amount.start, amount.end),
        unclear=unit is None or amount.value is None,
    )


def _only_unit(nutrient: str) -> str:
    units = sorted(allowed_units(nutrient))
    return units[0] if len(units) == 1 else "?"


def allowed_units(nutrient: str) -> frozenset[str]:
    if nutrient in MINERALS:
        return SMALL
    return UNITS.get(nutrient, GRAMS)


def _unit_from_label(label: Label, index: int, count: int) -> str | None:
    """The unit a row's label gives: "Fat (g)", "Energy (kJ/kcal)", "Calories"."""
    text = plain(label.text)
    if label.nutrient == "energy":
        units = re.findall(r"kj|kcal", text)
        names = ["kJ" if unit == "kj" else "kcal" for unit in units]
        if len(names) == count:
            return names[index]
        return "kcal" if not names and count == 1 and re.search(r"^\W*calor", text) else None
    match = re.search(r"[(,\s](mg|g|µg|mcg)\)?\s*[:.]?$", text)
    return None if match is None else {"mcg": "µg"}.get(match[1], match[1])


def _heading_for(cell: Cell, table: Table) -> Heading | None:
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


def without_doubles(table: Table, facts: Sequence[Fact]) -> list[Fact]:
    """One figure for each nutrient, unit and basis; two that differ are both dropped."""
    kept: dict[tuple[str, str, str], Fact] = {}
    unclear: set[tuple[str, str, str]] = set()
    for fact in facts:
        if fact.unclear:
            table.notes.append(f"{fact.nutrient.replace('_', ' ')} '{fact.printed}': not clear")
            continue
        key = (fact.nutrient, fact.unit, fact.basis)
        other = kept.setdefault(key, fact)
        if other is not fact and other.amount != fact.amount:
            unclear.add(key)
            table.notes.append(f"two figures for one place: {other.words} and {fact.words}")
    return [fact for key, fact in kept.items() if key not in unclear]


def has_title(page: Page) -> bool:
    return any(is_title(placed.text) for placed in page.lines)

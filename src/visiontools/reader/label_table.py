"""From pieces with a place to tables: which label, which column, which product."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from visiontools.answers.label import Basis
from visiontools.reader.label_amounts import Amount
from visiontools.reader.label_columns import heading_for, headings_of
from visiontools.reader.label_facts import Fact, Table, allowed_units
from visiontools.reader.label_pieces import Cell, Label, Page, Place
from visiontools.reader.label_running import running_tables
from visiontools.reader.label_words import IGNORED, is_title, plain


def tables_of(page: Page) -> list[Table]:
    """Every table on the page, left to right, then top to bottom, with its facts."""
    running, rest = running_tables(page)
    rows = _rows(rest)
    tables = [Table(part) for group in _side_by_side(rows) for part in _stacked(group)]
    tables = [table for table in _joined(tables) if len(table.nutrients - {IGNORED}) >= 2]
    tables = sorted([*tables, *running], key=lambda table: (table.left, table.top))
    for table in tables:
        table.headings = table.headings or headings_of(page, table, tables)
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
        closest = min(distance for distance, _ in near)
        same_row = [label for distance, label in near if distance <= closest + 0.25 * place.height]
        chosen = max(same_row, key=lambda label: label.place.x0)
        return None if _between_rows(place, chosen, left) else chosen
    return _energy_above(place, left) if units & {"kJ", "kcal"} else None


def _between_rows(place: Place, chosen: Label, labels: Iterable[Label]) -> bool:
    """Whether an amount stands nearly as close to the row above or below as to its own."""
    apart = place.y - chosen.place.y
    others = (
        place.y - label.place.y
        for label in labels
        if abs(label.place.y - chosen.place.y) > 0.6 * min(label.place.height, place.height)
    )
    return any(abs(other) - abs(apart) < 0.25 * place.height for other in others)


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


def _facts(table: Table) -> list[Fact]:
    facts: list[Fact] = []
    for label, cells in table.rows:
        if label.nutrient != IGNORED:
            for cell in cells:
                facts.extend(_cell_facts(table, label, cell))
    return facts


def _cell_facts(table: Table, label: Label, cell: Cell) -> list[Fact]:
    heading = heading_for(cell, table)
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

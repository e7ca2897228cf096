"""What is known of one table while it is being read: its rows, its columns, its facts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from visiontools.answers.label import Basis
from visiontools.reader.label_pieces import Cell, Heading, Label, Place, Placed
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
    otherwise: tuple[float | None, ...] = ()
    """What second looks read instead; None where that was no clear number."""

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
    mixed: bool = False
    """Figures that were read twice alike contradict each other: rows may be mixed up."""

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


def allowed_units(nutrient: str) -> frozenset[str]:
    if nutrient in MINERALS:
        return SMALL
    return UNITS.get(nutrient, GRAMS)

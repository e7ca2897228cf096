"""Score an observation of labels against the truth, fact by fact. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from visiontools.answers.label import PrintedRow, Quantity, SeenLabels, SeenProduct
from visiontools.evals.bounds import upper_bound

Key = tuple[int, str, str, str]
"""Product index, nutrient (or serving, container, servings), unit, basis."""
Value = tuple[float, bool]
_BASE = {"ml": (1.0, "ml"), "cl": (10.0, "ml"), "l": (1000.0, "ml"), "fl_oz": (29.5735, "ml"),
         "g": (1.0, "g"), "kg": (1000.0, "g"), "oz": (28.3495, "g")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of facts. ``accepted`` is what was stated as a fact, rightly or wrongly."""

    right: int = 0
    wrong: int = 0
    missing: int = 0

    @property
    def accepted(self) -> int:
        return self.right + self.wrong

    @property
    def truth(self) -> int:
        """How many facts are printed (an invented one counts as wrong, not as printed)."""
        return self.right + self.missing

    @property
    def recall(self) -> float:
        """The share of printed facts accepted and right."""
        return self.right / self.truth if self.truth else 1.0

    @property
    def wrong_share(self) -> float:
        """The share of accepted facts that are wrong."""
        return self.wrong / self.accepted if self.accepted else 0.0

    @property
    def wrong_bound(self) -> float:
        """The 95 % upper bound of the share of wrong facts (Clopper and Pearson, one-sided)."""
        return upper_bound(self.wrong, self.accepted)

    def __add__(self, other: Score) -> Score:
        return Score(
            self.right + other.right, self.wrong + other.wrong, self.missing + other.missing
        )


def score(seen: SeenLabels, truth: SeenLabels, leave_out: Collection[str] = ()) -> Score:
    """Compare every figure; ``leave_out`` are JSON pointers of figures not counted as accepted.

    A wrong figure is also a missing one: the printed fact was not reported.
    """
    accepted, printed = facts(seen, leave_out), facts(truth)
    right = sum(1 for key, value in accepted.items() if _same(key, value, printed.get(key)))
    return Score(right, len(accepted) - right, len(printed) - right)


def _same(key: Key, value: Value, printed: Value | None) -> bool:
    if printed is None or value[1] != printed[1]:
        return False
    # Two ways of printing one content (12 fl oz, 355 ml) differ by their rounding.
    tolerance = 0.015 if key[1] in ("serving", "container") else 1e-9
    return math.isclose(value[0], printed[0], rel_tol=tolerance, abs_tol=1e-9)


def facts(labels: SeenLabels, leave_out: Collection[str] = ()) -> Mapping[Key, Value]:
    """Every fact of the labels under its key."""
    found: dict[Key, Value] = {}
    for index, product in enumerate(labels.products):
        for number, row in enumerate(product.rows):
            if f"/products/{index}/rows/{number}/amount" not in leave_out:
                found[_row_key(index, row)] = (row.amount, row.less_than)
        found.update(_size_facts(index, product))
    return found


def _row_key(index: int, row: PrintedRow) -> Key:
    return index, row.nutrient, row.unit, row.basis


def _size_facts(index: int, product: SeenProduct) -> dict[Key, Value]:
    sizes: dict[Key, Value] = {}
    for name, quantity in (("serving", product.serving), ("container", product.container)):
        if quantity:
            amount, unit = _base(quantity)
            sizes[index, name, unit, ""] = (amount, False)
    if product.servings_per_container:
        sizes[index, "servings", "", ""] = (product.servings_per_container, False)
    return sizes


def _base(quantity: Quantity) -> tuple[float, str]:
    factor, unit = _BASE[quantity.unit]
    return quantity.amount * factor, unit

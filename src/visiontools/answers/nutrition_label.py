"""One label seen whole: its facts, its checks, and which of its figures are doubtful and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from visiontools.answers.label import SeenProduct
from visiontools.answers.nutrition import Facts, Figure, facts
from visiontools.answers.nutrition_checks import Finding, check_product

SIZES = ("serving", "container", "servings_per_container")


@dataclass(frozen=True, slots=True)
class Label:
    """A product with what follows from its label.

    ``unconfirmed`` are pointers relative to the product (``rows/3``, ``serving``) that were read
    only once and that no other figure on the label bears out.
    """

    index: int
    name: str
    seen: SeenProduct
    facts: Facts
    findings: tuple[Finding, ...]
    unconfirmed: frozenset[str]

    def doubt(self, measure: str, figure: Figure | None) -> str | None:
        """Why a figure cannot be relied on, in words that follow "because"; None if it can."""
        for finding in self.findings:
            if not finding.ok and measure in finding.concerns:
                return f"{self.name} fails a check ({finding.detail})"
        once = sorted(figure.stands_on & self.unconfirmed) if figure else []
        return f"{self.name}: {self.told(once[0])} was read only once" if once else None

    def failed(self) -> list[Finding]:
        return [finding for finding in self.findings if not finding.ok]

    def told(self, pointer: str) -> str:
        """What a pointer names, in words: ``sugars (39 g)``."""
        if pointer in SIZES:
            return {"serving": "the serving size", "container": "the content of the pack"}.get(
                pointer, "the number of servings"
            )
        row = self.seen.rows[int(pointer.removeprefix("rows/"))]
        return f"{row.nutrient.replace('_', ' ')} ({row.amount:g} {row.unit})"


def label(index: int, name: str, seen: SeenProduct, unconfirmed: Iterable[str]) -> Label:
    """Work a label out. ``unconfirmed`` are the observation's pointers (``/products/0/rows/3``)."""
    found = facts(seen)
    findings = tuple(check_product(seen, found))
    once = _within(f"/products/{index}", unconfirmed, rows=len(seen.rows))
    return Label(index, name, seen, found, findings, once - _borne_out(found, findings))


def _within(product: str, pointers: Iterable[str], *, rows: int) -> frozenset[str]:
    """``rows/3`` for ``/products/0/rows/3/amount``; a whole product stands for all it holds."""
    known = (*(f"rows/{n}" for n in range(rows)), *SIZES)
    found = set()
    for pointer in pointers:
        for part in known:
            at = f"{product}/{part}/"
            if at.startswith(f"{pointer}/") or pointer.startswith(at):
                found.add(part)
    return frozenset(found)


def _borne_out(found: Facts, findings: Iterable[Finding]) -> frozenset[str]:
    """What two independent prints agree on: kJ and kcal, salt and sodium, serving and 100."""
    agreed = [f for f in findings if f.ok and f.confirms]
    measures = {name for finding in agreed for name in finding.concerns}
    pointers = {
        pointer
        for figures in found.printed.values()
        for name, figure in figures.items()
        if name in measures
        for pointer in figure.stands_on
    }
    serving = next((f for f in agreed if f.name == "serving_agrees"), None)
    sizes = {"serving"} if serving and len(serving.concerns) > 1 else set()
    if any(f.ok and f.name == "servings_make_container" for f in findings):
        sizes = set(SIZES)
    return frozenset(pointers | sizes)

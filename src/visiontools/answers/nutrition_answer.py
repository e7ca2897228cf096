"""The part of a diet answer that one product fills, built from its label."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from visiontools.answers.label import PrintedRow, Quantity
from visiontools.answers.nutri_score import SOURCE, Category, Grade, NutriScore, nutri_score
from visiontools.answers.nutrition import MEASURES, Facts, Figures, Phase
from visiontools.answers.nutrition_grade import declared, may_be_water
from visiontools.answers.nutrition_label import Label
from visiontools.types import Provenance

DECIMALS = 3
WATER = "whether it is plain water"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Amounts(_Part):
    """Nutrients on one basis; null where the label does not allow to say."""

    energy_kcal: float | None = None
    energy_kj: float | None = None
    fat_g: float | None = None
    saturated_fat_g: float | None = None
    carbohydrate_g: float | None = None
    sugars_g: float | None = None
    fibre_g: float | None = None
    protein_g: float | None = None
    salt_g: float | None = None


class AsPrinted(PrintedRow):
    """A figure as it stands on the label."""

    confirmed: Annotated[bool, Provenance.COMPUTED] = Field(
        default=True, description="false if it was read only once and nothing else bears it out"
    )


class GradeRange(_Part):
    """Nutri-Score from what is declared: the same best and worst where nothing is missing."""

    best: Grade
    worst: Grade
    score_low: int
    score_high: int
    category: Category
    points: dict[str, tuple[int, int]] = Field(description="points at least and at most")
    missing: list[str] = Field(description="what would narrow the range")
    source: str = Field(default=SOURCE, description="whose rules these are")


class Doubt(_Part):
    """A figure per 100 that cannot be relied on."""

    measure: str
    why: str


class Product(_Part):
    """One product: what is printed, and the same brought to 100 ml or g."""

    name: Annotated[str | None, Provenance.READ]
    serving: Annotated[Quantity | None, Provenance.READ]
    container: Annotated[Quantity | None, Provenance.READ]
    servings_per_container: Annotated[float | None, Provenance.READ] = None
    as_printed: Annotated[list[AsPrinted], Provenance.READ]
    per_100: Amounts
    per_100_unit: Phase | None
    per_serving: Amounts
    per_container: Amounts
    computed: list[str] = Field(description="figures of per_100 that are not printed as such")
    less_than: list[str] = Field(
        default_factory=list, description="figures of per_100 that are only given as 'less than'"
    )
    doubts: list[Doubt]
    nutri_score: GradeRange | None


def product_of(label: Label, grade: GradeRange | None) -> Product:
    """The product's part of the answer."""
    seen, facts = label.seen, label.facts
    rows = [
        AsPrinted(**row.model_dump(), confirmed=f"rows/{n}" not in label.unconfirmed)
        for n, row in enumerate(seen.rows)
    ]
    shown = [name for name in MEASURES if name in facts.per_100]
    return Product(
        name=seen.name,
        serving=seen.serving,
        container=seen.container,
        servings_per_container=seen.servings_per_container,
        as_printed=rows,
        per_100=amounts(facts.per_100),
        per_100_unit=facts.unit,
        per_serving=amounts(facts.per_serving),
        per_container=amounts(facts.per_container),
        computed=[name for name in shown if not facts.per_100[name].read],
        less_than=[name for name in shown if facts.per_100[name].less_than],
        doubts=list(_doubts(label, shown)),
        nutri_score=grade,
    )


def amounts(figures: Figures) -> Amounts:
    """The figures that are reported, to the third decimal."""
    known = {n: round(figures[n].amount, DECIMALS) for n in MEASURES if n in figures}
    return Amounts(**known)


def _doubts(label: Label, shown: list[str]) -> Iterator[Doubt]:
    for name in shown:
        why = label.doubt(name, label.facts.per_100[name])
        if why:
            yield Doubt(measure=name, why=why)


def read_pointers(label: Label) -> Mapping[str, Provenance]:
    """Which amounts are printed as they stand, as pointers into the answer."""
    bases = {
        "per_100": label.facts.per_100,
        "per_serving": label.facts.per_serving,
        "per_container": label.facts.per_container,
    }
    return {
        f"/products/{label.index}/{basis}/{name}": Provenance.READ
        for basis, figures in bases.items()
        for name in MEASURES
        if name in figures and figures[name].read
    }


def grade_of(
    facts: Facts,
    category: Category | None,
    *,
    fruit_percent: float | None,
    sweeteners: bool | None,
) -> GradeRange | None:
    """The Nutri-Score of a label; None where there is no figure per 100 or no category.

    Without a category, what is declared per 100 ml is taken for a drink, perhaps plain water.
    """
    chosen = category or ("drink" if facts.unit == "ml" else None)
    if chosen is None or not facts.per_100:
        return None
    inputs = declared(facts, fruit_percent=fruit_percent, sweeteners=sweeteners)
    found = nutri_score(inputs, chosen)
    return _range(found, chosen, maybe_water=category is None and may_be_water(facts))


def _range(found: NutriScore, category: Category, *, maybe_water: bool) -> GradeRange:
    return GradeRange(
        best="A" if maybe_water else found.best,
        worst=found.worst,
        score_low=found.score.low,
        score_high=found.score.high,
        category=category,
        points={name: (p.low, p.high) for name, p in found.points.items()},
        missing=[*found.missing, *([WATER] if maybe_water else [])],
    )

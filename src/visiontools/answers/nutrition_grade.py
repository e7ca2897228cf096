"""From a label to the inputs of Nutri-Score: what is declared, and what the rest can be at most."""

from __future__ import annotations

from math import inf

from visiontools.answers.nutri_score import ANY_SHARE, Declared, Span, exactly
from visiontools.answers.nutrition import Facts, Figures
from visiontools.answers.nutrition_checks import (
    ENERGY_SLACK,
    ENERGY_SLACK_KCAL,
    KCAL_PER_G,
    MACROS,
)


def declared(
    facts: Facts, *, fruit_percent: float | None = None, sweeteners: bool | None = None
) -> Declared:
    """The inputs per 100 ml or g. A part that is not declared lies within its whole (sugars
    within carbohydrate), and fibre within the energy that the macronutrients leave."""
    found = facts.per_100
    energy = _span(found, "energy_kcal", inf)
    return Declared(
        energy_kj=_span(found, "energy_kj", inf),
        sugars_g=_span(found, "sugars_g", _most(found, "carbohydrate_g")),
        saturated_fat_g=_span(found, "saturated_fat_g", _most(found, "fat_g")),
        salt_g=_span(found, "salt_g", inf),
        protein_g=_span(found, "protein_g", energy.high / KCAL_PER_G["protein_g"]),
        fibre_g=_span(found, "fibre_g", fibre_at_most(facts)),
        fruit_percent=ANY_SHARE if fruit_percent is None else exactly(fruit_percent),
        sweeteners=sweeteners,
    )


def fibre_at_most(facts: Facts) -> float:
    """The most fibre, in g per 100, that the rest of the label leaves room for; may be infinite.

    Fibre gives 2 kcal per g; on a US label it is part of the carbohydrate beside the sugars.
    """
    found = facts.per_100
    if not found.keys() >= MACROS | {"energy_kcal"}:
        return inf
    if facts.us_style:
        sugars = found["sugars_g"].low if "sugars_g" in found else 0.0
        return max(0.0, found["carbohydrate_g"].high - sugars)
    energy = found["energy_kcal"].high * (1 + ENERGY_SLACK) + ENERGY_SLACK_KCAL
    rest = energy - sum(KCAL_PER_G[name] * found[name].low for name in MACROS)
    return max(0.0, rest / KCAL_PER_G["fibre_g"])


def may_be_water(facts: Facts) -> bool:
    """Whether nothing on the label speaks against plain water: no energy and no sugars."""
    found = facts.per_100
    return all(name in found and found[name].low == 0 for name in ("energy_kcal", "sugars_g"))


def _most(figures: Figures, whole: str) -> float:
    return figures[whole].high if whole in figures else inf


def _span(figures: Figures, name: str, at_most: float) -> Span:
    """A figure printed per 100 counts as declared; one scaled from a rounded one is a span."""
    if name not in figures:
        return Span(0.0, at_most)
    figure = figures[name]
    return exactly(figure.amount) if figure.read else Span(figure.low, figure.high)

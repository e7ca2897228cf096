"""What must hold between the figures of one label, so that a misread one does not pass as a fact.

Energy is held against the macronutrients by the factors of Regulation (EU) No 1169/2011, Annex
XIV (kcal per g: carbohydrate 4, polyols 2.4, protein 4, fat 9, alcohol 7, fibre 2). US labels
count fibre within carbohydrate and may use the specific factors of 21 CFR 101.9(c)(1)(i), down to
3.68 for glucose, so that theirs is a wider span.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from visiontools.answers.label import Basis, SeenProduct
from visiontools.answers.nutrition import (
    KJ_PER_KCAL,
    ML_PER_FL_OZ,
    ML_PER_FL_OZ_ON_LABELS,
    SALT_PER_SODIUM,
    Facts,
    Figure,
    Figures,
    Size,
    measure_of,
)

KCAL_PER_G = {"fat_g": 9.0, "carbohydrate_g": 4.0, "protein_g": 4.0, "fibre_g": 2.0}
KCAL_PER_G_ALCOHOL = 7.0
POLYOLS_LESS_THAN_CARBOHYDRATE = 4.0 - 2.4
US_CARBOHYDRATE_AT_LEAST = 3.68
ENERGY_SLACK = 0.05
ENERGY_SLACK_KCAL = 1.0
KJ_PER_KCAL_AT_LEAST = 37 / 9  # pure fat by Annex XIV
KJ_PER_KCAL_WITH_FIBRE = 8 / 2
KJ_PER_KCAL_AT_MOST = 17 / 4  # carbohydrate and protein
MOST_KCAL_PER_100 = 905.0  # pure fat, and a rounding
MOST_G_PER_100 = {"g": 101.5, "ml": 150.0}  # the densest syrups weigh 1.4 to 1.5 g per ml
SCALING_SLACK = 0.02
MACROS = frozenset({"fat_g", "carbohydrate_g", "protein_g"})


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check on one product.

    ``concerns`` are the measures that are doubtful when it fails, and, where ``confirms``, that
    two independent prints agree on when it holds.
    """

    name: str
    ok: bool
    detail: str
    concerns: frozenset[str]
    confirms: bool = False


def check_product(product: SeenProduct, facts: Facts) -> list[Finding]:
    """Every check the label has the figures for."""
    found: list[Finding] = []
    for check in _PER_BASIS:
        for basis, figures in facts.printed.items():
            found += check(basis, figures, facts)
    return [
        *_units_fit(product),
        *_rows_agree(product),
        *_merged(found),
        *_serving_agrees(facts),
        *_servings_make_container(product, facts),
        *_mass(facts),
    ]


def _merged(found: Iterable[Finding]) -> Iterator[Finding]:
    """One finding for each check: what failed, or the first that held."""
    by_name: dict[str, list[Finding]] = {}
    for finding in found:
        by_name.setdefault(finding.name, []).append(finding)
    for same in by_name.values():
        told = [f for f in same if not f.ok] or same[:1]
        yield Finding(
            same[0].name,
            all(f.ok for f in same),
            "; ".join(f.detail for f in told),
            frozenset().union(*(f.concerns for f in told)),
            all(f.confirms for f in same),
        )


def _units_fit(product: SeenProduct) -> Iterator[Finding]:
    odd = [row for row in product.rows if measure_of(row) is None]
    if odd:
        names = ", ".join(f"{row.nutrient} in {row.unit}" for row in odd)
        concerns = frozenset(
            m
            for row in odd
            for m in (
                ("energy_kcal", "energy_kj") if row.nutrient == "energy" else (f"{row.nutrient}_g",)
            )
        )
        yield Finding("units_fit", False, f"{names} makes no sense", concerns)


def _rows_agree(product: SeenProduct) -> Iterator[Finding]:
    """The same nutrient on the same basis twice must be the same amount."""
    first: dict[tuple[str, str], tuple[float, str]] = {}
    for row in product.rows:
        measure = measure_of(row)
        if measure is None:
            continue
        amount, unit = first.setdefault((measure, row.basis), (row.amount, row.unit))
        if (amount, unit) != (row.amount, row.unit):
            detail = f"{row.nutrient} stands twice: {amount:g} {unit} and {row.amount:g} {row.unit}"
            yield Finding("rows_agree", False, detail, frozenset({measure}))


def _energy_adds_up(basis: Basis, figures: Figures, facts: Facts) -> Iterator[Finding]:
    energy = figures.get("energy_kcal") or _kcal(figures.get("energy_kj"))
    if energy is None or not MACROS & figures.keys():
        return
    low, high = _energy_span(figures, us_style=facts.us_style)
    slack = ENERGY_SLACK * energy.high + ENERGY_SLACK_KCAL
    complete = figures.keys() >= MACROS
    ok = low <= energy.high + slack and (not complete or high >= energy.low - slack)
    told = f"{_bare(energy.amount)} kcal {_per(basis)} printed, "
    told += f"{_bare(_sum(figures))} from the nutrients" + ("" if complete else " that are given")
    concerns = (MACROS & figures.keys()) | {"energy_kcal", "energy_kj"}
    yield Finding("energy_adds_up", ok, told, frozenset(concerns))


def _kcal(kj: Figure | None) -> Figure | None:
    return kj and kj.times(1 / KJ_PER_KCAL)


def _sum(figures: Figures) -> float:
    return sum(k * figures[name].amount for name, k in KCAL_PER_G.items() if name in figures)


def _energy_span(figures: Figures, *, us_style: bool) -> tuple[float, float]:
    """The least and the most energy in kcal that the nutrients as printed can stand for."""
    low = sum(k * figures[name].low for name, k in KCAL_PER_G.items() if name in figures)
    high = sum(k * figures[name].high for name, k in KCAL_PER_G.items() if name in figures)
    if "polyols_g" in figures:  # erythritol has no energy at all
        low -= 4.0 * figures["polyols_g"].high
        high -= POLYOLS_LESS_THAN_CARBOHYDRATE * figures["polyols_g"].low
    if "alcohol_g" in figures:
        low += KCAL_PER_G_ALCOHOL * figures["alcohol_g"].low
        high += KCAL_PER_G_ALCOHOL * figures["alcohol_g"].high
    if us_style:
        carbohydrate, fibre = figures.get("carbohydrate_g"), figures.get("fibre_g")
        low -= (4.0 - US_CARBOHYDRATE_AT_LEAST) * (carbohydrate.low if carbohydrate else 0.0)
        low -= (4.0 + 2.0) * (fibre.high if fibre else 0.0)
    return low, high


def _kj_is_kcal(basis: Basis, figures: Figures, facts: Facts) -> Iterator[Finding]:
    if "energy_kcal" not in figures or "energy_kj" not in figures:
        return
    kcal, kj = figures["energy_kcal"], figures["energy_kj"]
    special = any(figures[n].amount > 0 for n in ("fibre_g", "polyols_g") if n in figures)
    least = KJ_PER_KCAL_WITH_FIBRE if special else KJ_PER_KCAL_AT_LEAST
    ok = kcal.low * least <= kj.high and kj.low <= kcal.high * KJ_PER_KCAL_AT_MOST
    told = f"{kcal.amount:g} kcal {_per(basis)} are about {kcal.amount * KJ_PER_KCAL:.0f} kJ, "
    told += f"{kj.amount:g} kJ printed"
    yield Finding("kj_is_kcal", ok, told, frozenset({"energy_kcal", "energy_kj"}), confirms=True)


def _part(name: str, part: str, whole: str) -> _BasisCheck:
    def check(basis: Basis, figures: Figures, facts: Facts) -> Iterator[Finding]:
        if part in figures and whole in figures:
            a, b = figures[part], figures[whole]
            told = f"{_word(part)} {a.amount:g} g within {_word(whole)} {b.amount:g} g"
            told += f" {_per(basis)}"
            yield Finding(name, a.low <= b.high, told, frozenset({part, whole}))

    return check


def _salt_is_sodium(basis: Basis, figures: Figures, facts: Facts) -> Iterator[Finding]:
    if "salt_g" in figures and "sodium_g" in figures:
        salt, sodium = figures["salt_g"], figures["sodium_g"]
        low, high = sodium.low * SALT_PER_SODIUM, sodium.high * SALT_PER_SODIUM
        slack = SCALING_SLACK * salt.amount
        ok = low - slack <= salt.high and salt.low <= high + slack
        told = f"{sodium.amount:g} g sodium {_per(basis)} are "
        told += f"{sodium.amount * SALT_PER_SODIUM:.3g} g salt, {salt.amount:g} g printed"
        yield Finding("salt_is_sodium", ok, told, frozenset({"salt_g", "sodium_g"}), confirms=True)


def _serving_agrees(facts: Facts) -> Iterator[Finding]:
    """What is printed per serving (or per pack) against what is printed per 100."""
    per_100 = facts.printed.get("per_100ml" if facts.unit == "ml" else "per_100g", {})
    sized: list[tuple[Basis, Size | None]] = [
        ("per_serving", facts.serving),
        ("per_container", facts.container),
    ]
    bad: dict[str, str] = {}
    good: set[str] = set()
    for basis, size in sized:
        if size is None or size.phase != facts.unit:
            continue
        for name, figure in facts.printed.get(basis, {}).items():
            if name in per_100:
                told = _disagreement(name, basis, figure, per_100[name], size)
                good.add(name)
                if told:
                    bad[name] = told
    if bad:
        yield Finding("serving_agrees", False, "; ".join(bad.values()), frozenset(bad))
    if good - bad.keys():
        told = f"per 100 {facts.unit} and per serving agree"
        yield Finding("serving_agrees", True, told, frozenset(good - bad.keys()), confirms=True)


def _disagreement(name: str, basis: Basis, figure: Figure, per_100: Figure, size: Size) -> str:
    # A US serving of 12 fl oz is 355 ml, or 360 ml where the label rounds the ounce to 30 ml.
    slack = max(SCALING_SLACK, ML_PER_FL_OZ_ON_LABELS / ML_PER_FL_OZ - 1) * figure.amount
    scaled = per_100.times(size.amount / 100)
    if scaled.low - slack <= figure.high and figure.low <= scaled.high + slack:
        return ""
    return (
        f"{_word(name)}: {figure.amount:g} {_per(basis)} printed, {_bare(scaled.amount)} expected "
        f"from {per_100.amount:g} per 100 {size.phase}"
    )


def _servings_make_container(product: SeenProduct, facts: Facts) -> Iterator[Finding]:
    count, serving, container = product.servings_per_container, facts.serving, facts.container
    if not (count and product.serving and product.container and serving and container):
        return
    if serving.phase != container.phase:
        return
    total = count * serving.amount
    # "About 2.5 servings" is printed to the nearest half (21 CFR 101.9(b)(8)).
    ok = abs(total - container.amount) <= 0.5 * serving.amount + 0.02 * container.amount
    told = f"{count:g} servings of {_bare(serving.amount)} {serving.phase} are {_bare(total)}, "
    told += f"the pack holds {_bare(container.amount)} {container.phase}"
    concerns = (
        frozenset() if facts.printed.get("per_100ml") or facts.printed.get("per_100g") else _ALL
    )
    yield Finding("servings_make_container", ok, told, concerns)


def _mass(facts: Facts) -> Iterator[Finding]:
    """No more nutrients in 100 g than 100 g, and no more energy than in pure fat."""
    if facts.unit is None or not facts.per_100:
        return
    parts = ("fat_g", "carbohydrate_g", "protein_g", "salt_g")
    total = sum(facts.per_100[name].low for name in parts if name in facts.per_100)
    energy = facts.per_100.get("energy_kcal")
    heavy = total > MOST_G_PER_100[facts.unit]
    rich = energy is not None and energy.low > MOST_KCAL_PER_100
    told = f"{_bare(total)} g of nutrients"
    told += f" and {_bare(energy.amount)} kcal" if energy else ""
    concerns = frozenset(parts if heavy else ()) | (
        {"energy_kcal", "energy_kj"} if rich else frozenset()
    )
    yield Finding("mass_fits", not (heavy or rich), f"{told} in 100 {facts.unit}", concerns)


def _per(basis: Basis) -> str:
    return {
        "per_serving": "per serving",
        "per_container": "per pack",
        "per_100ml": "per 100 ml",
        "per_100g": "per 100 g",
    }[basis]


def _word(measure: str) -> str:
    return (
        measure.removesuffix("_g")
        .replace("_kcal", " (kcal)")
        .replace("_kj", " (kJ)")
        .replace("_", " ")
    )


def _bare(value: float) -> str:
    return f"{value:.3g}" if abs(value) < 100 or abs(value) > 1e6 else f"{value:.0f}"


_ALL = frozenset(
    {"energy_kcal", "energy_kj", "fat_g", "saturated_fat_g", "carbohydrate_g", "sugars_g"}
    | {"fibre_g", "protein_g", "salt_g"}
)
_BasisCheck = Callable[[Basis, Figures, Facts], Iterator[Finding]]
_PER_BASIS: tuple[_BasisCheck, ...] = (
    _energy_adds_up,
    _kj_is_kcal,
    _part("sugars_within_carbohydrate", "sugars_g", "carbohydrate_g"),
    _part("added_sugars_within_sugars", "added_sugars_g", "sugars_g"),
    _part("saturated_within_fat", "saturated_fat_g", "fat_g"),
    _salt_is_sodium,
)

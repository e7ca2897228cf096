"""Nutri-Score by the algorithm adopted in 2022 (foods) and 2023 (beverages).

Source: Scientific Committee of the Nutri-Score, "Update of the Nutri-Score algorithm" (2022) and
"Update of the Nutri-Score algorithm for beverages, second report" (2023), as published by Santé
publique France in the Nutri-Score user regulation (nutrients per 100 g, or per 100 ml for
beverages). The figures were compared with the published code of Open Food Facts and with the
examples of the committee: a drink with up to 2 g sugars can be B, one with sweeteners C at best,
water alone is A.

Points are given for what a label declares. An input that is not declared is a span, and the
result is then a range of grades which names what is missing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from math import inf
from typing import Literal, NamedTuple, get_args

Grade = Literal["A", "B", "C", "D", "E"]
Category = Literal["drink", "water", "food", "cheese", "red_meat"]
SOURCE = "Nutri-Score rules of 2023 (Santé publique France)"
GRADES: tuple[Grade, ...] = get_args(Grade)


class Span(NamedTuple):
    """What an input may be, from ``low`` to ``high``; both the same when it is declared."""

    low: float
    high: float


UNKNOWN = Span(0.0, inf)
ANY_SHARE = Span(0.0, 100.0)


def exactly(value: float) -> Span:
    return Span(value, value)


_SALT = tuple(n / 5 for n in range(1, 21))  # 0.2, 0.4 ... 4.0 g
_SATURATED = tuple(float(n) for n in range(1, 11))  # 1 ... 10 g
_FIBRE = (3.0, 4.1, 5.2, 6.3, 7.4)
_FRUIT = (40.0, 60.0, 80.0)
SWEETENER_POINTS = 4
PROTEIN_IS_CUT_AT = 11
RED_MEAT_PROTEIN_POINTS = 2
FAVOURABLE = frozenset({"protein", "fibre", "fruit share"})


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds: a point for each that is exceeded. ``grades`` are the highest scores of A to D.

    Energy in kJ, the rest in g, fruit (with vegetables and legumes) in % of the weight.
    """

    energy_kj: tuple[float, ...]
    sugars_g: tuple[float, ...]
    protein_g: tuple[float, ...]
    fruit_points: tuple[int, ...]
    grades: tuple[float, ...]


DRINKS = Rules(
    energy_kj=(30, 90, 150, 210, 240, 270, 300, 330, 360, 390),
    sugars_g=(0.5, 2, 3.5, 5, 6, 7, 8, 9, 10, 11),
    protein_g=(1.2, 1.5, 1.8, 2.1, 2.4, 2.7, 3.0),
    fruit_points=(0, 2, 4, 6),
    grades=(-inf, 2, 6, 9),
)
FOODS = Rules(
    energy_kj=(335, 670, 1005, 1340, 1675, 2010, 2345, 2680, 3015, 3350),
    sugars_g=(3.4, 6.8, 10, 14, 17, 20, 24, 27, 31, 34, 37, 41, 44, 48, 51),
    protein_g=(2.4, 4.8, 7.2, 9.6, 12, 14, 17),
    fruit_points=(0, 1, 2, 5),
    grades=(0, 2, 10, 18),
)


@dataclass(frozen=True, slots=True)
class Declared:
    """A product's inputs per 100 g or 100 ml. ``sweeteners`` (non-nutritive) None is unknown."""

    energy_kj: Span = UNKNOWN
    sugars_g: Span = UNKNOWN
    saturated_fat_g: Span = UNKNOWN
    salt_g: Span = UNKNOWN
    protein_g: Span = UNKNOWN
    fibre_g: Span = UNKNOWN
    fruit_percent: Span = ANY_SHARE
    sweeteners: bool | None = None


class PointSpan(NamedTuple):
    """Points at least and at most."""

    low: int
    high: int


@dataclass(frozen=True, slots=True)
class NutriScore:
    """Best and worst grade possible, the score's span, the points, and what would narrow it."""

    best: Grade
    worst: Grade
    score: PointSpan
    points: dict[str, PointSpan]
    missing: tuple[str, ...]


def points(value: float, thresholds: tuple[float, ...]) -> int:
    """How many thresholds a value exceeds; equal is not more."""
    return bisect_left(thresholds, round(value, 6))


def span_points(span: Span, thresholds: tuple[float, ...]) -> PointSpan:
    return PointSpan(points(span.low, thresholds), points(span.high, thresholds))


def nutri_score(declared: Declared, category: Category) -> NutriScore:
    """The grade, or the grades still possible, of a product in its category.

    Not for fats, oils, nuts and seeds, which have rules of their own.
    """
    rules = DRINKS if category in ("drink", "water") else FOODS
    found = _points_of(declared, rules, category)
    score = _extremes(found, category)
    grades = _grades(score, rules, category)
    return NutriScore(*grades, score, found, _missing(found, rules, category))


def _missing(found: dict[str, PointSpan], rules: Rules, category: Category) -> tuple[str, ...]:
    """The open inputs that can change the grade, whatever else is open.

    Every corner of what is open is graded once. They are numbered so that bit n says whether the
    n-th open input is at its high end.
    """
    if category == "water":
        return ()
    open_ = [name for name, span in found.items() if span.low != span.high]
    corners = [_Sums.of({name: span.low for name, span in found.items()})]
    for name in open_:
        negative, positive, protein = _share(name, found[name].high - found[name].low)
        corners += [_Sums(n + negative, p + positive, q + protein) for n, p, q in corners]
    grades = [bisect_left(rules.grades, score) for score in _scores(corners, category)]
    return tuple(name for place, name in enumerate(open_) if _matters(grades, 1 << place))


def _matters(grades: list[int], step: int) -> bool:
    """Whether corners that are so many places apart, and differ in one input, ever differ."""
    return any(
        grades[at : at + step] != grades[at + step : at + 2 * step]
        for at in range(0, len(grades), 2 * step)
    )


def _share(name: str, points: int) -> tuple[int, int, int]:
    """What so many points more for one input add to each of the sums."""
    if name not in FAVOURABLE:
        return points, 0, 0
    return 0, points, points if name == "protein" else 0


def _points_of(declared: Declared, rules: Rules, category: Category) -> dict[str, PointSpan]:
    protein = span_points(declared.protein_g, rules.protein_g)
    if category == "red_meat":
        protein = PointSpan(*(min(p, RED_MEAT_PROTEIN_POINTS) for p in protein))
    fruit = span_points(declared.fruit_percent, _FRUIT)
    return {
        "energy": span_points(declared.energy_kj, rules.energy_kj),
        "sugars": span_points(declared.sugars_g, rules.sugars_g),
        "saturated fat": span_points(declared.saturated_fat_g, _SATURATED),
        "salt": span_points(declared.salt_g, _SALT),
        "sweeteners": _sweetener_points(declared.sweeteners, rules),
        "protein": protein,
        "fibre": span_points(declared.fibre_g, _FIBRE),
        "fruit share": PointSpan(*(rules.fruit_points[p] for p in fruit)),
    }


def _sweetener_points(sweeteners: bool | None, rules: Rules) -> PointSpan:
    """Sweeteners count against drinks only."""
    if rules is not DRINKS:
        return PointSpan(0, 0)
    at_most = 0 if sweeteners is False else SWEETENER_POINTS
    return PointSpan(SWEETENER_POINTS if sweeteners else 0, at_most)


def _extremes(found: dict[str, PointSpan], category: Category) -> PointSpan:
    """The lowest and the highest score possible.

    More bad points never lower the score and more good points never raise it, so that the two
    extreme corners bound every case between, also where protein stops counting.
    """
    best = {n: p.high if n in FAVOURABLE else p.low for n, p in found.items()}
    worst = {n: p.low if n in FAVOURABLE else p.high for n, p in found.items()}
    return PointSpan(*_scores([_Sums.of(best), _Sums.of(worst)], category))


class _Sums(NamedTuple):
    """Bad points, good points, and those of the good that are for protein."""

    negative: int
    positive: int
    protein: int

    @classmethod
    def of(cls, points: dict[str, int]) -> _Sums:
        positive = sum(p for name, p in points.items() if name in FAVOURABLE)
        return cls(sum(points.values()) - positive, positive, points["protein"])


def _scores(sums: Iterable[_Sums], category: Category) -> list[int]:
    """Foods rich in energy, sugars, fat or salt get no credit for protein; cheese and drinks do."""
    cut_at = PROTEIN_IS_CUT_AT if category in ("food", "red_meat") else inf
    return [n - p + (protein if n >= cut_at else 0) for n, p, protein in sums]


def _grades(score: PointSpan, rules: Rules, category: Category) -> tuple[Grade, Grade]:
    """The best and the worst grade between two scores; water is A whatever it scores."""
    if category == "water":
        return "A", "A"
    return GRADES[bisect_left(rules.grades, score.low)], GRADES[
        bisect_left(rules.grades, score.high)
    ]

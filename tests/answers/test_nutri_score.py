"""Nutri-Score: each threshold, the grades' edges, and ranges for what is not declared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.nutri_score import (
    Category,
    Declared,
    Span,
    exactly,
    nutri_score,
    points,
)

# The published tables, written out a second time so that a slip in one of them shows.
DRINK_ENERGY = "30 90 150 210 240 270 300 330 360 390"
DRINK_SUGARS = "0.5 2 3.5 5 6 7 8 9 10 11"
DRINK_PROTEIN = "1.2 1.5 1.8 2.1 2.4 2.7 3"
FOOD_ENERGY = "335 670 1005 1340 1675 2010 2345 2680 3015 3350"
FOOD_SUGARS = "3.4 6.8 10 14 17 20 24 27 31 34 37 41 44 48 51"
FOOD_PROTEIN = "2.4 4.8 7.2 9.6 12 14 17"
SATURATED = "1 2 3 4 5 6 7 8 9 10"
SALT = "0.2 0.4 0.6 0.8 1 1.2 1.4 1.6 1.8 2 2.2 2.4 2.6 2.8 3 3.2 3.4 3.6 3.8 4"
FIBRE = "3 4.1 5.2 6.3 7.4"

TABLES = [
    ("drink", "energy_kj", "energy", DRINK_ENERGY),
    ("drink", "sugars_g", "sugars", DRINK_SUGARS),
    ("drink", "protein_g", "protein", DRINK_PROTEIN),
    ("drink", "saturated_fat_g", "saturated fat", SATURATED),
    ("drink", "salt_g", "salt", SALT),
    ("drink", "fibre_g", "fibre", FIBRE),
    ("food", "energy_kj", "energy", FOOD_ENERGY),
    ("food", "sugars_g", "sugars", FOOD_SUGARS),
    ("food", "protein_g", "protein", FOOD_PROTEIN),
    ("food", "saturated_fat_g", "saturated fat", SATURATED),
    ("food", "salt_g", "salt", SALT),
    ("food", "fibre_g", "fibre", FIBRE),
]
BOUNDARIES = [
    (category, field, name, count, float(limit))
    for category, field, name, table in TABLES
    for count, limit in enumerate(table.split())
]
INPUTS = (
    "energy_kj",
    "sugars_g",
    "saturated_fat_g",
    "salt_g",
    "protein_g",
    "fibre_g",
    "fruit_percent",
)


def declared(sweeteners: bool | None = False, **values: float) -> Declared:
    return Declared(sweeteners=sweeteners, **{n: exactly(values.get(n, 0.0)) for n in INPUTS})


@pytest.mark.parametrize(("category", "field", "name", "count", "limit"), BOUNDARIES)
def test_a_point_is_given_above_a_threshold_and_not_at_it(
    category: Category, field: str, name: str, count: int, limit: float
) -> None:
    at = nutri_score(declared(**{field: limit}), category)
    above = nutri_score(declared(**{field: limit + 0.01}), category)
    assert at.points[name] == (count, count)
    assert above.points[name] == (count + 1, count + 1)


@pytest.mark.parametrize(
    ("category", "percent", "expected"),
    [
        *[("drink", 40, 0), ("drink", 41, 2), ("drink", 60, 2), ("drink", 61, 4)],
        *[("drink", 80, 4), ("drink", 81, 6), ("food", 40, 0), ("food", 41, 1)],
        *[("food", 60, 1), ("food", 61, 2), ("food", 80, 2), ("food", 81, 5)],
    ],
)
def test_fruit_gives_points_by_category(category: Category, percent: int, expected: int) -> None:
    found = nutri_score(declared(fruit_percent=percent), category)
    assert found.points["fruit share"] == (expected, expected)


@pytest.mark.parametrize(
    ("category", "edges"),
    [("drink", "B2 C3 C6 D7 D9 E10"), ("food", "A0 B1 B2 C3 C10 D11 D18 E19")],
)
def test_grades_change_at_their_edges(category: Category, edges: str) -> None:
    # With nothing else, salt gives any score from 0 to 20.
    for grade, score in ((edge[0], int(edge[1:])) for edge in edges.split()):
        found = nutri_score(declared(salt_g=score * 0.2 + 0.1 if score else 0.0), category)
        assert found.score == (score, score)
        assert (found.best, found.worst) == (grade, grade)


def test_a_cola_is_e_and_water_alone_is_a() -> None:
    cola = declared(energy_kj=180, sugars_g=10.6)
    assert nutri_score(cola, "drink").best == "E"
    assert nutri_score(declared(), "drink").best == "B"
    assert nutri_score(declared(), "water").best == "A"


def test_a_sweetened_drink_without_energy_is_c_at_best() -> None:
    found = nutri_score(declared(energy_kj=1, sweeteners=True), "drink")
    assert (found.best, found.score) == ("C", (4, 4))


def test_skimmed_milk_is_b() -> None:
    milk = declared(energy_kj=146, sugars_g=4.8, salt_g=0.11, protein_g=3.4)
    assert nutri_score(milk, "drink").best == "B"


def test_protein_stops_counting_in_rich_foods_but_not_in_cheese_or_drinks() -> None:
    rich = declared(energy_kj=1600, saturated_fat_g=9.5, protein_g=25)
    assert nutri_score(rich, "food").score == (13, 13)
    assert nutri_score(rich, "cheese").score == (6, 6)
    lean = declared(energy_kj=700, protein_g=25)
    assert nutri_score(lean, "food").score == (-5, -5)
    assert nutri_score(lean, "red_meat").score == (0, 0)


def test_what_is_not_declared_makes_a_range_and_is_named() -> None:
    unsure = Declared(**{n: exactly(0.0) for n in INPUTS if n != "fruit_percent"})
    found = nutri_score(unsure, "drink")
    assert (found.best, found.worst) == ("B", "C")
    assert found.missing == ("sweeteners", "fruit share")


def test_what_cannot_change_the_grade_is_not_asked_for() -> None:
    sweet = Declared(
        energy_kj=exactly(400),
        sugars_g=exactly(20),
        protein_g=exactly(0),
        fibre_g=exactly(0),
        saturated_fat_g=exactly(0),
        salt_g=exactly(0),
    )
    found = nutri_score(sweet, "drink")
    assert (found.best, found.worst, found.missing) == ("E", "E", ())


amounts = st.floats(0, 500, allow_nan=False)
spans = st.tuples(amounts, amounts).map(lambda pair: Span(min(pair), max(pair)))
categories = st.sampled_from(["drink", "food", "cheese", "red_meat"])


@given(st.lists(spans, min_size=7, max_size=7), st.lists(st.floats(0, 1), min_size=7, max_size=7))
def test_every_exact_case_lies_within_the_range(ranges: list[Span], at: list[float]) -> None:
    inside = [s.low + (s.high - s.low) * share for s, share in zip(ranges, at, strict=True)]
    for category in ("drink", "food", "cheese", "red_meat"):
        broad = nutri_score(Declared(**dict(zip(INPUTS, ranges, strict=True))), category)
        exact = {n: exactly(min(s.high, v)) for n, s, v in zip(INPUTS, ranges, inside, strict=True)}
        for sweeteners in (True, False):
            found = nutri_score(Declared(sweeteners=sweeteners, **exact), category)
            assert broad.score.low <= found.score.low <= found.score.high <= broad.score.high
            assert broad.best <= found.best <= found.worst <= broad.worst


@given(amounts, amounts, st.sampled_from(INPUTS), categories)
def test_more_of_a_nutrient_only_moves_the_score_one_way(
    a: float, b: float, name: str, category: Category
) -> None:
    less, more = sorted((a, b))
    low = nutri_score(declared(**{name: less}), category).score.low
    high = nutri_score(declared(**{name: more}), category).score.low
    favourable = name in ("protein_g", "fibre_g", "fruit_percent")
    assert high <= low if favourable else low <= high


def test_a_binary_rounding_error_gives_no_point() -> None:
    assert points(0.1 + 0.2, (0.3,)) == 0

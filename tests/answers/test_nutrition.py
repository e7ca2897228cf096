"""Units, scaling, and a label brought to one basis."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from visiontools.answers.label import PrintedRow, Quantity, SeenProduct
from visiontools.answers.nutrition import (
    MEASURES,
    facts,
    half_step,
    half_step_us_kcal,
    in_base,
)

positive = st.floats(0.001, 5000, allow_nan=False)
RowSpec = tuple[str, float, str, str]


def product(*rows: RowSpec, **more: object) -> SeenProduct:
    printed = [
        PrintedRow.model_validate(
            dict(zip(("nutrient", "amount", "unit", "basis"), r, strict=True))
        )
        for r in rows
    ]
    return SeenProduct.model_validate({"rows": printed, **more})


def size(amount: float, unit: str) -> dict[str, object]:
    return {"amount": amount, "unit": unit}


@pytest.mark.parametrize(
    ("amount", "unit", "expected"),
    [
        (330, "ml", (330, "ml")),
        (33, "cl", (330, "ml")),
        (1.5, "l", (1500, "ml")),
        (12, "fl_oz", (354.882, "ml")),
        (0.25, "kg", (250, "g")),
        (2, "oz", (56.699, "g")),
    ],
)
def test_sizes_become_ml_or_g(amount: float, unit: str, expected: tuple[float, str]) -> None:
    value, phase = in_base(Quantity.model_validate(size(amount, unit)))
    assert (value, phase) == (pytest.approx(expected[0]), expected[1])


@given(positive, st.floats(1, 3000))
def test_a_serving_scaled_to_100_and_back_is_the_serving(energy: float, serving: float) -> None:
    found = facts(product(("energy", energy, "kcal", "per_serving"), serving=size(serving, "ml")))
    per_100 = found.per_100["energy_kcal"]
    assert per_100.amount * serving / 100 == pytest.approx(energy)
    assert per_100.low <= per_100.amount <= per_100.high
    assert not per_100.read


@given(positive, positive, st.floats(1, 3000))
def test_scaling_keeps_the_order(a: float, b: float, serving: float) -> None:
    assume(a < b)
    less, more = (
        facts(product(("sugars", v, "g", "per_serving"), serving=size(serving, "g")))
        for v in (a, b)
    )
    assert less.per_100["sugars_g"].amount <= more.per_100["sugars_g"].amount


def test_printed_per_100_is_preferred_to_the_serving_and_the_serving_to_the_pack() -> None:
    found = facts(
        product(
            ("energy", 42, "kcal", "per_100ml"),
            ("energy", 140, "kcal", "per_serving"),
            ("sugars", 33, "g", "per_serving"),
            ("sugars", 200, "g", "per_container"),
            ("salt", 0.5, "g", "per_container"),
            serving=size(330, "ml"),
            container=size(1, "l"),
        )
    )
    assert found.unit == "ml"
    assert found.per_100["energy_kcal"].read
    assert found.per_100["energy_kcal"].amount == 42
    assert found.per_100["sugars_g"].amount == pytest.approx(10)
    assert found.per_100["salt_g"].amount == pytest.approx(0.05)


def test_kj_and_kcal_printed_stay_as_printed() -> None:
    found = facts(product(("energy", 180, "kJ", "per_100ml"), ("energy", 42, "kcal", "per_100ml")))
    assert found.per_100["energy_kj"].amount == 180
    assert found.per_100["energy_kcal"].amount == 42
    assert found.per_100["energy_kj"].read


def test_missing_kj_kcal_and_salt_are_computed() -> None:
    us = facts(
        product(
            ("energy", 140, "kcal", "per_serving"),
            ("sodium", 45, "mg", "per_serving"),
            serving=size(355, "ml"),
        )
    )
    assert us.per_100["energy_kj"].amount == pytest.approx(140 * 4.184 / 3.55)
    assert us.per_100["salt_g"].amount == pytest.approx(0.045 * 2.5 / 3.55)
    kj_only = facts(product(("energy", 418.4, "kJ", "per_100g")))
    assert kj_only.per_100["energy_kcal"].amount == pytest.approx(100)
    assert not kj_only.per_100["energy_kcal"].read


def test_a_size_follows_from_the_other_and_the_servings_in_a_pack() -> None:
    row = ("energy", 50, "kcal", "per_serving")
    from_pack = facts(product(row, container=size(1, "l"), servings_per_container=4))
    assert from_pack.per_100["energy_kcal"].amount == pytest.approx(20)
    from_serving = facts(product(row, serving=size(250, "ml"), servings_per_container=4))
    assert from_serving.per_container["energy_kcal"].amount == pytest.approx(200)


def test_without_any_size_nothing_is_said_per_100() -> None:
    found = facts(product(("energy", 50, "kcal", "per_serving")))
    assert (found.unit, found.per_100) == (None, {})
    assert found.per_serving["energy_kcal"].amount == 50


def test_ml_and_g_are_never_converted_into_each_other() -> None:
    found = facts(
        product(
            ("energy", 60, "kcal", "per_100g"),
            ("sugars", 30, "g", "per_serving"),
            serving=size(200, "ml"),
        )
    )
    assert found.unit == "g"
    assert "sugars_g" not in found.per_100
    assert "energy_kcal" not in found.per_serving


def test_less_than_leaves_everything_below_open() -> None:
    row = PrintedRow(nutrient="sugars", amount=0.5, unit="g", basis="per_100ml", less_than=True)
    figure = facts(SeenProduct(rows=[row])).per_100["sugars_g"]
    assert (figure.low, figure.high, figure.read) == (0, 0.5, False)


def test_every_figure_names_the_row_and_size_it_stands_on() -> None:
    found = facts(
        product(
            ("fat", 1, "g", "per_serving"),
            ("energy", 80, "kcal", "per_serving"),
            serving=size(200, "ml"),
        )
    )
    assert found.per_100["energy_kj"].stands_on == {"rows/1", "serving"}


@pytest.mark.parametrize(
    ("amount", "half"), [(42, 0.5), (40, 0.5), (10.6, 0.05), (0.01, 0.005), (0, 0.5)]
)
def test_rounding_is_taken_from_the_last_digit(amount: float, half: float) -> None:
    assert half_step(amount) == pytest.approx(half)


def test_us_labels_round_energy_to_5_and_to_10() -> None:
    assert [half_step_us_kcal(v) for v in (0, 45, 140, 143)] == [2.5, 2.5, 5, 0.5]


def test_the_measures_are_those_of_the_answer() -> None:
    from visiontools.answers.nutrition_answer import Amounts

    assert tuple(Amounts.model_fields) == MEASURES

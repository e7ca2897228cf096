"""A label's checks hold on honest labels and fail on misread ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.label import SeenProduct
from visiontools.answers.nutrition import facts
from visiontools.answers.nutrition_checks import Finding, check_product
from visiontools.answers.nutrition_label import label

COLA_EU: dict[str, float] = {
    "energy kJ": 180,
    "energy kcal": 42,
    "fat g": 0,
    "saturated_fat g": 0,
    "carbohydrate g": 10.6,
    "sugars g": 10.6,
    "protein g": 0,
    "salt g": 0,
}
MUESLI: dict[str, float] = {
    "energy kJ": 1560,
    "energy kcal": 370,
    "fat g": 7.2,
    "saturated_fat g": 1.3,
    "carbohydrate g": 59,
    "sugars g": 14,
    "fibre g": 9.1,
    "protein g": 10.5,
    "salt g": 0.13,
}
BUTTER: dict[str, float] = {
    "energy kJ": 3059,
    "energy kcal": 744,
    "fat g": 82,
    "saturated_fat g": 52,
    "carbohydrate g": 0.6,
    "sugars g": 0.6,
    "protein g": 0.7,
    "salt g": 0.02,
}
COLA_US: dict[str, float] = {
    "energy kcal": 140,
    "fat g": 0,
    "sodium mg": 45,
    "carbohydrate g": 39,
    "sugars g": 39,
    "added_sugars g": 39,
    "protein g": 0,
}
BRAN_US: dict[str, float] = {
    "energy kcal": 80, "fat g": 1, "sodium mg": 80, "carbohydrate g": 23, "fibre g": 10,
    "sugars g": 6, "protein g": 4,
}  # fmt: skip


def product(values: dict[str, float], basis: str, **more: object) -> SeenProduct:
    rows = [
        {"nutrient": name.split()[0], "unit": name.split()[1], "amount": value, "basis": basis}
        for name, value in values.items()
    ]
    return SeenProduct.model_validate({"rows": rows, **more})


def failed(seen: SeenProduct) -> set[str]:
    return {f.name for f in check_product(seen, facts(seen)) if not f.ok}


def named(seen: SeenProduct, name: str) -> Finding:
    return next(f for f in check_product(seen, facts(seen)) if f.name == name)


CAN = {"amount": 355, "unit": "ml"}


@pytest.mark.parametrize(
    ("values", "basis", "more"),
    [
        (COLA_EU, "per_100ml", {}),
        (MUESLI, "per_100g", {}),
        (BUTTER, "per_100g", {}),
        (COLA_US, "per_serving", {"serving": CAN}),
        (BRAN_US, "per_serving", {"serving": {"amount": 31, "unit": "g"}}),
    ],
)
def test_honest_labels_pass(values: dict[str, float], basis: str, more: dict[str, object]) -> None:
    assert failed(product(values, basis, **more)) == set()


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"energy kcal": 180}, {"energy_adds_up", "kj_is_kcal"}),
        ({"energy kJ": 42}, {"kj_is_kcal"}),
        ({"energy kcal": 72}, {"energy_adds_up", "kj_is_kcal"}),
        ({"carbohydrate g": 16.6}, {"energy_adds_up"}),
        ({"sugars g": 70.6}, {"sugars_within_carbohydrate"}),
        ({"saturated_fat g": 8}, {"saturated_within_fat"}),
        ({"protein g": 9}, {"energy_adds_up"}),
        ({"salt g": 160}, {"mass_fits"}),
    ],
)
def test_a_misread_figure_fails_in_public(changed: dict[str, float], expected: set[str]) -> None:
    assert failed(product(COLA_EU | changed, "per_100ml")) == expected


@pytest.mark.parametrize(
    "changed", [{"energy kcal": 40}, {"energy kcal": 240}, {"carbohydrate g": 9}, {"fat g": 9}]
)
def test_a_us_label_that_does_not_add_up_fails(changed: dict[str, float]) -> None:
    assert "energy_adds_up" in failed(product(COLA_US | changed, "per_serving", serving=CAN))


def test_energy_below_the_macronutrients_given_fails_even_if_one_is_missing() -> None:
    values = {"energy kcal": 40.0, "carbohydrate g": 39.0}
    assert failed(product(values, "per_serving")) == {"energy_adds_up"}
    assert failed(product(values | {"energy kcal": 400.0}, "per_serving")) == set()


def test_salt_must_be_two_and_a_half_times_sodium() -> None:
    assert failed(product({"salt g": 1.0, "sodium mg": 400}, "per_100g")) == set()
    assert failed(product({"salt g": 1.0, "sodium mg": 40}, "per_100g")) == {"salt_is_sodium"}


def both_bases(per_serving_kcal: float) -> SeenProduct:
    seen = product(COLA_EU, "per_100ml", serving={"amount": 330, "unit": "ml"})
    more = product({"energy kcal": per_serving_kcal}, "per_serving")
    return seen.model_copy(update={"rows": [*seen.rows, *more.rows]})


def test_the_serving_must_agree_with_100_ml() -> None:
    assert failed(both_bases(139)) == set()
    assert failed(both_bases(189)) == {"serving_agrees"}
    assert named(both_bases(189), "serving_agrees").concerns == {"energy_kcal"}


def test_more_than_100_g_in_100_g_fails() -> None:
    assert "mass_fits" in failed(product({"fat g": 60, "carbohydrate g": 60}, "per_100g"))


def test_the_servings_must_fill_the_pack() -> None:
    size = {"serving": {"amount": 250, "unit": "ml"}, "container": {"amount": 1, "unit": "l"}}
    rows = {"energy kcal": 100.0}
    assert failed(product(rows, "per_serving", servings_per_container=4, **size)) == set()
    assert failed(product(rows, "per_serving", servings_per_container=8, **size)) == {
        "servings_make_container"
    }


def test_the_same_row_twice_with_two_amounts_fails() -> None:
    seen = product(COLA_EU, "per_100ml")
    twice = seen.model_copy(
        update={"rows": [*seen.rows, *product({"salt g": 1}, "per_100ml").rows]}
    )
    assert failed(twice) == {"rows_agree"}


def test_energy_in_grams_makes_no_sense() -> None:
    assert failed(product({"energy g": 42}, "per_100ml")) == {"units_fit"}


@given(st.floats(0, 30), st.floats(0, 30), st.floats(0, 30))
def test_energy_by_the_factors_always_adds_up(
    fat: float, carbohydrate: float, protein: float
) -> None:
    f, c, p = (round(v, 1) for v in (fat, carbohydrate, protein))
    kcal, kj = round(9 * f + 4 * c + 4 * p), round(37 * f + 17 * c + 17 * p)
    values = {"energy kJ": kj, "energy kcal": kcal, "fat g": f, "carbohydrate g": c, "protein g": p}
    assert failed(product({n: float(v) for n, v in values.items()}, "per_100g")) == set()


def test_a_figure_read_once_is_doubtful_unless_another_bears_it_out() -> None:
    us = label(
        0, "Cola", product(COLA_US, "per_serving", serving=CAN), ["/products/0/rows/0/amount"]
    )
    assert "read only once" in (us.doubt("energy_kcal", us.facts.per_100["energy_kcal"]) or "")
    assert us.doubt("sugars_g", us.facts.per_100["sugars_g"]) is None
    eu = label(0, "Cola", product(COLA_EU, "per_100ml"), ["/products/0/rows/1/amount"])
    assert eu.doubt("energy_kcal", eu.facts.per_100["energy_kcal"]) is None


def test_a_serving_size_read_once_makes_all_that_stands_on_it_doubtful() -> None:
    us = label(
        0, "Cola", product(COLA_US, "per_serving", serving=CAN), ["/products/0/serving/amount"]
    )
    assert all(us.doubt(name, figure) for name, figure in us.facts.per_100.items())


def test_a_pointer_to_another_product_is_of_no_concern() -> None:
    us = label(
        1, "Cola", product(COLA_US, "per_serving", serving=CAN), ["/products/0", "/products/10"]
    )
    assert us.unconfirmed == frozenset()
    whole = label(0, "Cola", product(COLA_US, "per_serving", serving=CAN), ["/products/0"])
    assert "serving" in whole.unconfirmed

"""Numbers and units as labels print them, and as recognisers spoil them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.label import Quantity
from visiontools.reader.label_amounts import amounts, base_amount, number_of, only_size, quantities


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Total Fat 8g 10%", [(8.0, "g"), (10.0, "%")]),
        ("199 kJ / 47 kcal", [(199.0, "kJ"), (47.0, "kcal")]),
        ("2028kJ/484kcal", [(2028.0, "kJ"), (484.0, "kcal")]),
        ("0,5 g", [(0.5, "g")]),
        ("Og", [(0.0, "g")]),
        ("1 046 kJ", [(1046.0, "kJ")]),
        ("1.046 kJ", [(1046.0, "kJ")]),
        ("1,190mg", [(1190.0, "mg")]),
        ("0.125 g", [(0.125, "g")]),
        ("Calories 150", [(150.0, None)]),
        ("kJ 1533 / kcal 364", [(1533.0, "kJ"), (364.0, "kcal")]),
        ("Fett g 20,5", [(20.5, "g")]),
        ("kJ/kcal 1533/364", [(1533.0, None), (364.0, None)]),
        ("Less than 1g3g", [(1.0, "g"), (3.0, "g")]),
        ("5 g 20", [(5.0, "g"), (20.0, None)]),
        ("Nutrition Facts", []),
    ],
)
def test_amounts_are_read_with_their_units(
    text: str, expected: list[tuple[float, str | None]]
) -> None:
    assert [(amount.value, amount.unit) for amount in amounts(text)] == expected


@pytest.mark.parametrize("text", ["05 g", "1.046 g", "12 100 g", "g 6,", "20."])
def test_a_number_that_can_be_read_in_two_ways_has_no_value(text: str) -> None:
    assert amounts(text)[0].value is None


@pytest.mark.parametrize(
    "text", ["<0,01 g", "< 0.01 g", "Less than 1g", "moins de 0,5 g", "g < 0,5"]
)
def test_less_than_is_kept(text: str) -> None:
    assert amounts(text)[0].less_than


@given(st.integers(0, 9999), st.integers(0, 9), st.sampled_from(".,"), st.sampled_from(["", " "]))
def test_a_printed_decimal_is_read_back(whole: int, tenth: int, mark: str, space: str) -> None:
    (amount,) = amounts(f"{whole}{mark}{tenth}{space}g")
    assert amount.value == pytest.approx(whole + tenth / 10)
    assert (amount.unit, amount.places) == ("g", 1)


def test_decimal_places_say_how_much_rounding_may_hide() -> None:
    assert [amounts(text)[0].slack for text in ("3 g", "3.5 g", "0.05 g")] == [0.5, 0.05, 0.005]


def test_a_comma_before_three_digits_is_a_thousands_mark_only_where_it_must_be() -> None:
    assert number_of("1,200", "mg") == (1200.0, 0)
    assert number_of("1,200", "g") == (None, 0)


def test_metric_quantities_come_before_ounces() -> None:
    found = quantities("12 FL OZ (355 mL)")
    assert found == [Quantity(amount=355, unit="ml"), Quantity(amount=12, unit="fl_oz")]
    assert base_amount(found[1])[0] == pytest.approx(355, rel=0.01)
    assert quantities("1,5 L") == [Quantity(amount=1.5, unit="l")]


def test_a_size_alone_is_told_from_one_among_words() -> None:
    assert only_size("250 ml")
    assert only_size("(30 g)*")
    assert not only_size("per 250 ml")
    assert not only_size("12 fl oz (355 ml)")

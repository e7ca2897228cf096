"""Figures that contradict each other are not passed on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.label import Quantity
from visiontools.reader.label_facts import Fact, Table
from visiontools.reader.label_gates import check
from visiontools.reader.label_looks import judge
from visiontools.reader.label_pieces import Place, Placed
from visiontools.reader.ocr import Line, Text

COLA = {"kJ": 180.0, "kcal": 42.0, "fat": 0.0, "carbohydrate": 10.6, "sugars": 10.6, "protein": 0.0}
CAN = Quantity(amount=250, unit="ml")


def fact(nutrient: str, amount: float, basis: str = "per_100ml", *, sure: bool = True) -> Fact:
    """A fact as read from its own line; kJ and kcal stand for energy in that unit."""
    energy = nutrient in ("kJ", "kcal")
    unit = nutrient if energy else "mg" if nutrient == "sodium" else "g"
    text = f"{amount:g} {unit}"
    line = Line(text, 0.99, tuple(i / len(text) for i in range(len(text))), (), np.zeros((4, 2)))
    placed = Placed(line, Place(0, 1, 0, 1), tuple((0.0, 1.0) for _ in text))
    slack = 0.5 if amount == int(amount) else 0.05
    return Fact("energy" if energy else nutrient, amount, unit, basis, False, slack, 0.99, placed,
                (0, len(text)), confirmed=sure)  # type: ignore[arg-type]  # fmt: skip


def table_of(figures: dict[str, float], basis: str = "per_100ml", *, sure: bool = True) -> Table:
    return Table(facts=[fact(name, amount, basis, sure=sure) for name, amount in figures.items()])


def standing(table: Table) -> set[str]:
    held = [f for f in table.facts if f.dropped is None]
    return {f.unit if f.nutrient == "energy" else f.nutrient for f in held}


def doubted(table: Table) -> set[str]:
    held = [f for f in table.facts if f.dropped is None and not f.confirmed]
    return {f.unit if f.nutrient == "energy" else f.nutrient for f in held}


def test_figures_that_agree_all_stand() -> None:
    table = table_of(COLA)
    assert check(table, None)
    assert standing(table) == set(COLA)
    assert not doubted(table)
    assert not table.notes


def test_kj_taken_for_kcal_drops_both() -> None:
    table = table_of({**COLA, "kcal": 180.0})
    check(table, None)
    assert not {"kJ", "kcal"} & standing(table)
    assert "kJ and kcal do not agree" in " ".join(table.notes)


def test_more_sugar_than_carbohydrate_drops_the_unconfirmed_one() -> None:
    table = table_of({"carbohydrate": 9.0, "fat": 3.0})
    table.facts.append(fact("sugars", 39.0, sure=False))
    check(table, None)
    assert standing(table) == {"carbohydrate", "fat"}


def test_more_saturates_than_fat_drops_both_when_neither_is_surer() -> None:
    table = table_of({"fat": 1.0, "saturated_fat": 6.5, "protein": 3.0})
    check(table, None)
    assert standing(table) == {"protein"}


def test_sure_figures_that_contradict_each_other_leave_none_sure() -> None:
    table = table_of({"carbohydrate": 3.1, "sugars": 52.0, "salt": 1.6, "protein": 5.2})
    check(table, None)
    assert standing(table) == doubted(table) == {"salt", "protein"}
    assert "none is sure" in " ".join(table.notes)


def test_energy_that_does_not_fit_leaves_its_figures_unconfirmed() -> None:
    table = table_of({"kcal": 480.0, "fat": 2.0, "carbohydrate": 55.0, "protein": 17.0})
    check(table, None)
    assert doubted(table) == {"kcal", "fat", "carbohydrate", "protein"}


def test_salt_is_two_and_a_half_times_sodium() -> None:
    table = table_of({"salt": 1.0, "sodium": 400.0, "fat": 1.0})
    check(table, None)
    assert standing(table) == {"salt", "sodium", "fat"}
    table = table_of({"salt": 6.5, "sodium": 400.0, "fat": 1.0})
    check(table, None)
    assert standing(table) == {"fat"}


def test_more_than_a_portion_can_hold_is_dropped() -> None:
    table = table_of({"fat": 250.0, "protein": 3.0}, "per_100g")
    check(table, None)
    assert standing(table) == {"protein"}


def test_columns_that_agree_confirm_each_other() -> None:
    table = table_of({"sugars": 10.6}, sure=False)
    table.facts.append(fact("sugars", 27.0, "per_serving", sure=False))
    assert check(table, CAN)
    assert not doubted(table)


def test_a_lost_digit_in_one_column_is_found_through_the_other() -> None:
    table = table_of({"fat": 4.0, "carbohydrate": 10.6, "sugars": 10.6, "protein": 4.0})
    serving = {"fat": 10.0, "carbohydrate": 27.0, "sugars": 7.0, "protein": 10.0}
    table.facts += [fact(name, amount, "per_serving") for name, amount in serving.items()]
    assert check(table, CAN)
    assert [f.nutrient for f in table.facts if f.dropped] == ["sugars", "sugars"]


@pytest.mark.parametrize(("per_hundred", "stands"), [(1.4, True), (2.4, False)])
def test_less_than_half_a_gram_a_serving_fits_what_is_below(
    per_hundred: float, stands: bool
) -> None:
    table = table_of({"fibre": per_hundred, "fat": 4.0, "protein": 8.0}, "per_100g")
    table.facts += [fact("fat", 1.0, "per_serving"), fact("protein", 2.0, "per_serving")]
    few = fact("fibre", 0.5, "per_serving")
    few.less_than = True
    table.facts.append(few)
    assert check(table, Quantity(amount=25, unit="g"))
    assert (few.dropped is None) == stands
    assert not doubted(table)


def test_a_serving_that_fits_no_row_is_not_believed() -> None:
    table = table_of({"fat": 4.0, "carbohydrate": 10.6, "protein": 4.0})
    table.facts += [
        fact(n, a, "per_serving")
        for n, a in {"fat": 10.0, "carbohydrate": 27, "protein": 10}.items()
    ]
    assert not check(table, Quantity(amount=25, unit="ml"))
    assert len([f for f in table.facts if f.dropped is None]) >= 3


def test_agreement_does_not_save_a_figure_that_a_second_look_read_nearly_alike() -> None:
    table = table_of({"kJ": 207.0, "kcal": 48.0})
    misread = table.facts[0]
    misread.disputed, misread.confirmed, misread.otherwise = True, False, (202.0,)
    check(table, None)
    assert standing(table) == {"kcal"}


def test_agreement_saves_a_figure_whose_second_look_cannot_be_right() -> None:
    table = table_of({"kJ": 202.0, "kcal": 48.0})
    table.facts[0].disputed, table.facts[0].otherwise = True, (20.0,)
    table.facts[0].confirmed = False
    check(table, None)
    assert standing(table) == {"kJ", "kcal"}


def test_another_column_does_not_save_a_figure_read_nearly_alike() -> None:
    table = table_of({"fat": 16.0, "carbohydrate": 10.6})
    table.facts += [fact("fat", 4.8, "per_serving"), fact("carbohydrate", 3.2, "per_serving")]
    table.facts[0].disputed, table.facts[0].otherwise = True, (15.6,)
    table.facts[0].confirmed = False
    check(table, Quantity(amount=30, unit="ml"))
    assert [f.amount for f in table.facts if f.dropped] == [16.0]


def test_a_serving_too_small_for_what_is_in_it_was_misread_itself() -> None:
    table = table_of({"kcal": 170.0, "fat": 1.5, "carbohydrate": 36.0}, "per_serving")
    assert not check(table, Quantity(amount=1, unit="g"))
    assert standing(table) == {"kcal", "fat", "carbohydrate"}


@given(
    fat=st.floats(0, 40), carbohydrate=st.floats(0, 40), protein=st.floats(0, 20),
    share=st.floats(0, 1),
)  # fmt: skip
def test_a_consistent_label_is_never_doubted(
    fat: float, carbohydrate: float, protein: float, share: float
) -> None:
    grams = {"fat": fat, "carbohydrate": carbohydrate, "protein": protein}
    kcal = 9 * fat + 4 * (carbohydrate + protein)
    kj = 37 * fat + 17 * (carbohydrate + protein)
    figures = {name: round(amount, 1) for name, amount in grams.items()}
    figures |= {"sugars": round(carbohydrate * share, 1), "kcal": round(kcal), "kJ": round(kj)}
    table = table_of(figures, "per_100g")
    check(table, None)
    assert standing(table) == set(figures)
    assert not doubted(table)


@pytest.mark.parametrize(
    ("looks", "confirmed", "disputed"),
    [
        (["39 g", "39 g"], True, False),
        (["39 g", ""], True, False),
        (["39 g", "399"], True, False),
        (["399", "390"], False, False),
        (["39 g", "9 g"], False, True),
        (["9 g", "9 g"], False, True),
        (["39 g", "9 g", "39 g"], True, False),
        (["39 g", "9 g", "9 g"], False, True),
        (["39 mg", "39 g"], False, True),
    ],
)
def test_second_looks_confirm_or_dispute(looks: list[str], confirmed: bool, disputed: bool) -> None:
    figure = fact("sugars", 39.0, sure=False)
    judge(figure, [Text(look, 0.95) for look in looks])
    assert (figure.confirmed, figure.disputed) == (confirmed, disputed)


def test_an_unclear_figure_is_what_two_looks_agree_on() -> None:
    figure = fact("fat", 0.0, sure=False)
    figure.unclear = True
    judge(figure, [Text("8 g", 0.9), Text("8g", 0.9)])
    assert (figure.amount, figure.unit, figure.confirmed) == (8.0, "g", True)


def test_an_unclear_figure_stays_unclear_without_its_unit() -> None:
    figure = fact("fat", 0.0, sure=False)
    figure.unclear = True
    judge(figure, [Text("89", 0.9), Text("89", 0.9)])
    assert figure.unclear
    assert not figure.confirmed

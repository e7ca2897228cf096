"""Diet Suggestion decides from what is printed, and says so when it cannot."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from visiontools.answers.label import SeenLabels
from visiontools.tooling import Case, Decision
from visiontools.tools.diet import Diet, DietAnswer, DietOptions
from visiontools.types import Outcome, Provenance
from visiontools.views import markdown

TRUTH = Path(__file__).parents[2] / "examples" / "diet_two_drinks.observation.json"


@pytest.fixture
def seen() -> dict[str, Any]:
    """Two drinks: Orange Fizz (42 kcal) and Kiwi Spark (19 kcal per 100 ml)."""
    return json.loads(TRUTH.read_text("utf-8"))


def decide(seen: dict[str, Any], *unconfirmed: str, **options: Any) -> Decision[DietAnswer]:
    case = Case(options=DietOptions(**options), unconfirmed=frozenset(unconfirmed))
    return Diet().decide(SeenLabels.model_validate(seen), case)


def answer(decision: Decision[DietAnswer]) -> DietAnswer:
    assert decision.answer is not None
    return decision.answer


def shown(decision: Decision[DietAnswer]) -> str:
    return markdown.show(Diet().show(answer(decision)))


def test_the_drink_with_less_energy_is_chosen(seen: dict[str, Any]) -> None:
    found = decide(seen)
    assert found.outcome is Outcome.ANSWERED
    assert answer(found).choice.index == 1
    assert answer(found).choice.goal == "lower_energy"
    assert "19 kcal per 100 ml against 42 kcal" in found.message
    assert all(check.ok for check in found.checks)


@pytest.mark.parametrize(
    ("goal", "index"), [("less_sugar", 1), ("less_salt", 1), ("lower_energy", 1)]
)
def test_each_goal_compares_its_own_figure(seen: dict[str, Any], goal: str, index: int) -> None:
    assert answer(decide(seen, goal=goal)).choice.index == index


def test_more_protein_prefers_more(seen: dict[str, Any]) -> None:
    seen["products"][0]["rows"][6]["amount"] = 0.4
    assert answer(decide(seen, goal="more_protein")).choice.index == 0


def test_a_larger_pack_can_lose_by_the_pack(seen: dict[str, Any]) -> None:
    seen["products"][1]["container"] = {"amount": 1.5, "unit": "l"}
    by_pack = answer(decide(seen, compare="per_container"))
    assert by_pack.choice.index == 0
    assert by_pack.products[1].per_container.energy_kcal == pytest.approx(285)


def test_a_tie_is_said_and_nobody_wins(seen: dict[str, Any]) -> None:
    seen["products"][0]["rows"] = seen["products"][1]["rows"]
    found = decide(seen)
    assert (found.outcome, answer(found).choice.index) == (Outcome.ANSWERED, None)
    assert answer(found).choice.tied == [0, 1]
    assert "tie" in found.message


def test_one_product_gives_facts_and_no_choice(seen: dict[str, Any]) -> None:
    del seen["products"][1]
    found = decide(seen)
    assert (found.outcome, answer(found).choice.index) == (Outcome.ANSWERED, None)
    assert "Only one product" in found.message


@pytest.mark.parametrize("row", [0, 1, 4])
def test_a_figure_that_fails_its_check_is_not_chosen_by(seen: dict[str, Any], row: int) -> None:
    seen["products"][1]["rows"][row]["amount"] = 90
    found = decide(seen)
    assert (found.outcome, answer(found).choice.index) == (Outcome.PARTLY, None)
    assert any(not check.ok for check in found.checks)
    assert "fails a check" in found.message
    assert "Warning" in shown(found)
    assert answer(found).products[1].nutri_score is None


def test_kj_taken_for_kcal_is_caught(seen: dict[str, Any]) -> None:
    seen["products"][0]["rows"][1]["amount"] = 180
    assert answer(decide(seen)).choice.index is None


def test_ml_and_g_are_not_compared(seen: dict[str, Any]) -> None:
    for row in seen["products"][0]["rows"]:
        row["basis"] = "per_100g"
    found = decide(seen)
    assert (found.outcome, answer(found).choice.index) == (Outcome.PARTLY, None)
    assert [check.name for check in found.checks if not check.ok] == ["comparable"]


def test_a_missing_figure_is_named(seen: dict[str, Any]) -> None:
    del seen["products"][0]["rows"][7]
    found = decide(seen, goal="less_salt")
    assert found.outcome is Outcome.PARTLY
    assert "Orange Fizz does not give it" in found.message


def test_a_figure_read_once_is_not_chosen_by_unless_borne_out(seen: dict[str, Any]) -> None:
    assert answer(decide(seen, "/products/1/rows/1/amount")).choice.index == 1  # kJ agrees
    found = decide(seen, "/products/1/rows/5/amount", goal="less_sugar")
    assert (found.outcome, answer(found).choice.index) == (Outcome.PARTLY, None)
    assert not answer(found).products[1].as_printed[5].confirmed
    assert [c.name for c in found.checks if not c.ok] == ["read_twice"]


def test_read_and_computed_are_told_apart(seen: dict[str, Any]) -> None:
    del seen["products"][0]["rows"][0]  # no kJ printed
    found = decide(seen)
    product = answer(found).products[0]
    assert product.per_100.energy_kj == pytest.approx(42 * 4.184)
    assert product.computed == ["energy_kj"]
    assert found.provenance["/products/0/per_100/energy_kcal"] is Provenance.READ
    assert "/products/0/per_100/energy_kj" not in found.provenance


def test_nutri_score_is_a_range_until_the_rest_is_given(seen: dict[str, Any]) -> None:
    unsure = answer(decide(seen)).products[1].nutri_score
    assert unsure is not None
    assert unsure.best < unsure.worst
    assert set(unsure.missing) == {"sweeteners", "fruit share"}
    found = decide(seen, goal="better_nutri_score", fruit_percent="0", sweeteners="no")
    grades = [p.nutri_score for p in answer(found).products]
    assert [(g.best, g.worst) for g in grades if g] == [("E", "E"), ("C", "C")]
    assert answer(found).choice.index == 1


def test_overlapping_grades_make_no_choice(seen: dict[str, Any]) -> None:
    found = decide(seen, goal="better_nutri_score")
    assert (found.outcome, answer(found).choice.index) == (Outcome.PARTLY, None)
    assert "sweeteners" in found.message


def test_options_hold_for_all_or_for_each() -> None:
    options = DietOptions(fruit_percent="0, 100", sweeteners="no, yes")
    assert [options.fruit_of(n) for n in range(3)] == [0, 100, None]
    assert [options.sweeteners_of(n) for n in range(3)] == [False, True, None]
    assert DietOptions(fruit_percent=50).fruit_of(3) == 50


@pytest.mark.parametrize("bad", [{"fruit_percent": "120"}, {"sweeteners": "maybe"}])
def test_absurd_options_are_refused(bad: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match=r"percentage|none of"):
        DietOptions(**bad)


@pytest.mark.parametrize(
    ("picture", "outcome"),
    [
        ("other", Outcome.WRONG_PICTURE),
        ("cannot_tell", Outcome.CANNOT_TELL),
        ("fits", Outcome.CANNOT_TELL),
    ],
)
def test_no_label_is_no_answer(picture: str, outcome: Outcome) -> None:
    found = decide({"picture": picture, "products": []})
    assert (found.outcome, found.answer) == (outcome, None)


def test_an_observer_who_cannot_tell_is_believed(seen: dict[str, Any]) -> None:
    assert decide(seen | {"picture": "cannot_tell"}).outcome is Outcome.CANNOT_TELL


def test_the_view_leads_with_the_choice_and_marks_it(seen: dict[str, Any]) -> None:
    text = shown(decide(seen))
    assert text.startswith("**Kiwi Spark has the lower energy")
    assert "✓ Kiwi Spark" in text
    assert "Nutri-Score" in text
    assert "≈" not in text  # everything is printed per 100 ml


def test_the_answer_survives_its_json(seen: dict[str, Any]) -> None:
    found = answer(decide(seen))
    assert DietAnswer.model_validate_json(found.model_dump_json()) == found


def row(nutrient: str, amount: float, unit: str = "g", **more: Any) -> dict[str, Any]:
    given = {"nutrient": nutrient, "amount": amount, "unit": unit, "basis": "per_100ml"}
    return {**given, **more}


def labels(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"products": [{"name": "AB"[n], "rows": mine} for n, mine in enumerate(rows)]}


def test_less_than_half_a_gram_is_no_figure_to_choose_by() -> None:
    """0.3 g is not less than "< 0.5 g": that may be nothing at all."""
    found = decide(labels([row("salt", 0.5, less_than=True)], [row("salt", 0.3)]), goal="less_salt")
    assert answer(found).choice.index is None
    assert "only says 'less than'" in found.message
    assert answer(found).products[0].less_than == ["salt_g"]
    assert "\\< 0.5 g" in shown(found)


def test_less_than_decides_where_it_is_enough() -> None:
    found = decide(labels([row("salt", 0.5, less_than=True)], [row("salt", 0.9)]), goal="less_salt")
    assert answer(found).choice.index == 0
    assert "less than 0.5 g per 100 ml against 0.9 g" in found.message
    assert "%" not in found.message


def test_a_range_names_every_figure_that_is_missing() -> None:
    """Each alone settles nothing while the others are open; all of them are missing."""
    found = decide(labels([row("energy", 180, "kJ")]))
    grade = answer(found).products[0].nutri_score
    assert grade is not None
    assert (grade.best, grade.worst) == ("B", "E")
    assert {"sugars", "saturated fat", "salt", "sweeteners", "fruit share"} <= set(grade.missing)
    assert "Santé publique France" in grade.source
    assert "Santé publique France" in shown(found)


@pytest.mark.parametrize("unit", ["g", "µg"])
def test_energy_in_a_unit_of_mass_is_not_taken_for_a_serving_without_size(unit: str) -> None:
    found = decide(labels([row("energy", 40, unit)], [row("energy", 40, "kcal")]))
    assert found.message == "No choice by energy: the label of A does not give it."


@pytest.mark.parametrize("amount", [float("inf"), float("nan"), -1.0])
def test_no_amount_is_infinite_or_below_nothing(amount: float) -> None:
    with pytest.raises(ValidationError):
        SeenLabels.model_validate(labels([row("energy", amount, "kcal")]))


def test_an_absurd_amount_is_doubted_in_few_digits() -> None:
    found = decide(labels([row("energy", 1e300, "kcal")], [row("energy", 40, "kcal")]))
    assert answer(found).choice.index is None
    assert "1e+300 kcal" in found.message


def test_goals_have_the_names_people_try_first() -> None:
    assert DietOptions(goal="nutri-score").goal == "better_nutri_score"  # type: ignore[arg-type]
    assert DietOptions(goal="Lower Sugar").goal == "less_sugar"  # type: ignore[arg-type]


def test_what_is_shown_per_100_is_not_shown_twice(seen: dict[str, Any]) -> None:
    text = shown(decide(seen))
    assert "| Nutrient |" not in text
    assert "330 ml" in text
    seen["products"][0]["rows"].append(row("caffeine", 32, "mg"))
    assert "caffeine" in shown(decide(seen))


def test_one_product_has_no_bars_and_a_sentence_of_its_own() -> None:
    found = decide(labels([row("energy", 40, "kcal")]))
    assert found.message.startswith("A has 40 kcal of energy per 100 ml. Only one product")
    assert "█" not in shown(found)

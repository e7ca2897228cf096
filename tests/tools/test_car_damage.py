"""Car Damage Estimation at the tool's own door: observation in, decision out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from visiontools.answers.damage import SeenCar, SeenDamage
from visiontools.data import data_path
from visiontools.errors import NeedsEyesError, UsageError
from visiontools.tooling import Case, Decision
from visiontools.tools.car_damage import CarDamage, CarDamageAnswer, CarDamageOptions
from visiontools.types import Outcome
from visiontools.views.blocks import Notice, Range, Scale, Table, Text

EXAMPLES = Path(__file__).parents[2] / "examples"
DENT = {"part": "front_door", "side": "left", "damage_type": "dent", "size": "medium"}
CLEAR = {"depth": "shallow", "paint": "intact", "opened": "no", "evidence": "A hollow in it."}


def damage(**facts: Any) -> dict[str, Any]:
    return {**DENT, **CLEAR, **facts}


def decide(observation: dict[str, Any], **options: Any) -> Decision[CarDamageAnswer]:
    seen = SeenCar.model_validate(observation)
    return CarDamage().decide(seen, Case(CarDamageOptions.model_validate(options)))


def car(*damages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"damage_visible": "yes", "damages": list(damages), "views": ["left"], **more}


def answered(decision: Decision[CarDamageAnswer]) -> CarDamageAnswer:
    assert decision.answer is not None
    return decision.answer


def failed(decision: Decision[CarDamageAnswer]) -> set[str]:
    return {check.name for check in decision.checks if not check.ok}


def example() -> dict[str, Any]:
    return json.loads((EXAMPLES / "car_damage.observation.json").read_text(encoding="utf-8"))


def test_the_example_is_answered_with_every_check_passed() -> None:
    decision = decide(example())
    answer = answered(decision)
    assert (decision.outcome, failed(decision)) == (Outcome.ANSWERED, set())
    found = {(p.part, p.side, p.damage_type, p.severity, p.operation) for p in answer.parts}
    assert found == {
        ("front_door", "left", "dent", 4, "replace"),
        ("headlight", "left", "broken", 5, "replace"),
        ("front_bumper", "left", "scratch", 1, "paint"),
    }
    assert answer.severity == 5
    assert answer.damagetype == "dent, broken, scratch"
    assert answer.vehicle.colour == "red"
    assert any("headlight" in flag and "night" in flag for flag in answer.safety_flags)


def test_the_cost_is_a_range_at_rates_labelled_as_an_example() -> None:
    decision = decide(example())
    cost = answered(decision).cost
    assert cost is not None
    assert cost.low < cost.expected < cost.high
    assert cost.currency == "EUR"
    assert "example" in cost.basis
    assert "example rates" in decision.message


def test_no_visible_damage_costs_nothing_and_promises_nothing() -> None:
    decision = decide({"damage_visible": "no"})
    answer = answered(decision)
    assert decision.outcome is Outcome.ANSWERED
    assert answer.cost is not None
    assert (answer.cost.low, answer.cost.high, answer.severity) == (0, 0, None)
    assert "not covered" in decision.message


def test_cannot_tell_has_no_cost_and_asks_for_photos() -> None:
    decision = decide({"damage_visible": "cannot_tell"})
    assert decision.outcome is Outcome.CANNOT_TELL
    assert answered(decision).cost is None
    assert answered(decision).photos_wanted


def test_damage_claimed_without_a_single_entry_is_no_answer() -> None:
    decision = decide({"damage_visible": "yes", "damages": []})
    assert decision.outcome is Outcome.CANNOT_TELL
    assert "damage_and_list_agree" in failed(decision)


def test_damage_listed_but_denied_is_only_partly_answered() -> None:
    decision = decide(car(damage(), damage_visible="no"))
    assert decision.outcome is Outcome.PARTLY
    assert answered(decision).damage_visible == "yes"
    assert "damage_and_list_agree" in failed(decision)


def test_another_picture_is_named() -> None:
    decision = decide({"picture": "other", "picture_shows": "a cat"})
    assert decision.outcome is Outcome.WRONG_PICTURE
    assert "a cat" in decision.message


def test_unclear_damage_is_inspected_not_repaired() -> None:
    decision = decide(car(damage(visibility="unclear")))
    assert decision.outcome is Outcome.PARTLY
    part = answered(decision).parts[0]
    assert part.operation == "inspect"
    assert any("left front door" in photo for photo in answered(decision).photos_wanted)


def test_the_same_damage_said_twice_counts_once() -> None:
    once, twice = decide(car(damage())), decide(car(damage(), damage(size="small")))
    assert answered(once).cost == answered(twice).cost
    assert len(answered(twice).parts) == 1


TWO_CARS = {
    "vehicles": [
        {"id": "A", "position": "left", "colour": "red"},
        {"id": "B", "position": "right", "colour": "blue"},
    ]
}


def test_two_damaged_cars_need_a_choice_before_there_is_a_cost() -> None:
    decision = decide(car(damage(vehicle="A"), damage(vehicle="B"), **TWO_CARS))
    answer = answered(decision)
    assert decision.outcome is Outcome.PARTLY
    assert answer.cost is None
    assert len(answer.parts) == 2
    assert "vehicle=A" in decision.message


@pytest.mark.parametrize("wanted", ["B", "b", "blue", "right"])
def test_the_chosen_car_alone_is_answered(wanted: str) -> None:
    seen = car(damage(vehicle="A"), damage(vehicle="B", part="bonnet"), **TWO_CARS)
    decision = decide(seen, vehicle=wanted)
    answer = answered(decision)
    assert decision.outcome is Outcome.ANSWERED
    assert [part.part for part in answer.parts] == ["bonnet"]
    assert answer.vehicle.colour == "blue"
    assert answer.cost is not None


def test_an_unknown_car_gets_no_cost() -> None:
    decision = decide(car(damage(vehicle="A"), **TWO_CARS), vehicle="green")
    assert decision.outcome is Outcome.PARTLY
    assert answered(decision).cost is None
    assert "'green'" in decision.message


def test_damage_on_a_car_nobody_listed_is_not_charged_to_another() -> None:
    decision = decide(car(damage(vehicle="A"), damage(vehicle="Z", part="roof"), **TWO_CARS))
    assert "every_damage_has_a_car" in failed(decision)
    assert answered(decision).cost is None


def test_only_the_damaged_of_two_cars_is_taken_without_asking() -> None:
    decision = decide(car(damage(vehicle="B"), **TWO_CARS))
    assert decision.outcome is Outcome.ANSWERED
    assert answered(decision).vehicle.colour == "blue"


@pytest.mark.parametrize(
    ("said", "part", "side"),
    [
        ("Hood", "bonnet", "centre"),
        ("front left fender", "front_wing", "left"),
        ("rear-left door", "rear_door", "left"),
        ("windshield", "windscreen", "centre"),
    ],
)
def test_other_words_for_a_part_are_understood(said: str, part: str, side: str) -> None:
    seen = SeenDamage.model_validate(damage(part=said, side=side))
    assert (seen.part, seen.side) == (part, side)


def test_currency_picks_a_region_and_is_never_converted() -> None:
    cost = answered(decide(car(damage()), currency="gbp")).cost
    assert cost is not None
    assert (cost.currency, cost.region) == ("GBP", "united_kingdom")
    with pytest.raises(UsageError, match="JPY"):
        decide(car(damage()), currency="JPY")
    with pytest.raises(UsageError, match="priced in USD"):
        decide(car(damage()), region="united_states", currency="EUR")


def test_a_workshops_own_rates_are_used_and_named(tmp_path: Path) -> None:
    text = data_path("rates.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(
        text.replace("example = true", "example = false").replace(
            '"example figures, not a quote"', '"our prices of spring"'
        ),
        encoding="utf-8",
    )
    decision = decide(car(damage()), rates=str(own))
    cost = answered(decision).cost
    assert cost is not None
    assert (cost.basis, cost.example) == ("our prices of spring", False)
    assert "rates given" in decision.message


def test_a_part_without_rates_is_left_out_of_the_cost_in_public(tmp_path: Path) -> None:
    text = data_path("rates.toml").read_text(encoding="utf-8")
    own = tmp_path / "own.toml"
    own.write_text(text[: text.index("[parts.bonnet]")], encoding="utf-8")
    decision = decide(car(damage(part="bonnet"), damage(part="front_bumper")), rates=str(own))
    cost = answered(decision).cost
    assert decision.outcome is Outcome.PARTLY
    assert cost is not None
    assert cost.unpriced == ["bonnet"]
    assert "every_part_is_priced" in failed(decision)


def test_the_reader_says_that_eyes_are_needed() -> None:
    with pytest.raises(NeedsEyesError, match="needs eyes"):
        CarDamage().read([])


def test_what_is_shown_says_safety_severity_cost_and_that_rates_are_examples() -> None:
    blocks = CarDamage().show(answered(decide(example())))
    assert isinstance(blocks[0], Text)
    assert blocks[0].strong
    notices = [block.text for block in blocks if isinstance(block, Notice)]
    assert any("night" in text for text in notices)
    assert any("example figures" in text for text in notices)
    assert any(isinstance(block, Scale) and block.value == 5 for block in blocks)
    assert any(isinstance(block, Range) for block in blocks)
    tables = [block for block in blocks if isinstance(block, Table)]
    assert len(tables) == 2
    for table in tables:
        assert {len(row) for row in table.rows} == {len(table.columns)}

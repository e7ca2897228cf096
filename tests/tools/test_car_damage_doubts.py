"""What Car Damage Estimation says where the picture, or its observer, leaves something open."""

from __future__ import annotations

from typing import Any

from tests.tools.test_car_damage import answered, car, damage, decide, failed

from visiontools.tools.car_damage import CarDamage
from visiontools.types import Outcome
from visiontools.views import markdown

CARS = [{"id": "A", "colour": "red"}, {"id": "B", "colour": "blue"}]


def both(*damages: dict[str, Any], **more: Any) -> dict[str, Any]:
    return car(*damages, vehicles=CARS, **more)


def test_damage_on_nobody_knows_which_car_is_shown_without_a_cost() -> None:
    decision = decide(both(damage()))
    answer = answered(decision)
    assert decision.outcome is Outcome.PARTLY
    assert (answer.damage_visible, answer.cost) == ("yes", None)
    assert [(part.part, part.vehicle) for part in answer.parts] == [("front_door", "")]
    assert "every_damage_has_a_car" in failed(decision)
    assert decision.message.startswith("One part is damaged: left front door. The picture shows")


def test_it_is_left_out_where_a_car_is_named() -> None:
    decision = decide(both(damage()), vehicle="A")
    assert answered(decision).parts == []


def test_the_car_that_is_meant_is_named() -> None:
    seen = both(damage(vehicle="B"))
    assert decide(seen, vehicle="B").message.startswith("One part of B (blue) is damaged: left")
    assert decide(seen, vehicle="red").message.startswith("No damage is visible on A (red);")
    assert answered(decide(car(damage(), vehicles=CARS[:1]))).about is None


def test_two_cars_under_one_letter_are_told_apart() -> None:
    cars = [{"id": "A", "colour": "red"}, {"id": "A", "colour": "blue"}]
    decision = decide(car(damage(vehicle="A"), vehicles=cars))
    assert answered(decision).vehicles == ["A (red)", "B (blue)"]
    assert answered(decision).cost is None
    assert "every_damage_has_a_car" in failed(decision)


def test_what_has_no_price_does_not_cost_nothing() -> None:
    decision = decide(car(damage(part="other", side="cannot_tell")))
    assert decision.outcome is Outcome.PARTLY
    assert (answered(decision).cost, answered(decision).cost_range) == (None, None)
    assert decision.message == (
        "One part is damaged: unnamed part. There is no cost: the rate table has no figures for "
        "this."
    )
    assert "every_part_is_priced" in failed(decision)


def test_a_cost_says_what_it_is_without() -> None:
    decision = decide(car(damage(), damage(part="other", side="cannot_tell")))
    assert answered(decision).cost is not None
    assert decision.message.endswith("), without unnamed part.")


def test_a_part_whose_side_is_not_told_may_be_counted_twice() -> None:
    lamp = {"part": "headlight", "damage_type": "broken"}
    decision = decide(car(damage(**lamp), damage(**lamp | {"side": "cannot_tell"})))
    assert decision.outcome is Outcome.PARTLY
    assert "no_part_is_counted_twice" in failed(decision)
    bumper = {"part": "front_bumper", "damage_type": "dent"}
    single = decide(car(damage(**bumper), damage(**bumper | {"side": "cannot_tell"})))
    assert "no_part_is_counted_twice" not in failed(single)


def test_the_car_is_described_only_by_what_is_known() -> None:
    def text(**about: Any) -> str:
        seen = car(damage(), vehicles=[{"id": "A", **about}])
        return markdown.show(CarDamage().show(answered(decide(seen))))

    assert "Colour:** red" in text(colour="red")
    assert "Make" not in text(colour="red")
    assert "Colour" not in text()

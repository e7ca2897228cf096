"""Whatever is proposed, a dish that stands uses only what is there."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from visiontools.answers.inventory import InventoryItem, SeenItem, merge
from visiontools.answers.inventory_dishes import Dropped, HeldDish, Kitchen, ProposedDish, hold

FOODS = [
    "milk", "coconut milk", "eggs", "Cheddar cheese", "cheese", "cherry tomatoes", "tomato",
    "leftover stew", "bacon", "salt", "olive oil", "almonds", "2 large potatoes", "Zucchini",
]  # fmt: skip
names = st.one_of(
    st.sampled_from(FOODS), st.text(min_size=1, max_size=15).filter(lambda t: t.split())
)
sightings = st.builds(SeenItem, name=names, seen=st.sampled_from(["seen", "likely", "unclear"]))
dishes = st.builds(
    ProposedDish,
    name=names,
    ingredients=st.lists(names, min_size=1, max_size=6),
    steps=st.lists(names, min_size=1, max_size=3),
    minutes=st.none() | st.integers(1, 90),
)


@settings(deadline=None)
@given(
    st.lists(sightings, max_size=8),
    st.lists(dishes, max_size=5),
    st.lists(names, max_size=4),
    st.lists(st.sampled_from(["dairy", "vegan", "egg", "nuts", "tomato"]), max_size=2),
    st.integers(0, 3),
)
def test_what_a_dish_uses_is_always_in_the_inventory(
    seen: list[SeenItem],
    proposed: list[ProposedDish],
    staples: list[str],
    avoid: list[str],
    max_missing: int,
) -> None:
    inventory = merge(seen)
    kept, dropped = hold(proposed, Kitchen(inventory, staples, avoid, max_missing))
    assert len(kept) + len(dropped) == len(proposed)
    at_hand = {item.name for item in inventory}
    unclear = {item.name for item in inventory if item.seen == "unclear"}
    for dish in kept:
        assert dish.uses
        assert set(dish.uses) <= at_hand
        assert len(dish.missing) <= max_missing
        assert set(dish.unsure) == set(dish.uses) & unclear
        assert {*dish.staples, *dish.missing} <= set(dish.proposed.ingredients)


def held(
    *ingredients: str, there: str = "egg, milk, cheddar", **more: Any
) -> tuple[list[HeldDish], list[Dropped]]:
    text = {"name": "Something", "steps": ["Mix it all."], **more.pop("dish", {})}
    dish = ProposedDish(ingredients=list(ingredients), **text)
    inventory = [InventoryItem(name=name, seen="seen") for name in there.split(", ")]
    return hold([dish], Kitchen(inventory, ("salt", "oil"), **more))


def test_ingredients_go_to_uses_staples_and_missing() -> None:
    kept, _ = held("2 eggs", "cheese", "olive oil", "bacon", max_missing=1)
    dish = kept[0]
    assert (dish.uses, dish.staples, dish.missing) == (["egg", "cheddar"], ["olive oil"], ["bacon"])


def test_a_dish_that_needs_something_else_is_dropped_with_the_reason() -> None:
    kept, dropped = held("eggs", "bacon")
    assert kept == []
    assert "bacon" in dropped[0].why


def test_a_dish_of_staples_alone_is_dropped() -> None:
    kept, dropped = held("salt", "oil")
    assert kept == []
    assert "nothing that was seen" in dropped[0].why


def test_a_step_that_smuggles_in_food_is_reported() -> None:
    kept, _ = held("eggs", dish={"steps": ["Fry the eggs with bacon and salt."]})
    assert kept[0].unlisted == ["bacon"]


def test_a_particular_food_in_a_step_is_not_the_plain_one_that_was_listed() -> None:
    dish = {"steps": ["Pour in the almond milk."]}
    kept, _ = held("milk", dish=dish)
    assert kept[0].unlisted == ["almond milk"]
    assert held("milk", dish=dish, avoid=("nuts",))[0] == []


def test_a_step_may_call_a_food_by_its_general_or_its_full_name() -> None:
    steps = ["Whisk the eggs.", "Add the cheese and the cheddar cheese with oil."]
    kept, _ = held("eggs", "cheddar", dish={"steps": steps})
    assert kept[0].unlisted == []


def test_what_is_avoided_drops_a_dish_even_from_its_steps_or_its_name() -> None:
    for dish in ({"steps": ["Add almonds."]}, {"name": "Almond eggs"}):
        kept, dropped = held("eggs", avoid=("nuts",), dish=dish)
        assert kept == []
        assert "nuts" in dropped[0].why


def test_food_nobody_knows_the_content_of_is_dropped_when_something_is_avoided() -> None:
    there = "egg, leftover stew"
    assert held("leftover stew", there=there)[0] != []
    kept, dropped = held("leftover stew", there=there, avoid=("nuts",))
    assert kept == []
    assert "nobody can say" in dropped[0].why


def test_a_clear_item_is_used_before_an_unclear_one() -> None:
    inventory = [
        InventoryItem(name="cheese", seen="unclear"),
        InventoryItem(name="gouda", seen="likely"),
    ]
    dish = ProposedDish(name="Toast", ingredients=["cheese"], steps=["Melt it."])
    kept, _ = hold([dish], Kitchen(inventory, ()))
    assert (kept[0].uses, kept[0].unsure) == (["gouda"], [])

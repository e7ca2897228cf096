"""One inventory out of many sightings."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from visiontools.answers.inventory import SURENESS, InventoryItem, SeenItem, merge, repeated
from visiontools.answers.inventory_words import key_of


def items(*said: dict[str, Any]) -> list[SeenItem]:
    return [SeenItem.model_validate(one) for one in said]


def only(*said: dict[str, Any]) -> InventoryItem:
    merged = merge(items(*said))
    assert len(merged) == 1
    return merged[0]


def test_amounts_at_different_places_are_added() -> None:
    top = {"name": "Egg", "quantity": 2, "unit": "piece", "where": "top"}
    door = {"name": "eggs", "quantity": 6, "unit": "pieces", "where": "door"}
    assert only(top, door).quantity == 8
    assert only(top, door).where == "top, door"


def test_the_same_entry_said_again_counts_once() -> None:
    entry = {"name": "milk", "quantity": 1, "unit": "bottle", "where": "door"}
    assert only(entry, entry, entry).quantity == 1
    assert repeated(items(entry, entry, entry)) == ["milk", "milk"]


def test_amounts_in_different_units_or_an_open_amount_leave_it_open() -> None:
    bottle = {"name": "milk", "quantity": 1, "unit": "bottle", "where": "door"}
    assert only(bottle, {"name": "milk", "quantity": 2, "unit": "carton"}).quantity is None
    assert only(bottle, {"name": "milk", "unit": "bottle", "where": "top"}).quantity is None


def test_an_unclear_sighting_adds_nothing_to_a_clear_one() -> None:
    clear = {"name": "egg", "quantity": 2, "unit": "piece", "seen": "seen", "where": "top"}
    unclear = {"name": "egg", "quantity": 9, "unit": "piece", "seen": "unclear", "where": "door"}
    merged = only(unclear, clear)
    assert (merged.quantity, merged.seen) == (2, "seen")


names = st.one_of(
    st.sampled_from(["milk", "Milk", "eggs", "egg", "cheddar", "cheese", "zucchini", "courgette"]),
    st.text(min_size=1, max_size=20).filter(lambda text: text.split()),
)
sightings = st.builds(
    SeenItem,
    name=names,
    quantity=st.none() | st.floats(0.5, 100),
    unit=st.sampled_from([None, "piece", "bottle"]),
    seen=st.sampled_from(SURENESS),
    where=st.sampled_from([None, "door", "top"]),
)


@settings(deadline=None)
@given(st.lists(sightings, max_size=20))
def test_every_food_stays_and_none_appears_twice(seen: list[SeenItem]) -> None:
    keys = [key_of(item.name) or item.name.casefold() for item in merge(seen)]
    assert set(keys) == {key_of(item.name) or item.name.casefold() for item in seen}
    assert len(keys) == len(set(keys))


@settings(deadline=None)
@given(st.lists(sightings, max_size=12))
def test_merging_what_is_merged_changes_nothing(seen: list[SeenItem]) -> None:
    once = merge(seen)
    again = merge([SeenItem.model_validate(item.model_dump()) for item in once])
    assert again == once

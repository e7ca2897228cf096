"""Two names of one food meet; names of different foods do not."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visiontools.answers.inventory_words import (
    avoided,
    default_staples,
    fits,
    fits_staple,
    is_group,
    key_of,
    known_food,
    mentioned,
)
from visiontools.data import load_toml


@pytest.mark.parametrize(
    ("ingredient", "food"),
    [
        ("2 large fresh tomatoes", "Tomato"),
        ("200 g of Cheddar cheese", "cheddar"),
        ("Zucchini", "courgettes"),
        ("cheese", "Gouda"),
        ("tomatoes", "cherry tomatoes"),
        ("grated cheese", "cheese"),
        ("yogurt", "Greek yoghurts"),
        ("milk", "whole milk"),
        ("crème fraîche", "creme fraiche"),
        ("strawberries", "strawberry"),
        ("a clove of garlic", "garlic"),
    ],
)
def test_names_of_the_same_food_meet(ingredient: str, food: str) -> None:
    assert fits(ingredient, food)


@pytest.mark.parametrize(
    ("ingredient", "food"),
    [
        ("cheddar", "cheese"),
        ("milk", "coconut milk"),
        ("butter", "peanut butter"),
        ("cream", "ice cream"),
        ("egg", "eggplant"),
        ("pepper", "bell pepper"),
        ("red wine", "white wine"),
        ("potato", "sweet potato"),
        ("olive", "olive oil"),
        ("", "milk"),
        ("...", "!!!"),
    ],
)
def test_names_of_different_foods_do_not_meet(ingredient: str, food: str) -> None:
    assert not fits(ingredient, food)


def test_a_staple_covers_its_ordinary_kinds_only() -> None:
    assert fits_staple("olive oil", "oil")
    assert fits_staple("black pepper", "pepper")
    assert not fits_staple("sesame oil", "oil")
    assert not fits_staple("brown sugar", "sugar")


@settings(deadline=None)
@given(st.text(max_size=60))
def test_the_key_of_a_key_is_the_key(name: str) -> None:
    assert key_of(key_of(name)) == key_of(name)


def test_every_food_in_the_word_list_is_written_so_that_it_is_found() -> None:
    words = load_toml("foods.toml")
    listed = [
        name for table in ("groups", "more") for names in words[table].values() for name in names
    ]
    unfound = {name for name in listed if key_of(name) == name and name not in mentioned(name)}
    assert unfound <= set(words["made"])
    assert [name for name in default_staples() if known_food(name) is None] == []


def test_a_sentence_names_its_foods_longest_first() -> None:
    said = "Whisk the eggs with coconut milk, then add cherry tomatoes and Zucchini."
    assert mentioned(said) == ["egg", "coconut milk", "cherry tomato", "courgette"]


def test_what_a_cook_does_is_no_food() -> None:
    assert mentioned("Mince the garlic and toast the bread.") == ["garlic", "bread"]


@pytest.mark.parametrize(
    ("food", "term"),
    [
        ("egg-fried rice", "egg"),
        ("Cheddar", "dairy"),
        ("almonds", "nuts"),
        ("2 eggs", "vegan"),
        ("bread", "gluten-free"),
        ("coconut milk", "milk"),
        ("cherry tomatoes", "tomato"),
        ("smoked salmon", "vegetarian"),
        ("peanut butter", "peanuts"),
    ],
)
def test_what_belongs_to_a_term_is_avoided(food: str, term: str) -> None:
    assert avoided(food, [term]) == term


@pytest.mark.parametrize(
    ("food", "term"), [("eggplant", "egg"), ("coconut", "nuts"), ("carrot", "vegan")]
)
def test_what_only_looks_alike_is_not_avoided(food: str, term: str) -> None:
    assert avoided(food, [term]) is None


def test_groups_and_diets_are_known_by_their_plain_names() -> None:
    assert is_group("Nuts")
    assert is_group("gluten-free")
    assert not is_group("turnip")

"""Holding proposed dishes to an inventory: an observer invents them, this code judges them.

Every ingredient is looked up among the food at hand, then among the staples; what is in neither is
missing. A dish is dropped where too much is missing, where it uses nothing that is at hand, where
it repeats an earlier one, or where it has, or may have, what a person avoids. There are no
recipes here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, Field

from visiontools.answers.inventory import InventoryItem, Name
from visiontools.answers.inventory_words import (
    avoided,
    distinct,
    fits,
    fits_staple,
    key_of,
    known_food,
    meant,
    mentioned,
)

_NUMBER = re.compile(r"^\s*(?:step\s*)?\d{1,2}\s*[.):]\s+", re.IGNORECASE)


def _plain_step(value: object) -> object:
    return " ".join(_NUMBER.sub("", value).split()) if isinstance(value, str) else value


Sentence = Annotated[str, BeforeValidator(_plain_step), Field(min_length=1, max_length=500)]


class ProposedDish(BaseModel):
    """One dish somebody thought of."""

    name: Name
    ingredients: list[Name] = Field(
        min_length=1, max_length=40, description="every food it needs, one name each, no amounts"
    )
    steps: list[Sentence] = Field(min_length=1, max_length=30)
    minutes: int | None = Field(default=None, ge=1, le=1440, description="from start to table")


class ProposedDishes(BaseModel):
    """Dishes somebody thought of."""

    dishes: list[ProposedDish] = Field(max_length=20)


@dataclass(frozen=True, slots=True)
class Kitchen:
    """What dishes are held to: the food at hand, the staples, and what is avoided."""

    inventory: Sequence[InventoryItem]
    staples: Sequence[str]
    avoid: Sequence[str] = ()
    max_missing: int = 0


@dataclass(frozen=True, slots=True)
class HeldDish:
    """A dish by its ingredients' places; ``uses`` and ``unsure`` hold names of the inventory.

    ``unsure`` are those seen unclearly, ``unlisted`` foods its name or steps mention beyond its
    ingredients.
    """

    proposed: ProposedDish
    uses: list[str] = field(default_factory=list)
    staples: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    unlisted: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Dropped:
    name: str
    why: str


def hold(dishes: Iterable[ProposedDish], kitchen: Kitchen) -> tuple[list[HeldDish], list[Dropped]]:
    """The dishes that stand, and those that do not with the reason."""
    kept: list[HeldDish] = []
    dropped: list[Dropped] = []
    for proposed in dishes:
        dish = _held(proposed, kitchen)
        why = _fault(dish, kitchen, {_title(other.proposed) for other in kept})
        if why:
            dropped.append(Dropped(proposed.name, why))
        else:
            kept.append(dish)
    return kept, dropped


def find(ingredient: str, inventory: Iterable[InventoryItem]) -> InventoryItem | None:
    """The food at hand an ingredient asks for: what is sure first, then the very same food."""
    found = [item for item in inventory if fits(ingredient, item.name)]
    key = key_of(ingredient)
    return min(
        found,
        key=lambda item: (item.seen == "unclear", key_of(item.name) != key),
        default=None,
    )


def _held(proposed: ProposedDish, kitchen: Kitchen) -> HeldDish:
    dish = HeldDish(proposed)
    for ingredient in distinct(proposed.ingredients):
        item = find(ingredient, kitchen.inventory)
        if item is not None:
            _add(dish.uses, item.name)
            if item.seen == "unclear":
                _add(dish.unsure, item.name)
        elif any(fits_staple(ingredient, staple) for staple in kitchen.staples):
            _add(dish.staples, ingredient)
        else:
            _add(dish.missing, ingredient)
    dish.unlisted.extend(_unlisted(proposed, kitchen.staples))
    return dish


def _unlisted(proposed: ProposedDish, staples: Sequence[str]) -> list[str]:
    """Foods the name or a step mentions that are no ingredient and no staple."""
    named = [*proposed.ingredients, *staples]
    foods = mentioned(_text(proposed))
    return [food for food in foods if not any(meant(food, name) for name in named)]


def _fault(dish: HeldDish, kitchen: Kitchen, before: set[str]) -> str:
    if _title(dish.proposed) in before:
        return "it was proposed twice"
    if not dish.uses:
        return "it uses nothing that was seen"
    if len(dish.missing) > kitchen.max_missing:
        return f"it needs {', '.join(dish.missing)}"
    return _to_avoid(dish, kitchen) if kitchen.avoid else ""


def _to_avoid(dish: HeldDish, kitchen: Kitchen) -> str:
    proposed = dish.proposed
    foods = [*dish.uses, *proposed.ingredients, *mentioned(_text(proposed)), proposed.name]
    for food in foods:
        if (term := avoided(food, kitchen.avoid)) is not None:
            return f"'{term}' leaves out {food}"
    # nobody knows what is in "leftover stew": with something to avoid that is not good enough
    parts = (*dish.uses, *dish.staples, *dish.missing)
    opaque = [name for name in parts if known_food(name) is None]
    return f"nobody can say what is in {', '.join(opaque)}" if opaque else ""


def _text(dish: ProposedDish) -> str:
    return ". ".join((dish.name, *dish.steps))


def _title(dish: ProposedDish) -> str:
    return dish.name.casefold()


def _add(names: list[str], name: str) -> None:
    if name not in names:
        names.append(name)

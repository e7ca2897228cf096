"""The vocabulary of fridges, and one inventory out of what was seen in one.

Items whose names mean the same food are one entry. The same entry said twice at the same place
counts once (models repeat themselves); at different places its amounts are added where the units
agree, and left open where they do not. The best sighting decides how sure an entry is.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, Field

from visiontools.answers.fields import one_line, said
from visiontools.answers.inventory_words import key_of, split
from visiontools.tooling import Observation

Seen = Literal["seen", "likely", "unclear"]
SURENESS: tuple[Seen, ...] = ("seen", "likely", "unclear")
LONGEST_NAME = 80
_SCALES = {
    **dict.fromkeys(("ml", "millilitre", "milliliter"), ("volume", 1.0)),
    **dict.fromkeys(("cl", "centilitre", "centiliter"), ("volume", 10.0)),
    **dict.fromkeys(("l", "litre", "liter", "litres", "liters"), ("volume", 1000.0)),
    **dict.fromkeys(("g", "gram", "grams"), ("mass", 1.0)),
    **dict.fromkeys(("kg", "kilo", "kilogram", "kilograms"), ("mass", 1000.0)),
}
"""Units that can be added to one another, by what they measure and how much of it."""


Name = Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=LONGEST_NAME)]
Word = Annotated[Annotated[str, Field(max_length=LONGEST_NAME)] | None, BeforeValidator(said)]


class SeenItem(BaseModel):
    """One kind of food at one place; null where it cannot be told, never a guess."""

    name: Name = Field(description="the plain name of the food, such as 'tomato'")
    quantity: float | None = Field(
        default=None, gt=0, le=10_000, allow_inf_nan=False, description="how many can be counted"
    )
    unit: Word = Field(
        default=None, description="what is counted: 'piece', 'bottle', 'carton', 'jar', ..."
    )
    seen: Seen = Field(
        default="seen",
        description="seen: the food itself or its label is plain to see; likely: its pack or shape "
        "suggests it; unclear: it may be something else",
    )
    where: Word = Field(default=None, description="the shelf, drawer or door it is in")


class SeenFridge(Observation):
    """The food that can be seen, place by place."""

    inventory: list[SeenItem] = Field(default_factory=list, max_length=300)
    unknown: list[Name] = Field(
        default_factory=list,
        max_length=100,
        description="what is there but cannot be named, by its look: 'white tub, top shelf'",
    )


class InventoryItem(BaseModel):
    """One food at hand."""

    name: str
    quantity: float | None = None
    unit: str | None = None
    seen: Seen
    where: str | None = None


def merge(items: Iterable[SeenItem]) -> list[InventoryItem]:
    """One entry for each food, in the order first seen."""
    return [_merged(group) for group in _groups(items)]


def not_added(items: Iterable[SeenItem]) -> list[str]:
    """Foods whose amounts are in units that cannot be added: ``milk (1 l, 1 carton)``."""
    return [
        f"{group[0].name} ({', '.join(told)})"
        for group in _groups(items)
        if _merged(group).quantity is None and len(told := _amounts(group)) > 1
    ]


def _groups(items: Iterable[SeenItem]) -> Iterable[list[SeenItem]]:
    groups: dict[str, list[SeenItem]] = {}
    for item in items:
        groups.setdefault(key_of(item.name) or item.name.casefold(), []).append(item)
    return groups.values()


def _amounts(group: Iterable[SeenItem]) -> list[str]:
    told = (f"{i.quantity:g} {i.unit or ''}".strip() for i in group if i.quantity is not None)
    return list(dict.fromkeys(told))


def repeated(items: Sequence[SeenItem]) -> list[str]:
    """Names of the entries that say what an earlier entry said."""
    before: set[tuple[object, ...]] = set()
    again: list[str] = []
    for item in items:
        if (said := _saying(item)) in before:
            again.append(item.name)
        before.add(said)
    return again


def _saying(item: SeenItem) -> tuple[object, ...]:
    where = " ".join(split(item.where or ""))
    return key_of(item.name) or item.name.casefold(), item.quantity, _unit(item), where


def _merged(group: Sequence[SeenItem]) -> InventoryItem:
    best = min((item.seen for item in group), key=SURENESS.index)
    sure = [item for item in group if item.seen == best]
    different = list({_saying(item): item for item in sure}.values())
    quantity, unit = _sum(different)
    places = dict.fromkeys(item.where for item in group if item.where)
    return InventoryItem(
        name=sure[0].name,
        quantity=quantity,
        unit=unit,
        seen=best,
        where=", ".join(places) or None,
    )


def _sum(items: Sequence[SeenItem]) -> tuple[float | None, str | None]:
    """The amounts together; (None, None) where one is open or the units differ."""
    units = {_unit(item) for item in items}
    amounts = [item.quantity for item in items if item.quantity is not None]
    complete = len(amounts) == len(items)
    if len(units) == 1:
        return math.fsum(amounts) if complete else None, items[0].unit
    scales = [_SCALES.get((item.unit or "").casefold()) for item in items]
    if not complete or scales[0] is None or {s and s[0] for s in scales} != {scales[0][0]}:
        return None, None
    whole = math.fsum(a * s[1] for a, s in zip(amounts, scales, strict=True) if s)
    return round(whole / scales[0][1], 6), items[0].unit


def _unit(item: SeenItem) -> str | None:
    return key_of(item.unit) if item.unit else None

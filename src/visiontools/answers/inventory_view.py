"""An inventory described for a person."""

from __future__ import annotations

from collections.abc import Sequence

from visiontools.answers.inventory import InventoryItem
from visiontools.views.blocks import Table


def amount_text(item: InventoryItem) -> str:
    """How much there is, for a person; nothing where nobody counted."""
    if item.quantity is None:
        return ""
    if not item.unit or item.unit.casefold() in ("piece", "pieces"):
        return f"{item.quantity:g}"  # "6 eggs" says as much as "6 pieces of eggs"
    return f"{item.quantity:g} {item.unit if item.quantity == 1 else _many(item.unit)}"


def _many(unit: str) -> str:
    """The plural of what is counted; units that are written short (g, ml) and plurals stay."""
    if len(unit) < 3 or unit.endswith("s"):
        return f"{unit}es" if unit.endswith("ss") else unit
    if unit.endswith(("x", "ch", "sh")):
        return f"{unit}es"
    if unit.endswith("loaf"):
        return f"{unit.removesuffix('f')}ves"
    return f"{unit}s"


def inventory_table(inventory: Sequence[InventoryItem]) -> Table:
    """Grouped by place, in the order the places were seen; a place is named once."""
    places = dict.fromkeys(item.where or "" for item in inventory)
    rows: list[tuple[str, str, str, str]] = []
    for place in places:
        here = [item for item in inventory if (item.where or "") == place]
        for index, item in enumerate(here):
            shown = "" if index else place or "not told"
            rows.append((shown, item.name, amount_text(item), item.seen))
    columns = ("Where", "Food", "Amount", "How sure")
    if not any(places):  # nobody said where
        return Table(columns[1:], tuple(row[1:] for row in rows), "In the fridge")
    return Table(columns, tuple(rows), "In the fridge")

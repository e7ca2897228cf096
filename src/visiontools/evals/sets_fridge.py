"""Fridges put together from public-domain drawings of food (Debian's package openclipart-svg)."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from visiontools.evals.browser import screenshot
from visiontools.evals.cases import Card, Case, DataSet, Truth
from visiontools.types import Upload

FOLDER = Path("/usr/share/openclipart/svg/food")
_WIDTH, _HEIGHT, _SHELF = 640, 760, 190
_SHELVES = ("top shelf", "second shelf", "third shelf", "bottom shelf")
_ROOM = 590
_GAP = 14


@dataclass(frozen=True, slots=True)
class Drawing:
    """A drawing of a food; ``one`` says that it shows one piece, so that pieces can be counted."""

    food: str
    file: str
    one: bool = True


DRAWINGS = (
    Drawing("cheese", "dairy/cheese_01"),
    Drawing("bacon", "meats_and_eggs/bacon_01", one=False),
    Drawing("steak", "meats_and_eggs/steak-v0.1"),
    Drawing("sausage", "meats_and_eggs/breakfast_sausage", one=False),
    Drawing("apple", "fruit/apple"),
    Drawing("pear", "fruit/pear"),
    Drawing("lemon", "fruit/lemon"),
    Drawing("lime", "fruit/lime_whole_ganson"),
    Drawing("orange", "fruit/orange"),
    Drawing("banana", "fruit/banana"),
    Drawing("strawberry", "fruit/strawberry"),
    Drawing("pineapple", "fruit/pineapple"),
    Drawing("grapes", "fruit/grapes_simple", one=False),
    Drawing("watermelon", "fruit/watermelon_simple", one=False),
    Drawing("cherries", "fruit/cherries", one=False),
    Drawing("garlic", "vegetables/aglio_architetto_frances_01", one=False),
    Drawing("radishes", "vegetables/ravanello_architetto_fra_01", one=False),
    Drawing("carrot", "vegetables/what_s_up_doc_01"),
    Drawing("tomatoes", "pomodori_architetto_fran_01", one=False),
    Drawing("mushroom", "champignon_01"),
    Drawing("orange juice", "beverages/orange_juice_box"),
    Drawing("apple juice", "beverages/apple_juice_box"),
    Drawing("bread", "breads_and_carbs/bread_01"),
    Drawing("croissant", "breads_and_carbs/croissant_01"),
)


def fridges(count: int, seed: int) -> Iterator[Case]:
    """Fridges of four shelves with some foods each; drawn when they are handed in."""
    for index in range(count):
        number = seed * 10_000 + index
        page, seen = composed(number)
        yield Case(
            id=f"fridge-{number}",
            tool="fridge",
            load=partial(_drawn, page),
            truth=Truth(observation=seen),
            condition=f"{len(seen['inventory'])} foods",
        )


def composed(number: int, folder: Path = FOLDER) -> tuple[str, dict[str, Any]]:
    """The page of one fridge, and what is in it."""
    draw = random.Random(f"fridge-{number}")
    foods = draw.sample(DRAWINGS, draw.randint(4, 10))
    placed: list[str] = []
    inventory: list[dict[str, Any]] = []
    left = [draw.randint(0, 40) for _ in _SHELVES]
    for drawing in foods:
        pieces = draw.randint(1, 3) if drawing.one else 1
        size = draw.randint(78, 120)
        room = pieces * (size + _GAP)
        shelf = min(range(len(_SHELVES)), key=lambda at: left[at])
        if left[shelf] + room > _ROOM:
            continue
        for _ in range(pieces):
            placed.append(_image(folder / f"{drawing.file}.svg", left[shelf], shelf, size))
            left[shelf] += size + _GAP
        inventory.append(
            {
                "name": drawing.food,
                "quantity": pieces if drawing.one else None,
                "unit": "piece" if drawing.one else None,
                "seen": "seen",
                "where": _SHELVES[shelf],
            }
        )
    return _page(placed, draw), {"picture": "fits", "inventory": inventory, "unknown": []}


def _image(path: Path, left: int, shelf: int, size: int) -> str:
    """A drawing that stands on its shelf."""
    bottom = _HEIGHT - (shelf + 1) * _SHELF + 14
    return (
        f'<img src="{path.as_uri()}" style="left:{left + 24}px;bottom:{bottom}px;'
        f'max-width:{size}px;max-height:{size}px">'
    )


def _page(placed: list[str], draw: random.Random) -> str:
    wall = draw.choice(("#f4f7f9", "#e9eef2", "#fbfbf7"))
    shelves = "".join(
        f'<i style="top:{(at + 1) * _SHELF - 12}px"></i>' for at in range(len(_SHELVES))
    )
    style = (
        "body{margin:0;background:#9aa5ad}"
        f"div{{position:relative;width:{_WIDTH}px;height:{_HEIGHT}px;margin:24px;"
        f"background:{wall};border:14px solid #cfd6db;border-radius:18px;overflow:hidden}}"
        "i{position:absolute;left:0;right:0;height:9px;background:#b7c6cf}img{position:absolute}"
    )
    inside = shelves + "".join(placed)
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style><div>{inside}</div>'


@lru_cache(maxsize=8)
def _drawn(page: str) -> tuple[Upload, ...]:
    return (
        Upload(screenshot(page, width=_WIDTH + 80, height=_HEIGHT + 80, scale=1), "fridge.png"),
    )


def _missing() -> str:
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if FOLDER.is_dir() and browser:
        return ""
    return "It needs drawings and a browser: apt install openclipart-svg chromium"


FRIDGES = DataSet(
    "fridge-composed",
    ("fridge",),
    Card(
        "Fridges put together from drawings",
        "Four shelves with four to ten of 24 foods, the countable ones once to three times.",
        "Put together from a seed, by visiontools.evals.sets_fridge, of drawings in Debian's "
        "package openclipart-svg, and drawn by Chromium.",
        "Every food by its name, and how many pieces where they can be counted.",
        "Clip art, not photos: nothing hides behind anything, no pack has a label.",
        "The drawings are in the public domain (Open Clip Art Library); the rest is made by this "
        "program.",
    ),
    fridges,
    30,
    _missing,
)

"""Invented products whose figures agree with each other, rounded the way labels round them.

Rounding sources: 21 CFR 101.9(c) for US labels; the European Commission's guidance document on
tolerances (December 2012), table 4, for EU labels.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import Literal

KJ = {"fat": 37.0, "carbohydrate": 17.0, "protein": 17.0, "fibre": 8.0}
KCAL = {"fat": 9.0, "carbohydrate": 4.0, "protein": 4.0, "fibre": 2.0}


@dataclass(frozen=True, slots=True)
class Product:
    """Content per 100 ml or g before any rounding; amounts in g, ``serving`` in ``unit``."""

    name: str
    unit: Literal["ml", "g"]
    serving: float
    container: float
    content: dict[str, float]

    @property
    def servings(self) -> float:
        """How many servings the container holds, as a label says it."""
        return max(1.0, round(self.container / self.serving * 2) / 2)


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount as a label prints it: ``text`` without its unit."""

    text: str
    amount: float
    less_than: bool = False


DRINKS = ("Citron Spark", "Apple Dew", "Blue Tonic", "Morning Malt", "Ginger Fizz", "Peach Tea")
FOODS = (
    "Oat Squares",
    "Golden Crackers",
    "Tomato Spread",
    "Nut Crunch",
    "Rice Puffs",
    "Bean Chips",
)


def product(rng: random.Random) -> Product:
    """One invented product: a drink or a food, its parts never larger than the whole."""
    if rng.random() < 0.5:
        return _drink(rng)
    carbohydrate = rng.uniform(5, 65)
    fat = rng.uniform(0.2, 30)
    content = {
        "fat": fat,
        "saturated_fat": fat * rng.uniform(0.1, 0.6),
        "carbohydrate": carbohydrate,
        "sugars": carbohydrate * rng.uniform(0.05, 0.8),
        "fibre": rng.uniform(0.5, 8),
        "protein": rng.uniform(1, 20),
        "salt": rng.uniform(0.02, 1.8),
    }
    serving = float(rng.choice((25, 28, 30, 40, 45, 50, 55, 60)))
    return Product(rng.choice(FOODS), "g", serving, serving * rng.choice((4, 5, 8, 10)), content)


def _drink(rng: random.Random) -> Product:
    carbohydrate = rng.choice((0.0, rng.uniform(1, 13)))
    fat = rng.choice((0.0, 0.0, rng.uniform(0.1, 3.6)))
    content = {
        "fat": fat,
        "saturated_fat": fat * rng.uniform(0.2, 0.65),
        "carbohydrate": carbohydrate,
        "sugars": carbohydrate * rng.uniform(0.7, 1.0),
        "fibre": 0.0,
        "protein": rng.choice((0.0, rng.uniform(0.2, 3.6))),
        "salt": rng.uniform(0.0, 0.25),
    }
    serving = float(rng.choice((200, 240, 250, 330, 355)))
    return Product(rng.choice(DRINKS), "ml", serving, serving * rng.choice((1, 1, 2, 3)), content)


def energy(content: dict[str, float], factors: dict[str, float]) -> float:
    """Energy of ``content`` with the conversion factors given (kJ or kcal per g)."""
    return sum(content[name] * factor for name, factor in factors.items())


def scaled(content: dict[str, float], factor: float) -> dict[str, float]:
    return {name: amount * factor for name, amount in content.items()}


def round_to(value: float, step: float) -> float:
    """To the nearest multiple of ``step``, halves up, without binary dust."""
    return round(math.floor(value / step + 0.5) * step, 4)


def eu_figure(nutrient: str, grams: float) -> Figure:
    """A European figure in g with a decimal point."""
    if nutrient == "salt":
        return _eu_small(grams, 0.0125, 0.01, 1.0, (0.01, 0.1))
    limit = 0.1 if nutrient == "saturated_fat" else 0.5
    return _eu_small(grams, limit, limit, 10.0, (0.1, 1.0))


def _eu_small(
    grams: float, nothing: float, less_than: float, coarse_from: float, steps: tuple[float, float]
) -> Figure:
    if grams <= nothing:
        return (
            Figure("0", 0.0) if grams < nothing / 2 else Figure(f"<{less_than:g}", less_than, True)
        )
    step = steps[0] if grams < coarse_from else steps[1]
    amount = round_to(grams, step)
    return Figure(f"{amount:.{2 if step == 0.01 else 0 if step == 1 else 1}f}", amount)


def us_calories(kcal: float) -> float:
    return 0.0 if kcal < 5 else round_to(kcal, 5 if kcal <= 50 else 10)


def us_figure(nutrient: str, grams: float) -> Figure:
    """A US figure: g, but sodium and cholesterol in mg (given in g here as well)."""
    if nutrient == "sodium":
        mg = grams * 1000
        amount = 0.0 if mg < 5 else round_to(mg, 5 if mg <= 140 else 10)
        return Figure(f"{amount:g}", amount)
    if nutrient in ("fat", "saturated_fat", "trans_fat"):
        amount = 0.0 if grams < 0.5 else round_to(grams, 0.5 if grams < 5 else 1)
        return Figure(f"{amount:g}", amount)
    if 0.5 <= grams < 1:
        return Figure("less than 1", 1.0, True)
    amount = 0.0 if grams < 0.5 else round_to(grams, 1)
    return Figure(f"{amount:g}", amount)

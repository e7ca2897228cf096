"""Sets for tools that need eyes: what is not there must not be seen.

No package registry has photos of damaged cars or of fridges, so these are drawn; with your own
photos in a folder (``folder.py``) the same commands measure what matters to you.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from PIL import Image

from visiontools.evals.cases import Card, Case, DataSet, Truth, held
from visiontools.evals.drawn_cars import car
from visiontools.evals.labels_draw import png
from visiontools.evals.sets_read import blank, diagrams, labels
from visiontools.types import Upload

_PAPERS = ((236, 232, 222), (250, 250, 250), (30, 32, 36))


def whole_cars(count: int, seed: int) -> Iterator[Case]:
    """Two of three pictures are of a car without damage, the others of something else."""
    others = _others(count // 3 + 1, seed)
    for index in range(count):
        if index % 3 == 2:
            yield next(others)
            continue
        number = seed * 10_000 + index
        image, colour = car(number)
        observation = {
            "picture": "fits",
            "damage_visible": "no",
            "vehicles": [{"id": "A", "colour": colour}],
            "damages": [],
            "views": ["left"],
        }
        yield Case(
            id=f"car-{number}",
            tool="car_damage",
            load=held(Upload(png(image), "car.png")),
            truth=Truth(observation=observation, answer={"/damage_visible": "no", "/parts": []}),
            condition="a car without damage",
        )


def _others(count: int, seed: int) -> Iterator[Case]:
    """A label, a diagram or an empty picture: no car in it."""
    for index, (name, load) in enumerate(_no_cars(count, seed)):
        yield Case(
            id=f"{name}-{index}",
            tool="car_damage",
            load=load,
            truth=Truth(expected="none"),
            condition="not a car",
        )


def _no_cars(count: int, seed: int) -> Iterator[tuple[str, Callable[[], tuple[Upload, ...]]]]:
    draw = random.Random(f"no-car-{seed}")
    printed, drawn = labels(count, seed + 2), diagrams(count, seed + 2)
    for index in range(count):
        if index % 3 == 0:
            yield "label", next(printed).load
        elif index % 3 == 1:
            yield "diagram", next(drawn).load
        else:
            yield "blank", held(blank(640, 400, draw.choice(_PAPERS)))


def empty_fridges(count: int, seed: int) -> Iterator[Case]:
    """Pictures without any food: cars, diagrams, empty ones."""
    for index in range(count):
        number = seed * 10_000 + index
        if index % 2:
            name, load = "car", held(Upload(png(car(number)[0]), "car.png"))
        else:
            specks = random.Random(f"noise-{number}").randbytes(160 * 120)
            noise = Image.frombytes("L", (160, 120), specks).resize((640, 480)).convert("RGB")
            name, load = "noise", held(Upload(png(noise), "noise.png"))
        yield Case(
            id=f"{name}-{number}",
            tool="fridge",
            load=load,
            truth=Truth(expected="none"),
            condition=f"no food: {name}",
        )


CARS = DataSet(
    "cars-undamaged",
    ("car_damage",),
    Card(
        "Cars without damage, and no cars",
        "Drawn cars of three builds and seven colours without a scratch; every third picture is a "
        "label, a diagram or empty.",
        "Drawn by visiontools.evals.drawn_cars from a seed.",
        "No damage is visible, or there is no car.",
        "Drawings, not photos, and no damaged ones: it counts damage that is made up, not damage "
        "that is missed.",
        "Made by this program.",
    ),
    whole_cars,
    45,
)
FRIDGES = DataSet(
    "fridge-nothing",
    ("fridge",),
    Card(
        "Pictures without food",
        "Drawn cars and noise handed to Know Your Fridge.",
        "Drawn from a seed.",
        "There is nothing to answer.",
        "It counts food that is made up, not food that is missed.",
        "Made by this program.",
    ),
    empty_fridges,
    20,
)

"""Observations to plant: what a model would report, drawn by chance from each tool's own words."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_args

from visiontools.answers.damage import PARTS, DamageTypeName, Depth, Hazard, Paint, Size
from visiontools.data import examples_folder
from visiontools.evals.charts_data import invented
from visiontools.evals.diagrams_graphs import random_plan
from visiontools.evals.labels_us import render_us
from visiontools.evals.needles import thread
from visiontools.evals.receipts_goods import invented_receipt
from visiontools.evals.sets_read import blank
from visiontools.evals.sets_texts import invites
from visiontools.registry import AnyTool, Tools
from visiontools.types import Upload

_FOODS = ("milk", "eggs", "butter", "tomatoes", "leeks", "cheddar", "yoghurt", "mustard", "ham",
          "carrots", "orange juice", "cream")  # fmt: skip
_PLACES = ("top shelf", "middle shelf", "door", "drawer", None)
_THINGS = ("dog", "bench", "tree", "woman", "bicycle", "lantern", "cat", "boat")
_REGIONS = ("station", "lake", "school", "car park", "wood", "museum", "bridge")


@dataclass(frozen=True, slots=True)
class Planted:
    """An observation and what is handed in with it."""

    tool: str
    observation: dict[str, Any]
    upload: Upload
    options: dict[str, Any]


def planted(tools: Tools, count: int, seed: int) -> Iterator[Planted]:
    """``count`` observations of every tool whose schema is known here, and the declining ones."""
    for name, tool in tools.items():
        if name in MAKERS:
            yield from _of(tool, count, seed)


def _of(tool: AnyTool, count: int, seed: int) -> Iterator[Planted]:
    for index in range(count):
        draw = random.Random(f"{tool.name}-{seed}-{index}")
        if index == 0:
            yield _sample(tool)
        else:
            yield MAKERS[tool.name](draw, seed * 1000 + index)
    if tool.name in _CAN_DECLINE:
        other = {"picture": "other", "picture_shows": "a cat on a sofa"}
        yield Planted(tool.name, other, picture(), {})
        yield Planted(tool.name, {"picture": "cannot_tell"}, picture(), {})


def _sample(tool: AnyTool) -> Planted:
    """What a person saw in the tool's own example, without what they proposed."""
    folder = examples_folder()
    sample = tool.samples[0]
    stem = sample.picture.rsplit(".", 1)[0]
    said = json.loads((folder / f"{stem}.observation.json").read_text("utf-8"))
    said.pop("proposal", None)
    upload = Upload((folder / sample.picture).read_bytes(), sample.picture)
    options = {"zone": "Europe/Berlin"} if tool.name == "invite" else {}
    return Planted(tool.name, said, upload, options)


def picture() -> Upload:
    """Any picture: the server that is asked says what it is told, whatever it is shown."""
    return blank(320, 200, (210, 214, 220))


def _diet(draw: random.Random, number: int) -> Planted:
    _, truth = render_us(number)
    return Planted("diet", truth.model_dump(mode="json"), picture(), {})


def _flow(draw: random.Random, number: int) -> Planted:
    plan = random_plan(number)
    nodes = [
        {"id": f"n{i}", "label": label, "shape": shape}
        for i, (label, shape) in enumerate(zip(plan.labels, plan.shapes, strict=True), 1)
    ]
    edges = [{"from": f"n{a + 1}", "to": f"n{b + 1}", "label": said} for a, b, said in plan.edges]
    seen = {"picture": "fits", "nodes": nodes, "edges": edges}
    return Planted("flow_diagram", seen, picture(), {})


def _car(draw: random.Random, number: int) -> Planted:
    damages = [
        {
            "vehicle": "A",
            "part": draw.choice(PARTS),
            "side": draw.choice(("left", "right", "centre", "cannot_tell")),
            "damage_type": draw.choice(get_args(DamageTypeName)),
            "size": draw.choice(get_args(Size)),
            "depth": draw.choice(get_args(Depth)),
            "paint": draw.choice(get_args(Paint)),
            "evidence": 'A mark that isn\'t paint, "plain" to see near the edge.',
        }
        for _ in range(draw.randint(1, 4))
    ]
    seen = {
        "picture": "fits",
        "vehicles": [{"id": "A", "colour": draw.choice(("red", "blue", "white"))}],
        "damage_visible": "yes",
        "damages": damages,
        "views": ["front", "left"],
        "hazards": draw.sample(get_args(Hazard), draw.randint(0, 2)),
    }
    return Planted("car_damage", seen, picture(), {})


def _fridge(draw: random.Random, number: int) -> Planted:
    foods = [
        {
            "name": name,
            "quantity": draw.choice((None, 1, 2, 6)),
            "unit": draw.choice((None, "piece", "carton")),
            "seen": draw.choice(("seen", "likely", "unclear")),
            "where": draw.choice(_PLACES),
        }
        for name in draw.sample(_FOODS, draw.randint(2, 7))
    ]
    seen = {"picture": "fits", "inventory": foods, "unknown": ["white tub, top shelf"]}
    return Planted("fridge", seen, picture(), {})


def _caption(draw: random.Random, number: int) -> Planted:
    things = draw.sample(_THINGS, draw.randint(1, 3))
    seen = {
        "picture": "fits",
        "kind": draw.choice(("photo", "drawing")),
        "subjects": [{"what": what, "count": draw.randint(1, 3)} for what in things],
        "setting": "in a park",
        "visible_text": draw.sample(["EXIT", "Tea 2.50", "Mind the gap"], draw.randint(0, 2)),
        "caption": f"A {things[0]} in a park.",
        "alt": f"A {things[0]} stands in a park.",
        "description": f"There is a {things[0]}. It is in a park.",
    }
    return Planted("caption", seen, picture(), {})


def _scene(draw: random.Random, number: int) -> Planted:
    regions = [
        {"name": name, "words": name.upper(), "cells": [f"{draw.choice('ABCDEF')}{n}", f"A{n}"]}
        for n, name in enumerate(draw.sample(_REGIONS, draw.randint(2, 5)), 1)
    ]
    seen = {"picture": "fits", "kind": draw.choice(("map", "plan")), "regions": regions}
    return Planted("scene", seen, picture(), {})


def _chart(draw: random.Random, number: int) -> Planted:
    drawn = invented_receipt(draw) if number % 2 else invented(draw, grouped=True)
    truth = drawn.truth()
    return Planted("chart", truth.model_dump(mode="json"), picture(), {})


def _messages(draw: random.Random, number: int) -> Planted:
    text, needles = thread(900, number)
    decisions = [{"text": "A code.", "quote": n.text, "message": 1} for n in needles[:4]]
    todos = [{"text": "Look again.", "quote": needles[4].text, "message": 2, "owner": "Anna"}]
    seen = {"summary": "Codes of the archive.", "decisions": decisions, "todos": todos}
    return Planted("messages", seen, Upload(text.encode(), "thread.txt"), {})


def _invite(draw: random.Random, number: int) -> Planted:
    case = next(case for case in invites(4, number) if case.truth.observation)
    seen = dict(case.truth.observation or {})
    return Planted("invite", seen, case.uploads[0], dict(case.options))


MAKERS: dict[str, Callable[[random.Random, int], Planted]] = {
    "diet": _diet,
    "flow_diagram": _flow,
    "car_damage": _car,
    "fridge": _fridge,
    "caption": _caption,
    "chart": _chart,
    "scene": _scene,
    "messages": _messages,
    "invite": _invite,
}
_CAN_DECLINE = ("diet", "flow_diagram", "car_damage", "chart", "fridge", "scene")

"""Facts of an observation: by name, whatever their order and whatever ids a model made up."""

from __future__ import annotations

from typing import Any

from visiontools.evals.cases import Truth
from visiontools.evals.facts import facts_of
from visiontools.evals.scorers import score
from visiontools.types import Outcome, Record


def diagram(first: str, second: str, shape: str = "box") -> dict[str, Any]:
    return {
        "nodes": [
            {"id": second, "label": "Send  it", "shape": shape},
            {"id": first, "label": "Start", "shape": "oval"},
        ],
        "edges": [{"from": first, "to": second, "label": None}],
    }


def test_a_diagram_is_its_texts_and_arrows() -> None:
    assert facts_of("flow_diagram", diagram("a", "b")) == facts_of(
        "flow_diagram", diagram("n1", "n2", "rounded")
    )
    assert facts_of("flow_diagram", diagram("a", "b")) != facts_of(
        "flow_diagram", diagram("a", "b", "diamond")
    )


def test_a_reversed_arrow_is_another_fact() -> None:
    seen = diagram("a", "b")
    seen["edges"][0] = {"from": "b", "to": "a"}
    assert "arrow Sendit -> Start" in facts_of("flow_diagram", seen)
    assert "arrow Start -> Sendit" not in facts_of("flow_diagram", seen)


def test_a_food_goes_by_its_kind_and_twice_is_two() -> None:
    seen = {"inventory": [{"name": "Tomatoes"}, {"name": "tomato", "quantity": 2}]}
    assert facts_of("fridge", seen) == {
        "food tomato": True,
        "food tomato (2)": True,
        "food tomato (2), how many": 2,
    }


def test_damage_goes_by_part_and_side() -> None:
    seen = {
        "damage_visible": "yes",
        "damages": [{"part": "front_door", "side": "left", "damage_type": "dent"}],
        "hazards": ["broken_glass"],
    }
    assert facts_of("car_damage", seen) == {
        "damage visible": "yes",
        "damage front_door left": "dent",
        "hazard broken_glass": True,
    }


def test_a_point_goes_by_its_quote_and_a_to_do_has_owner_and_day() -> None:
    seen = {"todos": [{"text": "x", "quote": "Anna, “please” call", "owner": "Anna", "due": None}]}
    assert facts_of("messages", seen) == {
        'todo “Anna, "please" call”': True,
        'todo “Anna, "please" call” owner': "Anna",
    }


def test_cells_of_a_region_are_a_set() -> None:
    one = {"kind": "map", "regions": [{"name": "Lake", "cells": ["B2", "A2:B2"]}]}
    other = {"kind": "map", "regions": [{"name": "lake", "cells": ["A2", "B2"]}]}
    assert facts_of("scene", one) == facts_of("scene", other)


def test_a_tool_of_your_own_has_a_fact_for_each_leaf() -> None:
    seen = {"picture": "fits", "things": [{"name": "plum", "count": 9, "note": None}]}
    assert facts_of("shelf", seen) == {"/things/0/name": "plum", "/things/0/count": 9}


def test_a_value_of_a_chart_has_its_name_and_may_be_read_off_nearly() -> None:
    truth = {"series": [{"values": [{"category": "January", "estimated": 100.0}]}]}
    near = {"series": [{"values": [{"category": "Januarv", "estimated": 101.0}]}]}
    far = {"series": [{"values": [{"category": "January", "estimated": 103.0}]}]}
    assert facts_of("chart", truth) == {"bar / january / estimated": 100.0}
    for seen, verdict in ((truth, "right"), (near, "right"), (far, "wrong")):
        record = Record.model_construct(
            outcome=Outcome.ANSWERED, observation=seen, unconfirmed=(), answer={}, reply=None
        )
        assert score("chart", Truth(observation=truth), record).verdict == verdict

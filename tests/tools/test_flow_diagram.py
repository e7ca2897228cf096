"""Code Generation at the tool's own door: observation in, decision out."""

from __future__ import annotations

import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from PIL import Image
from tests.answers.flow_graphs import diagrams

from visiontools.answers.flow import normalise
from visiontools.answers.flow_answer import FlowAnswer
from visiontools.answers.flow_python import python, python_state_machine
from visiontools.answers.flow_try import try_program
from visiontools.answers.graph import SeenDiagram
from visiontools.tooling import Case, Decision
from visiontools.tools.flow_diagram import FlowDiagram, FlowDiagramOptions
from visiontools.types import Outcome
from visiontools.views.blocks import Code, Diagram, Items, Notice, Text
from visiontools.views.plain import steps_table

EXAMPLES = Path(__file__).parents[2] / "examples"
NODES = [
    {"id": "s", "label": "Start", "shape": "oval"},
    {"id": "d", "label": "Done?", "shape": "diamond"},
    {"id": "w", "label": "Work", "shape": "box"},
    {"id": "e", "label": "End", "shape": "oval"},
]
EDGES = [("s", "d", None), ("d", "w", "No"), ("w", "d", None), ("d", "e", "Yes")]


def observation(**changes: Any) -> dict[str, Any]:
    arrows = [{"from": a, "to": b, "label": label} for a, b, label in EDGES]
    return {"nodes": NODES, "edges": arrows, **changes}


def decide(seen: dict[str, Any], **case: Any) -> Decision[FlowAnswer]:
    options = FlowDiagramOptions.model_validate(case.pop("options", {}))
    return FlowDiagram().decide(SeenDiagram.model_validate(seen), Case(options, **case))


def answer(decision: Decision[FlowAnswer]) -> FlowAnswer:
    assert decision.answer is not None
    return decision.answer


def failed(decision: Decision[FlowAnswer]) -> list[str]:
    return [check.name for check in decision.checks if not check.ok]


def test_a_clean_diagram_is_answered_with_every_check_held() -> None:
    made = decide(observation())
    assert made.outcome is Outcome.ANSWERED
    assert failed(made) == []
    assert 'while done(state) == "No":\n        work(state)' in answer(made).python


def test_the_record_says_from_and_to() -> None:
    dumped = json.loads(answer(decide(observation())).model_dump_json())
    assert dumped["edges"][1] == {"from": "d", "to": "w", "label": "No"}
    assert dumped["nodes"][1] == {"id": "d", "label": "Done?", "kind": "decision"}
    assert FlowAnswer.model_validate(dumped).edges[1].source == "d"


def test_an_arrow_to_nowhere_fails_in_public() -> None:
    seen = observation()
    seen["edges"].append({"from": "d", "to": "zz"})
    made = decide(seen)
    assert made.outcome is Outcome.PARTLY
    check = next(c for c in made.checks if c.name == "every arrow joins two known shapes")
    assert not check.ok
    assert "zz" in check.detail


def test_a_decision_with_one_exit_makes_it_partly() -> None:
    seen = observation()
    seen["edges"] = [edge for edge in seen["edges"] if edge["label"] != "No"]
    made = decide(seen)
    assert made.outcome is Outcome.PARTLY
    assert "every decision has two exits" in failed(made)
    assert "Done?" in made.message


def test_what_the_reader_could_not_read_makes_it_partly() -> None:
    made = decide(observation(), notes=("An arrow at the right is cut off.",))
    assert made.outcome is Outcome.PARTLY
    assert "the whole diagram was read" in failed(made)


def test_a_text_read_once_is_shown_as_such() -> None:
    made = decide(observation(), unconfirmed=frozenset({"/nodes/2/label"}))
    assert made.outcome is Outcome.ANSWERED
    assert failed(made) == ["every text was read the same way twice"]


@pytest.mark.parametrize(
    ("seen", "outcome", "said"),
    [
        ({"picture": "other", "picture_shows": "a cat"}, Outcome.WRONG_PICTURE, "a cat"),
        ({"picture": "cannot_tell"}, Outcome.CANNOT_TELL, "too unclear"),
        ({"picture": "fits"}, Outcome.CANNOT_TELL, "No shapes"),
    ],
)
def test_without_a_diagram_there_is_no_answer(
    seen: dict[str, Any], outcome: Outcome, said: str
) -> None:
    made = decide(seen)
    assert made.outcome is outcome
    assert made.answer is None
    assert said in made.message


def test_a_trial_shows_the_steps_it_took() -> None:
    made = decide(observation(), options={"try": "true"})
    trace = answer(made).trace
    assert trace is not None
    assert [(step.node, step.answer) for step in trace.steps] == [
        ("d", "No"),
        ("w", None),
        ("d", "Yes"),
    ]
    assert trace.outcome == "End"
    assert "the trial run takes the steps of the diagram" not in failed(made)


def test_an_endless_trial_is_stopped() -> None:
    seen = {"nodes": NODES[2:3], "edges": [{"from": "w", "to": "w"}]}
    trace = answer(decide(seen, options={"try": True})).trace
    assert trace is not None
    assert trace.error is None
    assert trace.outcome is None
    assert len(trace.steps) == 200


def test_a_trial_without_the_sandbox_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "pydantic_monty", None)
    made = decide(observation(), options={"try": True})
    assert made.outcome is Outcome.PARTLY
    assert "visiontools[sandbox]" in made.checks[-1].detail
    assert answer(made).python


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(diagrams())
def test_the_program_does_in_the_sandbox_what_the_diagram_says(seen: SeenDiagram) -> None:
    graph = normalise(seen).graph
    for source in (python(graph), python_state_machine(graph)):
        trial = try_program(source, graph)
        assert trial.error is None
        assert trial.done == trial.wanted


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(diagrams())
def test_whatever_is_seen_the_code_is_right(seen: SeenDiagram) -> None:
    made = FlowDiagram().decide(seen, Case(FlowDiagramOptions()))
    ours = ("Mermaid", "Python")
    assert [name for name in failed(made) if any(word in name for word in ours)] == []
    assert made.message
    assert "\n" not in made.message
    assert FlowDiagram().show(answer(made))


def test_a_person_sees_summary_faults_steps_code_and_trial() -> None:
    seen = observation()
    seen["nodes"] = [*NODES, {"id": "x", "label": "Lost", "shape": "box"}]
    blocks = FlowDiagram().show(answer(decide(seen, options={"try": True})))
    kinds = [type(block) for block in blocks]
    assert kinds == [Text, Notice, Diagram, Code, Code, Items]
    drawn = blocks[2]
    assert isinstance(drawn, Diagram)
    assert steps_table(drawn).rows[1] == ("Done?", "decision", "No: Work; Yes: End")


@pytest.mark.parametrize("sample", FlowDiagram.samples)
def test_the_samples_are_clean(sample: Any) -> None:
    path = EXAMPLES / sample.picture
    with Image.open(path) as picture:
        assert picture.size[0] == 760
    seen = json.loads(path.with_suffix(".observation.json").read_text(encoding="utf-8"))
    made = decide(seen)
    assert made.outcome is Outcome.ANSWERED
    assert failed(made) == []


def test_the_schemas_are_plain_json_schema() -> None:
    schema = FlowAnswer.model_json_schema(by_alias=True)
    assert set(schema["$defs"]["FlowEdge"]["properties"]) == {"from", "to", "label"}
    assert "try" in FlowDiagramOptions.model_json_schema()["properties"]


def _walked(made: Any) -> list[str]:
    (drawn,) = [b for b in FlowDiagram().show(answer(made)) if isinstance(b, Diagram)]
    return [step.label for step in drawn.steps]


def test_a_person_sees_the_steps_in_the_order_they_are_walked() -> None:
    assert _walked(decide(observation())) == ["Start", "Done?", "Work", "End"]
    mixed = observation(nodes=[NODES[3], NODES[2], NODES[1], NODES[0]])
    assert _walked(decide(mixed)) == ["Start", "Done?", "Work", "End"]


def test_steps_no_arrow_leads_to_come_last() -> None:
    lost = {"id": "x", "label": "Lost", "shape": "box"}
    again = {"id": "y", "label": "Again", "shape": "box"}
    edges = [{"from": a, "to": b} for a, b in [("x", "y"), ("y", "x"), ("s", "e")]]
    made = decide({"nodes": [lost, again, NODES[0], NODES[3]], "edges": edges})
    assert _walked(made) == ["Start", "End", "Lost", "Again"]


@pytest.mark.parametrize("count", [199, 200, 201])
def test_a_trial_of_as_many_steps_as_are_tried_agrees_with_the_diagram(count: int) -> None:
    """The 200th step may be the last one: the flow is then over, not stopped."""
    work = [{"id": f"n{i}", "label": f"Step {i}", "shape": "box"} for i in range(count)]
    ids = ["s", *(node["id"] for node in work), "e"]
    arrows = [{"from": a, "to": b} for a, b in itertools.pairwise(ids)]
    seen = {"nodes": [NODES[0], *work, NODES[3]], "edges": arrows}
    made = decide(seen, options={"try": True})
    assert failed(made) == []
    trace = answer(made).trace
    assert trace is not None
    assert trace.outcome == ("End" if count <= 200 else None)


def test_the_program_and_the_summary_count_alike() -> None:
    made = answer(decide(observation()))
    assert "A flow of 1 step, 1 decision and 4 arrows" in made.summary
    assert '"""A flow of 1 step and 1 decision, made from a diagram' in made.python


def test_a_start_alone_is_no_flow() -> None:
    made = decide({"nodes": [NODES[0]], "edges": []})
    assert made.outcome is Outcome.PARTLY
    assert "No arrow leaves the start" in made.message


def test_two_thousand_shapes_take_no_time() -> None:
    nodes = [{"id": f"n{i}", "label": f"Step {i}"} for i in range(2000)]
    arrows = [{"from": f"n{i}", "to": f"n{i + 1}"} for i in range(1999)]
    began = time.process_time()
    assert answer(decide({"nodes": nodes, "edges": arrows})).python
    assert time.process_time() - began < 10

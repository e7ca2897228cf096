"""All four tools behind a real model server: what models really say, and what comes of it."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.types import Outcome, Provenance, Record, Request, Upload

EXAMPLES = Path(__file__).parents[1] / "examples"
LABEL = {
    "picture": "fits",
    "products": [
        {
            "name": "Cola",
            "container": {"amount": 330, "unit": "ml"},
            "rows": [
                {"nutrient": "energy", "amount": 180, "unit": "kJ", "basis": "per_100ml"},
                {"nutrient": "energy", "amount": 42, "unit": "kcal", "basis": "per_100ml"},
                {"nutrient": "sugars", "amount": 10.6, "unit": "g", "basis": "per_100ml"},
            ],
        },
        {
            "name": "Tea",
            "rows": [
                {"nutrient": "energy", "amount": 80, "unit": "kJ", "basis": "per_100ml"},
                {"nutrient": "energy", "amount": 19, "unit": "kcal", "basis": "per_100ml"},
                {"nutrient": "sugars", "amount": 4.5, "unit": "g", "basis": "per_100ml"},
            ],
        },
    ],
}
FLOW = {
    "picture": "fits",
    "nodes": [
        {"id": "n1", "label": "Start", "shape": "oval"},
        {"id": "n2", "label": "x > 3?", "shape": "diamond"},
        {"id": "n3", "label": "Ship it", "shape": "box"},
        {"id": "n4", "label": "End", "shape": "oval"},
    ],
    "edges": [
        {"from": "n1", "to": "n2"},
        {"from": "n2", "to": "n3", "label": "Yes"},
        {"from": "n2", "to": "n4", "label": "No"},
        {"from": "n3", "to": "n4"},
    ],
}
CAR = json.loads((EXAMPLES / "car_damage.observation.json").read_text("utf-8"))
FRIDGE = json.loads((EXAMPLES / "fridge.observation.json").read_text("utf-8"))
PROPOSAL = FRIDGE.pop("proposal")
SEEN: dict[str, dict[str, Any]] = {
    "diet": LABEL,
    "flow_diagram": FLOW,
    "car_damage": CAR,
    "fridge": FRIDGE,
}
TOOLS = tuple(SEEN)


def picture(colour: str = "tan") -> Upload:
    buffer = io.BytesIO()
    Image.new("RGB", (600, 400), colour).save(buffer, "PNG")
    return Upload(buffer.getvalue(), f"{colour}.png")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def pipeline(server: ModelServer, tmp_path: Path) -> AsyncIterator[Pipeline]:
    box = Endpoint(url=server.url, model="scripted", deadline_s=20)
    async with Pipeline.open(Settings(data_folder=tmp_path, endpoints={"box": box})) as running:
        yield running


async def ask(pipeline: Pipeline, tool: str, **more: Any) -> Record:
    given: dict[str, Any] = {"uploads": (picture(),), "endpoint": "box", **more}
    return await pipeline.run(Request(tool, **given)).record()


def answer(record: Record) -> dict[str, Any]:
    assert record.answer is not None, record.message
    return record.answer


def say_in_noise(server: ModelServer, said: dict[str, Any]) -> None:
    text = json.dumps(said, indent=2)
    server.say_raw(f"**Here is what I see:**\n\n```json\n{text}\n```\n\nLet me know if {{more}}!")


@pytest.mark.parametrize("tool", TOOLS)
async def test_an_answer_in_noise_is_found_and_every_field_has_a_source(
    pipeline: Pipeline, server: ModelServer, tool: str
) -> None:
    say_in_noise(server, SEEN[tool])
    if tool == "fridge":
        server.say(PROPOSAL)
    record = await ask(pipeline, tool)
    assert record.outcome in (Outcome.ANSWERED, Outcome.PARTLY), record.message
    assert record.attempts == (2 if tool == "fridge" else 1), "nothing had to be repaired"
    assert answer(record)
    assert record.provenance
    assert Provenance.EDITED not in record.provenance.values()
    assert record.checks
    assert record.observer is not None
    assert record.observer.endpoint == "box"


@pytest.mark.parametrize("tool", TOOLS)
async def test_another_kind_of_picture_is_said_to_be_one(
    pipeline: Pipeline, server: ModelServer, tool: str
) -> None:
    server.say({"picture": "other", "picture_shows": "a dog on a beach"})
    record = await ask(pipeline, tool)
    assert record.outcome is Outcome.WRONG_PICTURE
    assert record.answer is None
    assert "a dog on a beach" in record.message


@pytest.mark.parametrize("tool", TOOLS)
async def test_a_model_that_cannot_tell_is_believed(
    pipeline: Pipeline, server: ModelServer, tool: str
) -> None:
    server.say({"picture": "cannot_tell"})
    record = await ask(pipeline, tool)
    assert record.outcome is Outcome.CANNOT_TELL, record.message
    assert record.message.endswith(".")


@pytest.mark.parametrize("tool", TOOLS)
async def test_a_refusal_is_no_answer(pipeline: Pipeline, server: ModelServer, tool: str) -> None:
    server.say_raw("I'm sorry, but I can't help with that image.")
    record = await ask(pipeline, tool)
    assert record.outcome is Outcome.REFUSED
    assert record.answer is None


MOUTHFUL = {"nutrient": "energy", "amount": 9, "unit": "kcal", "basis": "per_mouthful"}
INVENTED: dict[str, tuple[tuple[str, int, str], Any]] = {
    "diet": (("products", 0, "rows"), [MOUTHFUL]),
    "flow_diagram": (("nodes", 1, "shape"), "wobbly"),
    "car_damage": (("damages", 0, "damage_type"), "haunted"),
    "fridge": (("inventory", 0, "seen"), "smelled"),
}


@pytest.mark.parametrize("tool", TOOLS)
async def test_an_invented_value_is_repaired_by_asking_again(
    pipeline: Pipeline, server: ModelServer, tool: str
) -> None:
    (items, index, field), value = INVENTED[tool]
    wrong = json.loads(json.dumps(SEEN[tool]))
    wrong[items][index][field] = value
    server.say(wrong).say(SEEN[tool])
    if tool == "fridge":
        server.say(PROPOSAL)
    record = await ask(pipeline, tool)
    assert record.outcome in (Outcome.ANSWERED, Outcome.PARTLY), record.message
    assert field in server.requests[1].text, "the model is told which field was wrong"
    assert record.attempts == (3 if tool == "fridge" else 2)


async def test_several_products_are_compared_by_code(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(LABEL)
    record = await ask(pipeline, "diet")
    found = answer(record)
    assert [product["per_100"]["energy_kcal"] for product in found["products"]] == [42, 19]
    assert found["choice"]["index"] == 1
    assert record.provenance["/choice/index"] is Provenance.COMPUTED
    assert all(check.ok for check in record.checks)


async def test_figures_that_contradict_each_other_fail_in_public(
    pipeline: Pipeline, server: ModelServer
) -> None:
    wrong = json.loads(json.dumps(LABEL))
    wrong["products"][0]["rows"][0]["amount"] = 810  # kJ against 42 kcal
    server.say(wrong)
    record = await ask(pipeline, "diet")
    assert record.outcome is Outcome.PARTLY
    assert [check for check in record.checks if not check.ok]
    assert answer(record)["choice"]["index"] is None


async def test_a_diagram_becomes_a_program_that_compiles(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(FLOW)
    record = await ask(pipeline, "flow_diagram")
    assert record.outcome is Outcome.ANSWERED, record.message
    found = answer(record)
    compile(found["python"], "flow.py", "exec")
    assert 'state["x"] > 3' in found["python"]
    assert {node["kind"] for node in found["nodes"]} == {"start", "decision", "process", "end"}


async def test_of_several_cars_the_damaged_one_must_be_named(
    pipeline: Pipeline, server: ModelServer
) -> None:
    two = json.loads(json.dumps(CAR))
    two["vehicles"] = [{"id": "A", "colour": "red"}, {"id": "B", "colour": "blue"}]
    for number, damage in enumerate(two["damages"]):
        damage["vehicle"] = "AB"[number % 2]
    server.say(two)
    record = await ask(pipeline, "car_damage")
    assert record.outcome is Outcome.PARTLY
    assert answer(record)["cost"] is None
    assert "vehicle=A" in record.message
    named = await ask(pipeline, "car_damage", options={"vehicle": "A"})
    assert answer(named)["cost"]["expected"] > 0
    assert {part["vehicle"] for part in answer(named)["parts"]} == {"A"}


async def test_no_damage_is_an_answer(pipeline: Pipeline, server: ModelServer) -> None:
    server.say({"picture": "fits", "vehicles": [{"id": "A"}], "damage_visible": "no"})
    record = await ask(pipeline, "car_damage")
    assert record.outcome is Outcome.ANSWERED, record.message
    assert answer(record)["parts"] == []


async def test_dishes_are_held_to_the_inventory(pipeline: Pipeline, server: ModelServer) -> None:
    server.say(FRIDGE).say(PROPOSAL)
    record = await ask(pipeline, "fridge")
    found = answer(record)
    at_hand = {item["name"] for item in found["inventory"]}
    assert [request.pictures for request in server.requests] == [1, 0]
    assert all(set(dish["uses"]) <= at_hand for dish in found["dishes"])
    assert [dish["name"] for dish in found["dropped"]] == ["Carbonara"]
    assert "proposed_dishes_stand" in {check.name for check in record.checks if not check.ok}


async def test_an_empty_fridge_is_an_answer_and_nobody_is_asked_for_dishes(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say({"picture": "fits", "inventory": [], "unknown": []})
    record = await ask(pipeline, "fridge")
    assert record.outcome is Outcome.ANSWERED
    assert len(server.requests) == 1


@pytest.mark.parametrize("tool", TOOLS)
async def test_two_uploads_are_one_canvas_for_the_model(
    pipeline: Pipeline, server: ModelServer, tool: str
) -> None:
    server.say(SEEN[tool])
    if tool == "fridge":
        server.say(PROPOSAL)
    record = await ask(pipeline, tool, uploads=(picture("red"), picture("navy")))
    assert record.outcome in (Outcome.ANSWERED, Outcome.PARTLY), record.message
    assert server.requests[0].pictures == 1
    assert len(record.inputs) == 2
    assert len({sent.sent.sha256 for sent in record.inputs if sent.sent}) == 1


@pytest.mark.parametrize("tool", TOOLS)
async def test_a_question_gets_a_reply_that_stands_on_the_answer(
    pipeline: Pipeline, server: ModelServer, tool: str
) -> None:
    grounds = {
        "diet": "/choice/index",
        "flow_diagram": "/nodes/0/label",
        "car_damage": "/severity",
        "fridge": "/inventory/0/name",
    }[tool]
    server.say(SEEN[tool])
    if tool == "fridge":
        server.say(PROPOSAL)
    server.say({"text": "It is as the answer says.", "grounds": [grounds]})
    record = await ask(pipeline, tool, ask="Is it so?")
    assert record.reply is not None, record.checks
    assert record.reply.grounds == (grounds,)
    assert all(check.ok for check in record.checks if check.name.startswith("reply_"))
    assert "Is it so?" in server.requests[-1].text

"""A person puts an observation right: code decides anew, and both records stand side by side."""

from __future__ import annotations

import copy
import datetime as dt
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from visiontools.corrections import corrections
from visiontools.errors import UsageError
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.pointers import resolve
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.types import Outcome, Provenance, Record, Request, Upload

EXAMPLES = Path(__file__).parents[1] / "examples"
CAR = json.loads((EXAMPLES / "car_damage.observation.json").read_text("utf-8"))
FRIDGE = json.loads((EXAMPLES / "fridge.observation.json").read_text("utf-8"))
NOW = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def pipeline(server: ModelServer, tmp_path: Path) -> AsyncIterator[Pipeline]:
    settings = Settings(
        data_folder=tmp_path,
        endpoints={"box": Endpoint(url=server.url, model="scripted", deadline_s=10)},
    )
    async with Pipeline.open(settings) as running:
        yield running


async def _first(pipeline: Pipeline, tool: str, **more: Any) -> Record:
    buffer = io.BytesIO()
    Image.new("RGB", (320, 200), "skyblue").save(buffer, "PNG")
    asked = Request(tool, uploads=(Upload(buffer.getvalue()),), endpoint="box", **more)
    return await pipeline.run(asked).record()


async def _corrected(pipeline: Pipeline, record: Record, seen: Any, **more: Any) -> Record:
    return await (await pipeline.correct("local", record.id, seen, **more)).record()


async def test_what_depends_on_it_is_worked_out_again(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(CAR)
    record = await _first(pipeline, "car_damage")
    seen = copy.deepcopy(record.observation)
    assert seen is not None
    seen["damages"] = seen["damages"][:1]
    corrected = await _corrected(pipeline, record, seen)
    assert record.answer is not None
    assert corrected.answer is not None
    assert corrected.answer["cost"]["expected"] < record.answer["cost"]["expected"]
    assert corrected.parent == record.id
    assert len(server.requests) == 1, "nobody is asked again what the picture shows"
    assert await pipeline.records.find("local", record.id) == record


async def test_the_change_is_put_down_and_the_field_is_called_edited(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(CAR)
    record = await _first(pipeline, "car_damage")
    seen = copy.deepcopy(record.observation)
    assert seen is not None
    seen["vehicles"][0]["colour"] = "green"
    corrected = await _corrected(pipeline, record, seen)
    (change,) = corrected.corrections
    assert (change.pointer, change.now, change.by) == ("/vehicles/0/colour", "green", "local")
    assert change.was == record.observation["vehicles"][0]["colour"]  # type: ignore[index]
    assert corrected.provenance["/vehicle/colour"] is Provenance.EDITED
    edited = [p for p, s in corrected.provenance.items() if s is Provenance.EDITED]
    assert edited == ["/vehicle/colour", "/vehicles/0"], "what names the colour, and no more"
    assert corrected.observer == record.observer


async def test_a_second_correction_keeps_the_first(pipeline: Pipeline, server: ModelServer) -> None:
    server.say(CAR)
    record = await _first(pipeline, "car_damage")
    for colour in ("green", "blue"):
        seen = copy.deepcopy(record.observation)
        assert seen is not None
        seen["vehicles"][0]["colour"] = colour
        seen["vehicles"][0]["make"] = seen["vehicles"][0]["make"] or "Volvo"
        record = await _corrected(pipeline, record, seen)
    assert [c.now for c in record.corrections if c.pointer.endswith("colour")] == ["green", "blue"]
    assert record.provenance["/vehicle/make"] is Provenance.EDITED, "edited stays edited"


async def test_dishes_are_held_to_the_corrected_inventory_or_asked_for_anew(
    pipeline: Pipeline, server: ModelServer
) -> None:
    seen = {key: value for key, value in FRIDGE.items() if key != "proposal"}
    server.say(seen).say(FRIDGE["proposal"])
    record = await _first(pipeline, "fridge")
    assert record.observation is not None
    used = record.answer["dishes"][0]["uses"][0]  # type: ignore[index]
    fewer = copy.deepcopy(record.observation)
    fewer["inventory"] = [item for item in fewer["inventory"] if item["name"] != used]
    held = await _corrected(pipeline, record, fewer)
    assert all(used not in dish["uses"] for dish in held.answer["dishes"])  # type: ignore[index]
    assert len(server.requests) == 2

    server.say({"dishes": []})
    del fewer["proposal"]
    await _corrected(pipeline, record, fewer)
    assert len(server.requests) == 3
    assert server.requests[-1].pictures == 0


async def test_what_nobody_could_see_is_filled_in_by_a_person(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.fail(401, "Incorrect API key provided")
    record = await _first(pipeline, "car_damage")
    assert record.outcome is Outcome.UNAVAILABLE
    corrected = await _corrected(pipeline, record, CAR)
    assert corrected.outcome is Outcome.ANSWERED
    assert corrected.corrections
    assert set(corrected.provenance.values()) <= {Provenance.EDITED, Provenance.COMPUTED}


async def test_an_observation_that_does_not_fit_names_the_field(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(CAR)
    record = await _first(pipeline, "car_damage")
    with pytest.raises(UsageError, match="damage_visible"):
        await _corrected(pipeline, record, {**CAR, "damage_visible": "perhaps"})


async def test_a_question_about_a_corrected_answer_keeps_its_corrections(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(CAR).say({"reply": "It is green.", "grounds": ["/vehicle/colour"]})
    record = await _first(pipeline, "car_damage")
    seen = copy.deepcopy(record.observation)
    assert seen is not None
    seen["vehicles"][0]["colour"] = "green"
    corrected = await _corrected(pipeline, record, seen)
    run = await pipeline.follow_up("local", corrected.id, "Which colour?", endpoint="box")
    asked = await run.record()
    assert asked.corrections == corrected.corrections
    assert asked.provenance == corrected.provenance


async def test_another_owner_s_record_cannot_be_corrected(
    pipeline: Pipeline, server: ModelServer
) -> None:
    server.say(CAR)
    record = await _first(pipeline, "car_damage")
    with pytest.raises(UsageError):
        await pipeline.correct("ann", record.id, CAR)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["a", "b", ""]),
    lambda below: st.lists(below, max_size=3) | st.dictionaries(st.sampled_from("xyz"), below),
    max_leaves=12,
)


def told(value: Any) -> Any:
    """Without what is null, which says no more than what is not there."""
    if isinstance(value, dict):
        return {key: told(item) for key, item in value.items() if item is not None}
    return [told(item) for item in value] if isinstance(value, list) else value


def put(value: Any, pointer: str, now: Any) -> Any:
    if not pointer:
        return now
    parent, _, key = pointer.rpartition("/")
    inside = resolve(value, parent)
    inside[int(key) if isinstance(inside, list) else key] = now
    return value


@given(JSON, JSON)
def test_corrections_lead_exactly_from_one_to_the_other(was: Any, now: Any) -> None:
    made = corrections(was, now, "ann", NOW)
    assert all(change.was != change.now for change in made)
    value = copy.deepcopy(was)
    for change in made:
        value = put(value, change.pointer, change.now)
    assert told(value) == told(now)

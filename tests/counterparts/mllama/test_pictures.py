"""Pictures reach a real Llama 3.2 Vision through the product's own pipeline."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from PIL import Image
from tests.counterparts.tap import Tap

from visiontools.pipeline import Pipeline
from visiontools.types import Finished, Outcome, Partial, Record, Request, Step, Upload

from .conftest import NAME, Open, endpoint

EXAMPLES = Path(__file__).parents[3] / "examples"
CAR = Upload((EXAMPLES / "car_damage.png").read_bytes(), "car.png")
FRIDGE = Upload((EXAMPLES / "fridge.png").read_bytes(), "fridge.png")
SEEN = json.loads((EXAMPLES / "car_damage.observation.json").read_text())


async def finished(pipeline: Pipeline, request: Request) -> tuple[Record, list[Any]]:
    """The record of a run, and the events before it."""
    *before, last = [event async for event in pipeline.run(request)]
    assert isinstance(last, Finished)
    return last.record, before


def pictures(body: dict[str, Any]) -> list[tuple[int, int]]:
    """Turn and place in the turn of each picture a request carries."""
    return [
        (turn, place)
        for turn, message in enumerate(body["messages"])
        for place, part in enumerate(message["content"])
        if isinstance(part, dict) and part["type"] == "image_url"
    ]


def first_words(tap: Tap) -> str:
    """What the model said first, as the product shows it again when it asks for a correction."""
    said: str = tap.bodies[1]["messages"][1]["content"]
    return said


async def test_random_words_are_an_invalid_answer_with_a_record(
    open_pipeline: Open, tap: Tap
) -> None:
    async with open_pipeline(here=endpoint(tap.url)) as pipeline:
        record, events = await finished(pipeline, Request("car_damage", (CAR,), endpoint="here"))
        assert await pipeline.records.find("local", record.id) == record
    assert record.outcome is Outcome.INVALID
    assert NAME in record.message
    assert record.observer is not None
    assert record.observer.model == NAME
    assert [event.detail for event in events if event.name == "repair"] == ["1", "2"]
    assert record.attempts == len(tap.bodies) == 3
    assert all(pictures(body) == [(0, 0)] for body in tap.bodies)
    assert record.usage.input_tokens > 3 * 300
    assert 3 * 20 < record.usage.output_tokens < 3 * 200


async def test_partial_fields_change_nothing_of_an_answer(open_pipeline: Open, server: Any) -> None:
    said = []
    for partials in (False, True):
        request = Request("car_damage", (CAR,), endpoint="here", partials=partials, again=True)
        with Tap(server.port) as tap:
            async with open_pipeline(here=endpoint(tap.url)) as pipeline:
                record, events = await finished(pipeline, request)
            assert all(body["stream"] for body in tap.bodies)
            assert tap.events > 60  # three answers of twenty tokens and more
            # the server streams no character of which the last bytes never came
            words = first_words(tap).rstrip("\N{REPLACEMENT CHARACTER}")
            said.append((words, record.outcome, record.attempts))
            assert record.usage.output_tokens > 60
        assert not [event for event in events if isinstance(event, Partial)]  # no JSON, no fields
    assert said[0] == said[1]


async def test_what_the_model_says_depends_on_the_picture(open_pipeline: Open, server: Any) -> None:
    said = []
    for colour in ("red", "blue", "red"):
        file = io.BytesIO()
        Image.new("RGB", (900, 500), colour).save(file, "PNG")
        request = Request("car_damage", (Upload(file.getvalue()),), endpoint="here", again=True)
        with Tap(server.port) as tap:
            async with open_pipeline(here=endpoint(tap.url)) as pipeline:
                await finished(pipeline, request)
            said.append(first_words(tap))
    assert said[0] == said[2] != said[1]


async def test_two_pictures_travel_as_one_canvas(open_pipeline: Open, tap: Tap) -> None:
    async with open_pipeline(here=endpoint(tap.url)) as pipeline:
        record, _ = await finished(pipeline, Request("fridge", (FRIDGE, CAR), endpoint="here"))
    assert all(pictures(body) == [(0, 0)] for body in tap.bodies)
    first, second = record.inputs
    assert first.sha256 != second.sha256
    assert first.sent == second.sent
    assert first.sent is not None
    assert max(first.sent.width or 0, first.sent.height or 0) <= 2240


async def test_a_further_question_brings_the_picture_again(open_pipeline: Open, tap: Tap) -> None:
    by_person = Request("car_damage", (CAR,), observation=SEEN)
    async with open_pipeline(here=endpoint(tap.url)) as pipeline:
        answered, _ = await finished(pipeline, by_person)
        assert tap.bodies == []
        run = await pipeline.follow_up("local", answered.id, "Is it safe to drive?", "here")
        record = await run.record()
    assert answered.outcome is Outcome.ANSWERED
    assert len(tap.bodies) == 3
    assert all(pictures(body) == [(0, 0)] for body in tap.bodies)
    assert "Is it safe to drive?" in tap.bodies[0]["messages"][0]["content"][1]["text"]
    assert record.answer == answered.answer
    [given] = [check for check in record.checks if check.name == "reply_given"]
    assert not given.ok
    assert NAME in given.detail


async def test_an_answer_cut_off_is_asked_for_once_more_with_twice_the_tokens(
    open_pipeline: Open, tap: Tap
) -> None:
    async with open_pipeline(here=endpoint(tap.url, max_tokens=12)) as pipeline:
        record, events = await finished(pipeline, Request("car_damage", (CAR,), endpoint="here"))
    assert record.outcome is Outcome.INVALID
    assert "cut off at 24 tokens" in record.message
    assert "max_tokens" in record.message
    assert [body["max_tokens"] for body in tap.bodies] == [12, 24]
    assert record.usage.output_tokens == 12 + 24
    assert Step("repair", "1") not in events

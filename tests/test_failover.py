"""A list of endpoints: where one cannot answer the next is asked, and the record says so."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.errors import UsageError
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.types import Finished, Outcome, Record, Request, Step, Upload

SEEN = {"picture": "fits", "vehicles": [{"id": "A"}], "damage_visible": "no", "views": ["front"]}
INVENTORY = {"picture": "fits", "inventory": [{"name": "eggs", "quantity": 6, "seen": "seen"}]}


@pytest.fixture
def first() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
def second() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@pytest.fixture
async def pipeline(
    first: ModelServer, second: ModelServer, tmp_path: Path
) -> AsyncIterator[Pipeline]:
    dead = Endpoint(url="http://127.0.0.1:9/v1", model="gone", deadline_s=0.4)
    settings = Settings(
        data_folder=tmp_path / "kept",
        endpoints={
            "first": Endpoint(url=first.url, model="scripted", deadline_s=10),
            "second": Endpoint(url=second.url, model="scripted", longest_side=200),
            "dead": dead,
        },
    )
    async with Pipeline.open(settings) as running:
        yield running


def upload() -> Upload:
    buffer = io.BytesIO()
    Image.new("RGB", (640, 400), "skyblue").save(buffer, "PNG")
    return Upload(buffer.getvalue(), "car.png")


def request(endpoint: str, tool: str = "car_damage", **more: Any) -> Request:
    return Request(tool, uploads=(upload(),), endpoint=endpoint, **more)


async def _record(pipeline: Pipeline, asked: Request) -> Record:
    return await pipeline.run(asked).record()


async def test_the_next_answers_and_the_record_says_why_the_first_did_not(
    pipeline: Pipeline, second: ModelServer
) -> None:
    second.say(SEEN)
    record = await _record(pipeline, request("dead, second"))
    assert record.outcome is Outcome.ANSWERED
    assert record.observer is not None
    assert record.observer.endpoint == "second"
    (tried,) = record.tried
    assert (tried.endpoint, tried.error) == ("dead", "unreachable")
    assert "'dead'" in tried.detail
    assert len(second.requests) == 1


async def test_the_picture_is_made_to_fit_who_answers(
    pipeline: Pipeline, second: ModelServer
) -> None:
    second.say(SEEN)
    record = await _record(pipeline, request("dead,second"))
    (shown,) = record.inputs
    assert shown.sent is not None
    assert (shown.sent.width, shown.sent.height) == (200, 125)
    (kept,) = await pipeline.records.pictures(record)
    assert kept.sha256 == shown.sent.sha256


async def test_each_has_a_deadline_of_its_own(
    pipeline: Pipeline, first: ModelServer, second: ModelServer
) -> None:
    first.hang()
    second.say(SEEN)
    slow = pipeline.settings.endpoints["first"].model_copy(update={"deadline_s": 0.3})
    settings = pipeline.settings.model_copy(
        update={"endpoints": pipeline.settings.endpoints | {"first": slow}}
    )
    async with Pipeline.open(settings) as hurried:
        record = await _record(hurried, request("first,second"))
    assert record.outcome is Outcome.ANSWERED
    assert [t.error for t in record.tried] == ["deadline"]


async def test_steps_tell_who_is_asked(pipeline: Pipeline, second: ModelServer) -> None:
    second.say(SEEN)
    events = [event async for event in pipeline.run(request("dead,second"))]
    asked = [e.detail for e in events if isinstance(e, Step) and e.name == "observe"]
    assert asked == ["dead", "second"]


async def test_a_refusal_is_an_answer_and_nobody_else_is_asked(
    pipeline: Pipeline, first: ModelServer, second: ModelServer
) -> None:
    first.say_raw("I'm sorry, but I can't help with identifying this image.")
    record = await _record(pipeline, request("first,second"))
    assert record.outcome is Outcome.REFUSED
    assert second.requests == []


async def test_what_follows_is_asked_of_the_one_that_answered(
    pipeline: Pipeline, first: ModelServer, second: ModelServer
) -> None:
    first.fail(404, "The model `scripted` does not exist", code="model_not_found")
    second.say(INVENTORY).say({"dishes": []})
    record = await _record(pipeline, request("first,second", "fridge"))
    assert record.observer is not None
    assert record.observer.endpoint == "second"
    assert (len(first.requests), len(second.requests)) == (1, 2)


async def test_what_was_seen_is_not_asked_again_when_its_observer_dies(
    pipeline: Pipeline, first: ModelServer, second: ModelServer
) -> None:
    first.say(INVENTORY).fail(401, "Incorrect API key provided")
    second.say({"dishes": []})
    record = await _record(pipeline, request("first,second", "fridge"))
    assert record.observer is not None
    assert record.observer.endpoint == "first"
    assert [(t.endpoint, t.error) for t in record.tried] == [("first", "credentials")]
    assert second.requests[0].pictures == 0
    assert all(check.name != "proposal" for check in record.checks)


async def test_eyes_take_over_where_the_reader_has_none(
    pipeline: Pipeline, second: ModelServer
) -> None:
    second.say(SEEN)
    record = await _record(pipeline, request("reader,second"))
    assert record.outcome is Outcome.ANSWERED
    assert [t.error for t in record.tried] == ["needs_eyes"]


async def test_nobody_left_names_everyone(pipeline: Pipeline, first: ModelServer) -> None:
    first.fail(401, "Incorrect API key provided")
    record = await _record(pipeline, request("dead,first"))
    assert record.outcome is Outcome.UNAVAILABLE
    assert "None of the 2 endpoints" in record.message
    assert "'dead'" in record.message
    assert "'first'" in record.message
    assert len(record.tried) == 2


async def test_the_same_list_is_answered_from_its_record_whoever_answered(
    pipeline: Pipeline, second: ModelServer
) -> None:
    second.say(SEEN)
    once = await _record(pipeline, request("dead,second"))
    last = [event async for event in pipeline.run(request("dead,second"))][-1]
    assert isinstance(last, Finished)
    assert last.reused
    assert last.record.id == once.id
    assert len(second.requests) == 1


async def test_the_default_may_be_a_list(pipeline: Pipeline, second: ModelServer) -> None:
    second.say(SEEN)
    settings = pipeline.settings.model_copy(update={"default_endpoint": "dead,second"})
    async with Pipeline.open(settings) as running:
        record = await _record(running, Request("car_damage", uploads=(upload(),)))
    assert record.outcome is Outcome.ANSWERED


@pytest.mark.parametrize("endpoint", ["first,", "first,nobody", ","])
async def test_a_list_that_makes_no_sense_is_said_before_anyone_is_asked(
    pipeline: Pipeline, first: ModelServer, endpoint: str
) -> None:
    with pytest.raises(UsageError):
        await _record(pipeline, request(endpoint))
    assert first.requests == []


async def test_a_person_s_observation_gets_its_dishes_from_the_next(
    pipeline: Pipeline, second: ModelServer
) -> None:
    second.say({"dishes": []})
    record = await _record(pipeline, request("dead,second", "fridge", observation=INVENTORY))
    assert record.outcome in (Outcome.ANSWERED, Outcome.PARTLY)
    assert [t.endpoint for t in record.tried] == ["dead"]
    assert len(second.requests) == 1

"""The product's own pipeline through a real Llama Stack to a scripted model server behind it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from tests.counterparts.tap import Tap

from visiontools.testing.model_server import ModelServer, Received
from visiontools.types import Finished, Outcome, Partial, Record, Request, Upload

from .conftest import BEHIND, NAME, Open, OwnStack

EXAMPLES = Path(__file__).parents[3] / "examples"
CAR = Upload((EXAMPLES / "car_damage.png").read_bytes(), "car.png")
SEEN = json.loads((EXAMPLES / "car_damage.observation.json").read_text())


def request(*, partials: bool = False) -> Request:
    return Request("car_damage", (CAR,), endpoint="stack", partials=partials)


async def record_of(opened: Open, *, partials: bool = False, **more: Any) -> Record:
    async with opened(**more) as pipeline:
        return await pipeline.run(request(partials=partials)).record()


def picture(received: Received) -> bytes:
    """The one picture that came with a request."""
    [part] = [part for part in received.body["messages"][0]["content"] if "image_url" in part]
    return base64.b64decode(part["image_url"]["url"].partition(",")[2])


async def test_picture_and_schema_pass_through_unchanged(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.say(SEEN)
    record = await record_of(open_pipeline)
    [received] = server.requests
    assert record.outcome is Outcome.ANSWERED
    assert record.observer is not None
    assert record.observer.model == NAME
    assert received.body["model"] == BEHIND  # without the provider's name
    assert record.inputs[0].sent is not None
    assert hashlib.sha256(picture(received)).hexdigest() == record.inputs[0].sent.sha256
    wanted = received.body["response_format"]
    assert wanted["type"] == "json_schema"
    assert "damage_visible" in wanted["json_schema"]["schema"]["properties"]
    assert received.body["temperature"] == 0
    assert record.usage.input_tokens == 100
    assert record.attempts == 1


async def test_it_streams_field_by_field_and_counts_tokens(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.say(SEEN)
    async with open_pipeline() as pipeline:
        *before, last = [event async for event in pipeline.run(request(partials=True))]
    assert isinstance(last, Finished)
    assert last.record.outcome is Outcome.ANSWERED
    assert len([event for event in before if isinstance(event, Partial)]) > 5
    assert last.record.usage.input_tokens == 100
    assert last.record.usage.output_tokens > 100
    assert server.requests[0].body["stream_options"] == {"include_usage": True}


async def test_a_provider_without_json_schema_is_asked_in_words(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.rules.formats = ()
    server.say(SEEN)
    record = await record_of(open_pipeline)
    formats = [each.body.get("response_format", {}).get("type") for each in server.requests]
    assert record.outcome is Outcome.ANSWERED
    assert formats == ["json_schema", "json_object", None]


async def test_stopping_a_streamed_answer_ends_it_at_the_provider(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.say(SEEN, pause_s=0.05)
    async with open_pipeline() as pipeline:
        run = pipeline.run(request(partials=True))
        stopped = False
        async for event in run:
            if isinstance(event, Partial) and not stopped:
                stopped = True
                run.cancel()
    assert isinstance(event, Finished)
    assert event.record.outcome is Outcome.CANCELLED
    assert server.requests[0].closed.wait(10)


async def test_stop_reaches_the_server_also_where_nobody_asked_for_partials(
    open_pipeline: Open, own_stack: OwnStack
) -> None:
    """Llama Stack 0.7.3 looks for its caller only while it streams, so we always do."""
    stack, server = own_stack
    server.say(SEEN, pause_s=0.5)
    with Tap(stack.port) as tap:
        async with open_pipeline(url=tap.url) as pipeline:
            run = pipeline.run(request())
            async for event in run:
                if not isinstance(event, Finished) and event.name == "observe":
                    while not tap.events:  # noqa: ASYNC110 (a tap has no event to wait for)
                        await asyncio.sleep(0.02)
                    run.cancel()
    assert isinstance(event, Finished)
    assert event.record.outcome is Outcome.CANCELLED
    assert await asyncio.to_thread(server.requests[-1].closed.wait, 10)


@pytest.mark.parametrize("partials", [False, True], ids=["plain", "streamed"])
async def test_two_pictures_are_never_sent(
    open_pipeline: Open, server: ModelServer, partials: bool
) -> None:
    server.say(SEEN)
    async with open_pipeline() as pipeline:
        both = Request("car_damage", (CAR, CAR), endpoint="stack", partials=partials)
        record = await pipeline.run(both).record()
    assert [each.pictures for each in server.requests] == [1]
    assert record.inputs[0].sent == record.inputs[1].sent

"""A real model in a real worker process: it loads, streams, stops, sees, and takes turns."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from visiontools.models import wire
from visiontools.models.client import Client
from visiontools.models.local.transport import LocalTransport
from visiontools.models.question import Tally
from visiontools.models.wire import Reply
from visiontools.observers import make_client
from visiontools.registry import load_tools
from visiontools.testing.eyes import TOKENS

from .conftest import LONG, QUESTION, Colour, Put, body, drawn, process_id, seen


@pytest.fixture
async def client(put: Put, weights: Path) -> AsyncIterator[Client]:
    client = make_client(put(weights))
    yield client
    await client.close()


async def test_it_answers_in_the_schema_and_counts_what_it_used(
    client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    before = signal.getsignal(signal.SIGINT)
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.002)
            ticks += 1

    ticking = asyncio.create_task(tick())
    tally = Tally()
    said = await client.ask(QUESTION, tally)
    ticking.cancel()
    assert isinstance(said, Colour)
    assert tally.attempts == 1
    assert tally.usage.input_tokens > 20
    assert tally.usage.output_tokens > 5
    assert ticks > 20, "loading blocked the event loop"
    assert await client.models() == ["small"]
    assert capfd.readouterr() == ("", "")
    assert signal.getsignal(signal.SIGINT) is before


async def test_it_streams_piece_by_piece_and_is_loaded_once(put: Put, weights: Path) -> None:
    transport = LocalTransport(put(weights), None)
    pieces: list[str] = []
    reply = await transport.stream(body(LONG, max_tokens=12), pieces.append)
    first = process_id()
    assert reply == Reply(reply.text, "length", "", reply.usage)
    assert len(pieces) > 5
    assert "".join(pieces) == reply.text
    assert reply.usage.output_tokens == 12
    assert await transport.plain(body(LONG, max_tokens=12)) == reply
    assert process_id() == first
    await transport.close()
    assert process_id() is None
    assert first is not None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_cancelling_stops_the_model(put: Put, weights: Path) -> None:
    transport = LocalTransport(put(weights, context=8192), None)
    begun = asyncio.Event()
    asking = asyncio.create_task(
        transport.stream(body(LONG, max_tokens=7000), lambda _: begun.set())
    )
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    stopped = process_id()
    reply = await transport.plain(body("Hello", max_tokens=3))
    assert reply.usage.output_tokens == 3
    assert process_id() == stopped, "it was to be stopped, not ended"
    await transport.close()


async def test_cancelling_while_it_loads_ends_it(put: Put, weights: Path) -> None:
    transport = LocalTransport(put(weights), None)
    asking = asyncio.create_task(transport.plain(body("Hello")))
    await asyncio.sleep(0.05)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert process_id() is None
    await transport.close()


async def test_a_picture_is_decoded_projected_and_read(put: Put, weights: Path, eyes: Path) -> None:
    transport = LocalTransport(put(weights, projector=eyes), None)
    said = [await transport.plain(seen(drawn(colour))) for colour in ("red", "blue", "red")]
    words = await transport.plain(body("What is it?", max_tokens=8))
    await transport.close()
    assert said[0].text == said[2].text, "the same picture is read the same way"
    assert said[0].text != said[1].text, "another picture is read another way"
    assert said[0].usage.input_tokens >= words.usage.input_tokens + TOKENS


async def test_one_model_at_a_time_has_the_place(put: Put, weights: Path) -> None:
    one = LocalTransport(put(weights, "one"), None)
    other = LocalTransport(put(weights, "other", context=512), None)
    await one.plain(body("Hello", max_tokens=2))
    first = process_id()
    await asyncio.gather(*(t.plain(body("Hello", max_tokens=2)) for t in (one, other, one)))
    assert first is not None
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    await one.close()
    await other.close()
    assert process_id() is None


def test_threads_with_loops_of_their_own_take_turns(put: Put, weights: Path) -> None:
    endpoint = put(weights)
    replies: list[Reply] = []

    async def ask() -> None:
        transport = LocalTransport(endpoint, None)
        replies.append(await transport.plain(body("Hello", max_tokens=3)))
        await transport.close()

    threads = [threading.Thread(target=lambda: asyncio.run(ask())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [reply.usage.output_tokens for reply in replies] == [3, 3, 3]


async def test_the_schemas_of_all_tools_are_kept_to(put: Put, weights: Path) -> None:
    transport = LocalTransport(put(weights, context=8192), None)
    for tool in load_tools(None).values():
        format = wire.response_format(tool.observation, "json_schema")
        reply = await transport.plain(body("Say it.", max_tokens=12, response_format=format))
        assert reply.text.startswith("{"), tool.name
    await transport.close()

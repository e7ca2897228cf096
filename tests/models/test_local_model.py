"""A real model in a real worker process: it streams, stops, keeps to a schema, says what failed."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from visiontools.errors import (
    ConfigurationError,
    ContextFullError,
    DeadlineError,
    NoVisionError,
    UnavailableError,
    UnknownModelError,
    VisiontoolsError,
)
from visiontools.models.client import Client, Question, Tally
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import RejectedError
from visiontools.models.local.engine import PLACE
from visiontools.models.local.gguf import read_header
from visiontools.models.local.shelf import Licence, Manifest, PulledFile
from visiontools.models.local.transport import LocalTransport
from visiontools.models.policy import FaultError
from visiontools.models.wire import Reply
from visiontools.observers import make_client
from visiontools.testing.gguf import gguf
from visiontools.testing.smollm2 import smollm2
from visiontools.types import Picture

PICTURE = Picture(b"\xff\xd8 not really a JPEG", "image/jpeg", 4, 4, "0" * 64, ())
LONG = "Count from one to a thousand, in words."


class Colour(BaseModel):
    colour: str
    number: int


QUESTION = Question("Name a colour and a number.", Colour)


@pytest.fixture(scope="session")
def weights() -> Path:
    return smollm2()


Put = Callable[..., Endpoint]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Put a model on the shelf and say how to ask it."""

    def put(
        weights: Path | bytes,
        name: str = "small",
        projector: Path | bytes | None = None,
        **settings: Any,
    ) -> Endpoint:
        folder = tmp_path / "models" / name
        folder.mkdir(parents=True)
        files = [_placed(folder / "model.gguf", weights)]
        if projector is not None:
            files.append(_placed(folder / "mmproj.gguf", projector))
        now = dt.datetime.now(dt.UTC)
        context = read_header(weights).context if isinstance(weights, Path) else None
        manifest = Manifest(
            name=name,
            source="a test",
            licence=Licence(name="Apache-2.0", accepted=now),
            pulled=now,
            context=context,
            model="model.gguf",
            projector="mmproj.gguf" if projector is not None else None,
            files=tuple(files),
        )
        (folder / "manifest.json").write_text(manifest.model_dump_json())
        given = {
            "name": "local",
            "profile": "local",
            "context": 1024,
            "threads": 1,
            "deadline_s": 60,
        }
        return Endpoint(model=name, folder=tmp_path / "models", **{**given, **settings})

    return put


def _placed(path: Path, content: Path | bytes) -> PulledFile:
    if isinstance(content, Path):
        path.symlink_to(content)
    else:
        path.write_bytes(content)
    size = path.stat().st_size
    return PulledFile(name=path.name, source="a test", size=size, sha256="0" * 64, checked=False)


@pytest.fixture
async def client(put: Put, weights: Path) -> AsyncIterator[Client]:
    client = make_client(put(weights))
    yield client
    await client.close()


def body(text: str, **more: Any) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": text}], "temperature": 0, **more}


def process_id() -> int | None:
    """The worker's."""
    return PLACE._engine.process_id if PLACE._engine else None


async def failure(endpoint: Endpoint, question: Question[Any] = QUESTION) -> VisiontoolsError:
    client = make_client(endpoint)
    try:
        with pytest.raises(VisiontoolsError) as raised:
            await client.ask(question, Tally())
    finally:
        await client.close()
    return raised.value


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


async def test_the_deadline_holds(put: Put, weights: Path) -> None:
    endless = put(weights, context=8192, deadline_s=1.5, max_tokens=7000, json_mode="prompted")
    error = await failure(endless, Question(LONG, Colour))
    assert isinstance(error, DeadlineError)


async def test_a_question_longer_than_the_context_is_said(put: Put, weights: Path) -> None:
    error = await failure(put(weights), Question("word " * 3000, Colour))
    assert isinstance(error, ContextFullError)
    assert "1024 tokens of context" in error.what
    assert "local_context" in error.next


async def test_a_text_model_is_not_shown_a_picture(put: Put, weights: Path) -> None:
    error = await failure(put(weights), Question("What is it?", Colour, (PICTURE,)))
    assert isinstance(error, NoVisionError)
    assert "'small' reads text only" in error.what
    assert "smolvlm-500m" in error.next
    assert process_id() is None


async def test_a_broken_file_is_said(put: Put, weights: Path) -> None:
    error = await failure(put(_cut(weights)))
    assert isinstance(error, UnavailableError)
    assert "A file of the model 'small' is broken." in error.what
    assert "visiontools models remove small" in error.next


def _cut(weights: Path) -> bytes:
    return weights.read_bytes()[:20_000_000]


async def test_an_architecture_llama_cpp_does_not_know_is_said(put: Put) -> None:
    error = await failure(put(gguf({"general.architecture": "mllama"}, {})))
    assert isinstance(error, UnknownModelError)
    assert "architecture mllama" in error.what


async def test_a_projector_that_does_not_fit_is_said(put: Put, weights: Path) -> None:
    error = await failure(put(weights, projector=weights))
    assert "The projector mmproj.gguf does not work with 'small'" in error.what


async def test_too_little_memory_is_said_before_it_is_loaded(
    put: Put, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visiontools.models.local.transport.available_bytes", lambda: 50_000_000)
    error = await failure(put(weights))
    assert "needs about 103 MB of memory, and 50 MB are free" in error.what
    assert process_id() is None


async def test_memory_that_runs_out_while_loading_is_said(put: Put, weights: Path) -> None:
    error = await failure(put(_with_long_context(weights), context=2**24))
    assert "not enough memory to load 'small'" in error.what


def _with_long_context(weights: Path) -> bytes:
    """The same model, claiming to have been trained on as much context as there can be."""
    key = b"llama.context_length" + (4).to_bytes(4, "little")
    data = weights.read_bytes()
    return data.replace(key + (8192).to_bytes(4, "little"), key + (2**31 - 1).to_bytes(4, "little"))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal there")
async def test_a_process_the_system_ends_is_said_and_made_anew(put: Put, weights: Path) -> None:
    transport = LocalTransport(put(weights), None)

    def end(_: str) -> None:
        if (there := process_id()) is not None:
            with suppress(ProcessLookupError):
                os.kill(there, signal.SIGKILL)

    with pytest.raises(FaultError) as raised:
        await transport.stream(body(LONG, max_tokens=800), end)
    assert "most likely because memory ran out" in raised.value.error.what
    assert (await transport.plain(body("Hello", max_tokens=2))).usage.output_tokens == 2
    await transport.close()


async def test_a_schema_it_cannot_keep_to_may_be_asked_for_otherwise(
    put: Put, weights: Path
) -> None:
    transport = LocalTransport(put(weights), None)
    schema = {"type": "json_schema", "json_schema": {"schema": {"type": "nonsense"}}}
    with pytest.raises(RejectedError):
        await transport.plain(body("Hello", response_format=schema))
    await transport.close()


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


async def test_a_model_that_was_removed_is_said(put: Put, weights: Path) -> None:
    endpoint = put(weights)
    assert endpoint.folder is not None
    (endpoint.folder / "small" / "model.gguf").unlink()
    error = await failure(endpoint)
    assert isinstance(error, UnknownModelError)
    assert "'visiontools models pull'" in error.next


def test_the_extra_that_is_missing_is_named(
    put: Put, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'visiontools\[local\]'"):
        make_client(put(weights))

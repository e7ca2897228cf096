"""What goes wrong with a model of this machine, said in a sentence that says what to do."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from pathlib import Path

import pytest

from visiontools.errors import (
    ConfigurationError,
    ContextFullError,
    DeadlineError,
    NoVisionError,
    UnavailableError,
    UnknownModelError,
)
from visiontools.models.faults import RejectedError
from visiontools.models.local.transport import LocalTransport
from visiontools.models.policy import FaultError
from visiontools.models.question import Question
from visiontools.observers import make_client
from visiontools.testing.gguf import gguf
from visiontools.types import Picture

from .conftest import LONG, Colour, Put, body, drawn, failure, process_id, seen

PICTURE = Picture(b"\xff\xd8 not really a JPEG", "image/jpeg", 4, 4, "0" * 64, ())


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


async def test_a_picture_that_cannot_be_decoded_is_said(
    put: Put, weights: Path, eyes: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    transport = LocalTransport(put(weights, projector=eyes), None)
    with pytest.raises(FaultError) as raised:
        await transport.plain(seen(b"no picture"))
    assert "could not take the picture in for 'small'" in raised.value.error.what
    assert (await transport.plain(seen(drawn("red")))).finish == "length"
    await transport.close()
    assert capfd.readouterr() == ("", "")


async def test_only_pictures_that_are_sent_along_are_looked_at(
    put: Put, weights: Path, eyes: Path
) -> None:
    transport = LocalTransport(put(weights, projector=eyes), None)
    fetched = seen(b"")
    fetched["messages"][0]["content"][0]["image_url"]["url"] = "http://127.0.0.1:9/x.png"
    with pytest.raises(FaultError) as raised:
        await transport.plain(fetched)
    assert "could not take the picture in" in raised.value.error.what
    assert process_id() is None, "nothing is fetched, so nothing is loaded for it"
    await transport.close()


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

"""Below and beside the chat format: what comes on the wire is bounded, understood, or named."""

import json
import logging
import resource
import time

import pytest

from visiontools.answers.label import SeenLabels
from visiontools.errors import DeadlineError, RefusedError, ServerFaultError, UnreachableError
from visiontools.testing import mischief
from visiontools.testing.model_server import ModelServer
from visiontools.testing.script import Say, Send

from .conftest import GOOD, QUICK, ask

TEXT = json.dumps(GOOD)
EXPECTED = SeenLabels.model_validate(GOOD)
KEY = "k-" + "verysecret" * 3
WHOLE = json.dumps(Say(TEXT).completion("m")).encode()
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
STREAM = "text/event-stream"


def event(told: object) -> bytes:
    return b"data: " + json.dumps(told).encode() + b"\n\n"


def choice(delta: object, finish: str | None = None) -> bytes:
    return event({"choices": [{"delta": delta, "finish_reason": finish}]})


EVENTS = choice({"content": TEXT[:9]}) + choice({"content": TEXT[9:]}) + choice({}, "stop")
DONE = b"data: [DONE]\n\n"
CALLS = [
    choice({"tool_calls": [{"index": 0, "function": {"arguments": part}}]})
    for part in (TEXT[:9], TEXT[9:])
]
UNDERSTOOD = {
    "tool call": mischief.tool_call(TEXT),
    "streamed tool call": Send(200, b"".join(CALLS) + choice({}, "tool_calls"), STREAM),
    "parts": mischief.message(content=[{"type": "text", "text": TEXT}]),
    "parts that are texts": mischief.message(content=[TEXT[:5], TEXT[5:]]),
    "an object for a text": mischief.message(content=GOOD),
    "byte order mark": mischief.with_bom(TEXT),
    "byte order mark in the text": Say("\ufeff" + TEXT),
    "gzip": mischief.zipped(TEXT),
    "called a web page": Send(200, WHOLE, "text/html"),
    "odd character set": Send(200, WHOLE, "application/json; charset=klingon"),
    "stream called JSON": Send(200, EVENTS + DONE),
    "stream called nothing in particular": Send(200, EVENTS, "application/octet-stream"),
    "stream in CRLF": Send(200, (EVENTS + DONE).replace(b"\n", b"\r\n"), STREAM),
    "stream in single lines": Send(200, EVENTS.replace(b"\n\n", b"\n"), STREAM),
    "stream without a last line break": Send(200, EVENTS.rstrip(), STREAM),
    "stream with a mark": Send(200, mischief.BOM + EVENTS + DONE, STREAM),
    "stream with signs of life": Send(200, b": ping\n\ndata: \n\n" + EVENTS + DONE, STREAM),
    "event on two lines": Send(200, EVENTS.replace(b'"choices":', b'"choices":\ndata:'), STREAM),
    "another server's word for stop": Say(TEXT[:-1], finish="eos_token"),
    "uncounted tokens": Send(200, WHOLE.replace(b'"prompt_tokens": 100', b'"prompt_tokens": true')),
}


@STREAMED
@pytest.mark.parametrize("step", UNDERSTOOD.values(), ids=UNDERSTOOD.keys())
async def test_an_answer_in_odd_clothes_is_understood_at_once(server, step, stream):
    asked = await ask(server.then(step), stream=stream)
    assert asked.answer == EXPECTED
    assert asked.tally.attempts == 1


BROKEN = {
    "no text and no call": (mischief.tool_call(""), "without words"),
    "thoughts only": (mischief.message(content=None, reasoning_content="Hm."), "without words"),
    "null message": (Send(200, b'{"choices": [{"message": null}]}'), "without words"),
    "damaged gzip": (mischief.zipped(TEXT, damaged=True), "damaged"),
    "gzip in name only": (
        Send(200, WHOLE, headers=(("Content-Encoding", "gzip"),)),
        "damaged",
    ),
    "longer than it says": (mischief.wrong_length(WHOLE, len(WHOLE) // 2), "The server"),
    "shorter than it says": (mischief.wrong_length(WHOLE, len(WHOLE) + 100), "broke"),
    "not HTTP": (mischief.not_http(), "does not speak HTTP"),
    "endless header": (
        mischief.Raw((b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",)),
        "does not speak HTTP",
    ),
    "error in words": (Send(200, event({"error": "model crashed"}), STREAM), "'model crashed'"),
    "error in an event of its own": (
        Send(200, b'event: error\ndata: {"message": "worker died"}\n\n', STREAM),
        "'worker died'",
    ),
    "error after half the answer": (
        Send(200, choice({"content": TEXT[:9]}) + event({"error": {"message": "died"}}), STREAM),
        "'died'",
    ),
    "an event that is no JSON": (Send(200, b"data: \xff{\n\n", STREAM), "no JSON"),
    "another alphabet": (Send(200, WHOLE.decode().encode("utf-16")), "no JSON"),
    "deep": (Send(200, b"[" * 100_000), "no JSON"),
    "endless": (mischief.endless(b" " * 65536), "without an end"),
    "endless error": (mischief.endless(b"x" * 65536, status=500), "without an end"),
    "endless line": (mischief.endless(b"data: " + b"x" * 65536, kind=STREAM), "without an end"),
    "endless words": (
        mischief.endless(choice({"content": "a" * 1000}), kind=STREAM),
        "without an end",
    ),
    "far too many words": (Say("word " * 200_000, chunk=4000), "without an end"),
}


@STREAMED
@pytest.mark.parametrize(("step", "words"), BROKEN.values(), ids=BROKEN.keys())
async def test_nonsense_is_named_after_the_retries_and_repeats_no_secret(
    server, step, words, stream, caplog
):
    caplog.set_level(logging.DEBUG)
    asked = await ask(server.then(step), stream=stream, key=KEY, deadline_s=20)
    assert type(asked.error) is ServerFaultError, asked.error
    assert words in str(asked.error)
    assert asked.error.next
    assert asked.tally.attempts == 1 + QUICK.retries
    assert "verysecret" not in caplog.text + str(asked.error)


@STREAMED
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_named_and_neither_key_nor_picture_goes_there(server, status, stream):
    with ModelServer() as other:
        other.say(GOOD)
        asked = await ask(
            server.then(mischief.redirect(f"{other.url}/chat/completions", status)),
            stream=stream,
            key=KEY,
        )
        assert other.requests == []
    assert type(asked.error) is UnreachableError
    assert f"127.0.0.1:{other.port}" in str(asked.error)
    assert "url" in asked.error.next


@STREAMED
async def test_a_refusal_among_the_parts_is_a_refusal(server, stream):
    said = mischief.message(content=[{"type": "refusal", "refusal": "I had rather not."}])
    assert type((await ask(server.then(said), stream=stream)).error) is RefusedError


@STREAMED
@pytest.mark.parametrize(
    "step",
    [
        mischief.drip(WHOLE, 0.05),
        mischief.bad_chunks(),
        mischief.Raw((b"HTTP/1.1 100 Continue\r\n\r\n",), "silence"),
        mischief.endless(choice({"role": "assistant"}), kind=STREAM),
    ],
    ids=["one byte at a time", "chunks without a length", "only a promise", "events without words"],
)
async def test_what_never_becomes_an_answer_ends_by_the_deadline(server, step, stream):
    began = time.monotonic()
    asked = await ask(server.then(step), stream=stream, deadline_s=0.4)
    assert isinstance(asked.error, DeadlineError | ServerFaultError)
    assert time.monotonic() - began < 3


async def test_a_few_packed_kilobytes_do_not_become_gigabytes(server):
    server.then(mischief.bomb(megabytes=500))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    asked = await ask(server, deadline_s=20)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert "without an end" in str(asked.error)
    assert grown < 200


@pytest.mark.parametrize("end", [EVENTS + DONE, EVENTS], ids=["done", "finished"])
async def test_a_whole_answer_is_not_lost_to_a_server_that_keeps_the_line_open(server, end):
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {STREAM}\r\n\r\n".encode()
    began = time.monotonic()
    asked = await ask(server.then(mischief.Raw((head, end), "silence")), stream=True)
    assert asked.answer == EXPECTED
    assert time.monotonic() - began < 4


async def test_an_error_told_in_a_good_answer_is_not_given_a_status_it_did_not_have(server):
    asked = await ask(server.send(b'{"error": {"message": "worker died"}}', "application/json"))
    assert "reports a failure: 'worker died'" in str(asked.error)
    assert "HTTP" not in str(asked.error)

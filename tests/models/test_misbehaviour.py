"""Every way a server misbehaves ends in its own error, within the deadline, with what to do."""

import asyncio
import json
import logging
import socket
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from visiontools.answers.label import SeenLabels
from visiontools.errors import (
    BlockedError,
    ContextFullError,
    CredentialsError,
    DeadlineError,
    NoVisionError,
    OverloadedError,
    ServerFaultError,
    UnavailableError,
    UnknownModelError,
    UnreachableError,
)
from visiontools.models.policy import Policy
from visiontools.models.question import Question, Tally
from visiontools.testing.script import Hang, Reset, Say, Send, error

from .conftest import GOOD, PICTURE, QUICK, ask, client_for

TEXT = json.dumps(GOOD)
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
HTML = Send(200, b"<!doctype html><title>Sign in</title>", "text/html")
PASSING = {
    "429": error(429, "slow down"),
    "429 with a wait": error(429, "slow down", retry_after=0),
    "500": error(500, "oops"),
    "502 page": Send(502, b"<html>Bad gateway</html>", "text/html"),
    "503": error(503, "Loading model"),
    "reset": Reset(),
    "dropped": Say(TEXT, drop_after=1),
    "page": HTML,
    "empty body": Send(200, b""),
    "no JSON": Send(200, b"OK", "text/plain"),
    "no choices": Send(200, b'{"choices": []}'),
    "null content": Say("", null=True),
    "error in a good answer": Send(200, b'{"error": {"message": "worker died", "code": 500}}'),
    "list error": error(503, "try later", as_list=True),
}


@STREAMED
@pytest.mark.parametrize("step", PASSING.values(), ids=PASSING.keys())
async def test_what_may_pass_is_tried_again(server, step, stream):
    asked = await ask(server.then(step).say(GOOD), stream=stream)
    assert asked.answer == SeenLabels.model_validate(GOOD)
    assert asked.tally.attempts == 2


@STREAMED
@pytest.mark.parametrize("step", PASSING.values(), ids=PASSING.keys())
async def test_what_does_not_pass_is_given_up_after_the_retries(server, step, stream):
    asked = await ask(server.then(step), stream=stream)
    assert isinstance(asked.error, OverloadedError | ServerFaultError)
    assert asked.error.retryable
    assert asked.error.next
    assert asked.tally.attempts == 1 + QUICK.retries


async def test_a_stream_that_ends_without_a_reason_was_broken_off(server):
    asked = await ask(server.say_raw(TEXT[:20], finish=None).say(GOOD), stream=True)
    assert asked.answer
    assert asked.tally.attempts == 2


async def test_a_stream_that_ends_without_a_reason_but_with_the_object_is_taken(server):
    asked = await ask(server.say_raw(TEXT, finish=None), stream=True)
    assert asked.tally.attempts == 1


LASTING = [
    (error(401, "Incorrect API key provided: sk-abc"), CredentialsError, "key"),
    (error(403, "Permission denied"), CredentialsError, "HTTP 403"),
    (
        error(404, "The model `x` does not exist", code="model_not_found"),
        UnknownModelError,
        "check",
    ),
    (error(404, "Publisher Model `x` was not found", as_list=True), UnknownModelError, "check"),
    (Send(404, b'{"error": "model \'x\' not found, try pulling it first"}'), UnknownModelError, ""),
    (error(400, "The model `x` has been retired"), UnknownModelError, "retired"),
    (error(410, "model x is no longer available"), UnknownModelError, "retired"),
    (error(500, "unknown model architecture: 'mllama'"), UnknownModelError, "architecture"),
    (Send(404, b"404 page not found", "text/plain"), UnreachableError, "/v1"),
    (Send(404, b"<html>nothing here</html>", "text/html"), UnreachableError, "/v1"),
    (Send(405, b'{"detail": "Method Not Allowed"}'), UnreachableError, "/v1"),
    (error(400, "This model does not support image input"), NoVisionError, "--endpoint"),
    (error(500, "image input is not supported - hint: provide the mmproj"), NoVisionError, ""),
    (error(400, "messages.0.content: Input should be a valid string"), NoVisionError, ""),
    (error(400, "image is too large: 3000 exceeds 1120"), UnavailableError, "longest_side"),
    (error(400, "Request has too many tokens"), ContextFullError, "smaller"),
    (error(400, "maximum context length is 8192 tokens", as_list=True), ContextFullError, ""),
    (Send(413, b"too large", "text/plain"), ContextFullError, "longest_side"),
    (error(429, "You exceeded your current quota", code="insufficient_quota"), OverloadedError, ""),
    (error(429, "slow down", retry_after=3600), OverloadedError, "wait 3600 s"),
    (error(400, "stopped by content_filter"), BlockedError, ""),
    (error(400, "model: top_k is not supported"), ServerFaultError, "top_k"),
    (error(400, "Model m is not supported"), UnknownModelError, ""),
    (error(400, "something odd"), ServerFaultError, "something odd"),
    (error(400, "something odd", as_list=True), ServerFaultError, "something odd"),
    (Send(422, b'{"detail": [{"msg": "field required"}]}'), ServerFaultError, "field required"),
]


@STREAMED
@pytest.mark.parametrize(
    ("step", "kind", "words"),
    LASTING,
    ids=[f"{k.__name__}-{i}" for i, (_, k, _) in enumerate(LASTING)],
)
async def test_what_will_not_pass_is_said_at_once(server, step, kind, words, stream):
    asked = await ask(server.then(step), stream=stream)
    assert type(asked.error) is kind, asked.error
    assert words in str(asked.error)
    assert asked.error.next
    assert asked.tally.attempts == 1


async def test_a_wrong_key_a_missing_key_and_an_unknown_model_by_the_rules(server):
    server.say(GOOD).rules.key = "right"
    assert isinstance((await ask(server, key="wrong")).error, CredentialsError)
    missing = await ask(server)
    assert "key_env" in str(missing.error)
    assert "Authorization" not in server.requests[-1].headers
    assert (await ask(server, key="right")).answer
    assert isinstance((await ask(server, key="right", model="gone")).error, UnknownModelError)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_list_of_models_that_fails_is_worded_like_any_answer(server, status, monkeypatch):
    monkeypatch.setattr(type(server.rules), "objection", lambda self, got: error(status, "odd"))
    client = client_for(server)
    with pytest.raises(ServerFaultError, match="odd"):
        await client.models()
    await client.close()
    assert len(server.requests) == (1 if status == 400 else 3)


async def test_a_server_that_takes_no_pictures(server):
    server.say(GOOD).rules.most_pictures = 0
    assert isinstance((await ask(server)).error, NoVisionError)


async def test_nobody_listens(server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    asked = await ask(server, url=f"http://127.0.0.1:{port}/v1")
    assert isinstance(asked.error, UnreachableError)
    assert asked.tally.attempts == 1


@STREAMED
@pytest.mark.parametrize(
    "step", [Hang(), Say(TEXT, pause_s=0.05, chunk=1)], ids=["never", "slow drip"]
)
async def test_the_deadline_holds_and_the_connection_is_closed(server, step, stream):
    if isinstance(step, Say) and not stream:
        step = Say(TEXT, pause_s=30)
    started = time.monotonic()
    asked = await ask(server.then(step), stream=stream, deadline_s=0.3)
    assert isinstance(asked.error, DeadlineError)
    assert time.monotonic() - started < 3
    assert server.requests[0].closed.wait(5)


@STREAMED
async def test_cancelling_closes_the_connection(server, stream):
    server.then(Say(TEXT * 9, pause_s=0.02, chunk=4) if stream else Hang())
    client = client_for(server)
    began = asyncio.Event()
    task = asyncio.create_task(
        client.ask(
            Question("See?", SeenLabels, (PICTURE,)),
            Tally(),
            on_partial=(lambda seen: began.set()) if stream else None,
        )
    )
    if stream:
        await began.wait()
    assert await asyncio.to_thread(server.arrived.wait, 5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await asyncio.to_thread(server.requests[0].closed.wait, 5)
    await client.close()


async def test_a_wait_the_server_asks_for_is_honoured_when_the_deadline_allows(server):
    """The date has whole seconds, and lies in the past by the time it is read."""
    date = format_datetime(datetime.now(UTC) - timedelta(seconds=2), usegmt=True)
    policy = Policy(retries=1, first_s=60, longest_s=60)
    asked = await ask(server.fail(429, retry_after=date).say(GOOD), policy=policy)
    assert asked.tally.attempts == 2
    assert asked.answer


async def test_no_key_and_no_picture_get_into_errors_or_logs(server, caplog):
    caplog.set_level(logging.DEBUG)
    key = "k-" + "verysecret" * 3
    picture = "/9j/" + "ABCD" * 30
    for status in (400, 401, 404, 422, 429, 500):
        server.fail(status, f"bad key {key} for data:image/jpeg;base64,{picture} {picture}")
        asked = await ask(server, key=key)
        assert asked.error is not None
        assert "verysecret" not in str(asked.error)
        assert "ABCDABCD" not in str(asked.error)
        assert asked.error.__suppress_context__
    assert "verysecret" not in caplog.text
    sent = server.requests[0].body["messages"][0]["content"][0]["image_url"]["url"]
    assert sent.rsplit(",")[-1] not in caplog.text


async def test_another_services_environment_is_not_sent_along(server, monkeypatch):
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "somebody-elses")
    assert (await ask(server.say(GOOD))).answer
    assert "somebody-elses" not in str(server.requests[0].headers)

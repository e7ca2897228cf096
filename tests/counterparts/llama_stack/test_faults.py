"""What goes wrong behind a Llama Stack, and what the product says about it."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from tests.counterparts.program import visiontools
from tests.counterparts.service import Service, free_port
from tests.counterparts.tap import Tap

from visiontools.testing.model_server import ModelServer
from visiontools.testing.script import Say
from visiontools.types import Outcome

from .conftest import BEHIND, NAME, Open, OwnStack, endpoint, stacked
from .test_pictures import SEEN, record_of


def post(url: str, body: dict[str, Any]) -> tuple[int, Any]:
    """Status and body as the stack itself gives them."""
    data = json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(asked, timeout=60) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)


def test_the_check_is_content(stack: Service, server: ModelServer, tmp_path: Path) -> None:
    server.say({"word": "ready"}).say({"left": "red", "right": "blue"})
    given = {"stack": endpoint(stack.url)}
    said = visiontools(tmp_path, given, "endpoints", "check", "stack", "--json")
    assert said.status == 0, said.out
    assert {check["state"] for check in said.checks("stack").values()} == {"ok"}


def test_the_check_gives_the_models_full_name(
    stack: Service, server: ModelServer, tmp_path: Path
) -> None:
    given = {"stack": endpoint(stack.url, model=BEHIND)}
    said = visiontools(tmp_path, given, "endpoints", "check", "stack", "--json")
    model = said.checks("stack")["model"]
    assert said.status == 15
    assert model["state"] == "failed"
    assert f'model = "{NAME}"' in model["fix"]


@pytest.mark.parametrize("model", ["vllm/another", "another", BEHIND])
async def test_an_unknown_model_is_named(
    open_pipeline: Open, server: ModelServer, model: str
) -> None:
    record = await record_of(open_pipeline, model=model)
    assert record.outcome is Outcome.UNAVAILABLE
    assert f"'{model}'" in record.message
    assert "endpoints check" in record.message
    assert "pictures" not in record.message
    assert record.attempts == 1


def test_how_the_stack_words_an_unknown_model(stack: Service, server: ModelServer) -> None:
    question = {"messages": [{"role": "user", "content": "Hello"}]}
    chat = f"{stack.url}/chat/completions"
    advice = "Use 'client.models.list()' to list available Models."
    assert post(chat, {"model": BEHIND, **question}) == (
        404,
        {"error": {"message": f"Model '{BEHIND}' not found. {advice}"}},
    )
    assert post(chat, {"model": "vllm/another", **question}) == (
        404,
        {"error": {"message": "Error code: 404 - The model `another` does not exist"}},
    )


async def test_what_the_provider_says_about_the_context_comes_through(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.rules.context = 100
    record = await record_of(open_pipeline)
    assert record.outcome is Outcome.UNAVAILABLE
    assert "do not fit the context" in record.message


async def test_what_the_provider_says_about_pictures_comes_through(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.rules.most_pictures = 0
    record = await record_of(open_pipeline)
    assert record.outcome is Outcome.UNAVAILABLE
    assert "takes no pictures" in record.message
    assert record.attempts == 1


async def test_an_overloaded_provider_is_asked_again_by_the_stack(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.fail(429).say(SEEN)
    record = await record_of(open_pipeline)
    assert record.outcome is Outcome.ANSWERED
    assert record.attempts == 1
    assert len(server.requests) == 2


async def test_a_stream_the_provider_breaks_off_is_asked_for_again(
    open_pipeline: Open, server: ModelServer
) -> None:
    server.then(Say(json.dumps(SEEN), drop_after=5)).say(SEEN)
    record = await record_of(open_pipeline, partials=True)
    assert record.outcome is Outcome.ANSWERED
    assert record.attempts == len(server.requests) == 2


async def test_a_silent_provider_is_left_at_the_deadline(
    open_pipeline: Open, own_stack: OwnStack
) -> None:
    stack, server = own_stack
    server.hang()
    began = time.monotonic()
    record = await record_of(open_pipeline, url=stack.url, deadline_s=2)
    assert record.outcome is Outcome.UNAVAILABLE
    assert "within 2 s" in record.message
    assert time.monotonic() - began < 6


async def test_a_dead_provider_is_unavailable_within_the_deadline(
    open_pipeline: Open, stack: Service, provider: Tap
) -> None:
    """The stack tries for some seconds and then keeps the reason to itself."""
    provider.behind = free_port()
    asked = {"model": NAME, "messages": [{"role": "user", "content": "Hello"}]}
    unexplained = "Internal server error: An unexpected error occurred."
    assert post(f"{stack.url}/chat/completions", asked) == (
        500,
        {"error": {"message": unexplained}},
    )
    began = time.monotonic()
    record = await record_of(open_pipeline, deadline_s=4)
    assert record.outcome is Outcome.UNAVAILABLE
    assert "'stack'" in record.message
    assert time.monotonic() - began < 8


def test_a_stack_started_without_its_provider_offers_nothing(tmp_path: Path) -> None:
    with stacked(tmp_path / "stack", f"http://127.0.0.1:{free_port()}/v1") as running:
        given = {"stack": endpoint(running.url, deadline_s=3)}
        said = visiontools(tmp_path / "home", given, "endpoints", "check", "stack", "--json")
    found = said.checks("stack")
    assert said.status == 15
    assert found["reachable"]["state"] == "ok"
    assert "model" not in found  # it lists none, and did not answer for it
    assert found["text"]["state"] == "failed"


def test_the_stacks_own_shield_does_not_see_the_picture(
    stack: Service, server: ModelServer
) -> None:
    server.say_raw("safe")
    sent = {"url": "data:image/png;base64,iVBORw0KGgo="}
    content = [{"type": "image_url", "image_url": sent}, {"type": "text", "text": "What is it?"}]
    asked = {"shield_id": "guard", "messages": [{"role": "user", "content": content}]}
    status, said = post(f"{stack.url}/safety/run-shield", asked)
    [received] = server.requests
    assert (status, said) == (200, {"violation": None})
    assert received.pictures == 0
    assert "What is it?" in received.text

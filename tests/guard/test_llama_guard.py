"""Llama Guard behind a real server: what each model is sent, and what comes of its answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from visiontools.errors import DeadlineError, InvalidAnswerError, UnreachableError
from visiontools.guard.conversation import Conversation, Said
from visiontools.guard.llama_guard import LlamaGuard
from visiontools.guard.settings import GuardSettings
from visiontools.models.client import Client
from visiontools.models.endpoint import Endpoint
from visiontools.models.policy import Policy
from visiontools.models.profile import Profile
from visiontools.testing.model_server import ModelServer
from visiontools.types import Picture

PICTURE = Picture(b"\xff\xd8 not really a JPEG", "image/jpeg", 4, 4, "0" * 64, ())
ASKED = Conversation((Said("User", "How do I open this?"),))
KINDS = ("llama-guard-3-1b", "llama-guard-3-8b", "llama-guard-3-11b-vision", "llama-guard-4")


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


class Guards:
    """Makes guards of one server, and closes their connections."""

    def __init__(self, server: ModelServer) -> None:
        self._url = server.url
        self._clients: list[Client] = []

    def __call__(self, model: str = "llama-guard-3-8b", **how: Any) -> LlamaGuard:
        endpoint = {"url": self._url, **how.pop("endpoint", {})}
        client = Client(
            Endpoint(name="guard", model="scripted", **endpoint),
            Profile(name="test", title="Test"),
            None,
            policy=Policy(retries=2, first_s=0.001),
        )
        self._clients.append(client)
        settings = GuardSettings.model_validate({"endpoint": "guard", "model": model, **how})
        return LlamaGuard(client, settings)

    async def close(self) -> None:
        for client in self._clients:
            await client.close()


@pytest.fixture
async def guard(server: ModelServer) -> AsyncIterator[Guards]:
    guards = Guards(server)
    yield guards
    await guards.close()


@pytest.mark.parametrize("model", KINDS)
async def test_a_chat_guard_gets_the_plain_talk(
    server: ModelServer, guard: Guards, model: str
) -> None:
    server.say_raw("\n\nunsafe\nS2")
    assert (await guard(model).judge(ASKED)).found == ("S2",)
    (request,) = server.requests
    assert request.body["messages"] == [{"role": "user", "content": "How do I open this?"}]
    assert request.body["temperature"] == 0
    assert request.body["max_tokens"] < 100
    assert not {"response_format", "stream"} & request.body.keys()


@pytest.mark.parametrize("model", KINDS)
async def test_a_raw_server_gets_the_whole_prompt_with_the_models_own_categories(
    server: ModelServer, guard: Guards, model: str
) -> None:
    server.say_raw("safe")
    assert (await guard(model, format="prompt").judge(ASKED)).found == ()
    text = server.requests[0].text
    assert text.startswith("Task: Check if there is unsafe content in 'User' messages")
    assert ("S14" in text) == (model in ("llama-guard-3-8b", "llama-guard-4"))
    assert "S13" in text


@pytest.mark.parametrize("model", KINDS)
async def test_pictures_go_to_those_that_take_them(guard: Guards, model: str) -> None:
    takes = model in ("llama-guard-3-11b-vision", "llama-guard-4")
    assert (guard(model).rules is not None) == takes
    assert guard(model, endpoint={"vision": False}).rules is None


async def test_the_picture_is_sent_with_the_text_beside_it(
    server: ModelServer, guard: Guards
) -> None:
    server.say_raw("safe")
    await guard("llama-guard-3-11b-vision").judge(Conversation(ASKED.turns, (PICTURE,)))
    (request,) = server.requests
    assert request.pictures == 1
    assert request.text == "How do I open this?"


async def test_babble_is_an_error(server: ModelServer, guard: Guards) -> None:
    server.say_raw("The message appears to be harmless.")
    with pytest.raises(InvalidAnswerError, match="something else than a verdict"):
        await guard().judge(ASKED)


async def test_a_verdict_cut_off_by_a_broken_connection_is_asked_again(
    server: ModelServer, guard: Guards
) -> None:
    server.say_raw("safe", drop_after=0).say_raw("unsafe\nS1")
    assert (await guard().judge(ASKED)).found == ("S1",)
    assert len(server.requests) == 2


async def test_a_slow_guard_is_waited_for_no_longer_than_its_own_deadline(
    server: ModelServer, guard: Guards
) -> None:
    server.hang()
    with pytest.raises(DeadlineError, match=r"0\.2 s"):
        await guard(deadline_s=0.2).judge(ASKED)


async def test_a_dead_guard_is_left_alone_after_three_failures(
    server: ModelServer, guard: Guards
) -> None:
    server.hang()
    one = guard(deadline_s=0.05)
    for _ in range(3):
        with pytest.raises(DeadlineError):
            await one.judge(ASKED)
    with pytest.raises(UnreachableError, match="left alone"):
        await one.judge(ASKED)
    assert len(server.requests) == 3


async def test_a_full_house_is_asked_again(server: ModelServer, guard: Guards) -> None:
    server.fail(429, "slow down").fail(429, "slow down").say_raw("safe")
    assert (await guard().judge(ASKED)).found == ()
    assert len(server.requests) == 3


async def test_a_server_that_knows_no_temperature_is_asked_without(
    server: ModelServer, guard: Guards
) -> None:
    server.rules.refuses = ("temperature",)
    server.say_raw("safe")
    assert (await guard().judge(ASKED)).found == ()
    assert "temperature" not in server.requests[-1].body

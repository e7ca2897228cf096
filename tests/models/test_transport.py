"""A profile may bring its own way to a model, and one file is all it takes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from visiontools.errors import ConfigurationError
from visiontools.models.client import Client
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import Faults
from visiontools.models.profile import Profile
from visiontools.models.question import Question, Tally
from visiontools.models.wire import Reply
from visiontools.observers import make_client


class Word(BaseModel):
    word: str


class Parrot:
    """Says the last word it was told."""

    def __init__(self, endpoint: Endpoint, key: str | None) -> None:
        self.faults = Faults(endpoint, key)
        self.closed = False

    async def models(self) -> Any:
        return {"data": [{"id": "parrot"}]}

    async def plain(self, body: dict[str, Any]) -> Reply:
        asked = body["messages"][-1]["content"].split()[0]
        return Reply(f'{{"word": "{asked}"}}')

    async def stream(self, body: dict[str, Any], on_text: Callable[[str], None]) -> Reply:
        reply = await self.plain(body)
        on_text(reply.text[:-1])
        on_text(reply.text[-1:])
        return reply

    async def close(self) -> None:
        self.closed = True


PROFILE = Profile(name="parrot", title="A parrot", transport=Parrot)


async def test_a_profile_answers_through_its_own_transport() -> None:
    client = Client(Endpoint(name="cage", profile="parrot", model="parrot"), PROFILE, None)
    assert await client.models() == ["parrot"]
    seen: list[dict[str, Any]] = []
    words = "good-morning-good-evening"
    said = await client.ask(Question(words, Word), Tally(), on_partial=seen.append)
    assert said.word == words
    assert seen == [{"word": words}]
    await client.close()


def test_an_endpoint_of_a_server_without_a_url_is_said() -> None:
    with pytest.raises(ConfigurationError, match="'box' has no url"):
        asyncio.run(_made(Endpoint(name="box", model="m")))


async def _made(endpoint: Endpoint) -> None:
    await make_client(endpoint).close()

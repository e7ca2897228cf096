"""A scripted server, and one way to ask it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from visiontools.answers.label import SeenLabels
from visiontools.errors import VisiontoolsError
from visiontools.models.client import Client
from visiontools.models.endpoint import Endpoint
from visiontools.models.policy import Policy
from visiontools.models.profile import Profile
from visiontools.models.question import Question, Tally
from visiontools.testing.model_server import ModelServer
from visiontools.types import Picture

QUICK = Policy(retries=2, first_s=0.001)
PICTURE = Picture(b"\xff\xd8 not really a JPEG", "image/jpeg", 4, 4, "0" * 64, ())
GOOD: dict[str, Any] = {"picture": "fits", "products": [{"name": "Cola", "rows": []}]}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as running:
        yield running


@dataclass
class Asked:
    """What came of a question: an answer or an error, and what was told on the way."""

    answer: Any = None
    error: VisiontoolsError | None = None
    tally: Tally = field(default_factory=Tally)
    partials: list[dict[str, Any]] = field(default_factory=list)
    repairs: list[int] = field(default_factory=list)


def client_for(server: ModelServer, key: str | None = None, **settings: Any) -> Client:
    """A client that retries at once."""
    profile = settings.pop("profile", Profile(name="test", title="Test"))
    policy = settings.pop("policy", QUICK)
    given = {"name": "here", "url": server.url, "model": "scripted", "deadline_s": 5, **settings}
    return Client(Endpoint(**given), profile, key, policy=policy)


async def ask(
    server: ModelServer,
    *,
    stream: bool = False,
    question: Question[Any] | None = None,
    key: str | None = None,
    **settings: Any,
) -> Asked:
    """Ask once, with a new client."""
    asked = Asked()
    client = client_for(server, key, **settings)
    try:
        asked.answer = await client.ask(
            question or Question("What do you see?", SeenLabels, (PICTURE,)),
            asked.tally,
            on_partial=asked.partials.append if stream else None,
            on_repair=asked.repairs.append,
        )
    except VisiontoolsError as error:
        asked.error = error
    finally:
        await client.close()
    return asked


def ask_now(server: ModelServer, **how: Any) -> Asked:
    """The same, for tests that are not coroutines."""
    return asyncio.run(ask(server, **how))

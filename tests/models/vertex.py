"""A client of Vertex AI, and one question to it."""

from __future__ import annotations

from typing import Any

import pytest
from tests.models.conftest import PICTURE, QUICK

from visiontools.answers.label import SeenLabels
from visiontools.errors import VisiontoolsError
from visiontools.models.client import Client
from visiontools.models.endpoint import Endpoint
from visiontools.models.question import Question, Tally
from visiontools.models.registry import profiles
from visiontools.testing.model_server import ModelServer

QUESTION = Question("What is it?", SeenLabels, (PICTURE,))


def vertex(server: ModelServer, token: str | None = None, **more: Any) -> Client:
    """With a token of its own, or signing in as Google's tools do."""
    given = {"model": "scripted", "deadline_s": 10, "project": "p", **more}
    endpoint = Endpoint(
        name="cloud", profile="vertex", url=server.url, key_env=token and "TOKEN", **given
    )
    return Client(endpoint, profiles()["vertex"], token, policy=QUICK)


async def asked(client: Client) -> Any:
    """What it answers."""
    return await client.ask(QUESTION, Tally())


async def failed(client: Client) -> VisiontoolsError:
    """The error it ends in, after which it is closed."""
    with pytest.raises(VisiontoolsError) as caught:
        await asked(client)
    await client.close()
    return caught.value

"""Asking a model outside the client: one question, in words its server takes, in time."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, TypeVar

from visiontools.errors import ServerFaultError
from visiontools.models.client import Client
from visiontools.models.deadline import Deadline
from visiontools.models.dialect import Dialect
from visiontools.models.faults import RejectedError
from visiontools.models.policy import Policy, retrying
from visiontools.models.wire import Message

T = TypeVar("T")
_MOST_STEPS_DOWN = 5


async def in_time(client: Client, ask: Callable[[], Awaitable[T]]) -> T:
    """What asking brings, in words the server understands and within the endpoint's deadline."""
    seconds = client.endpoint.deadline_s
    deadline = time.monotonic() + seconds
    async with Deadline(seconds, client.endpoint.name):
        for _ in range(_MOST_STEPS_DOWN):
            with suppress(_AgainError):
                return await retrying(ask, deadline, Policy())
    raise ServerFaultError("The server refuses every way of asking.", next="Look into its log.")


class _AgainError(Exception):
    """The server refused the words, and there are others."""


async def sent(
    dialect: Dialect, body: dict[str, Any], send: Callable[[dict[str, Any]], Awaitable[T]]
) -> T:
    """What comes of a body; learned from where the server refuses it, to be asked again."""
    try:
        return await send(body)
    except RejectedError as error:
        if not dialect.step_down(body, error.complaint):
            raise error.fault from None
        raise _AgainError from None


def turn(words: str) -> list[Message]:
    """A talk of one question."""
    return [{"role": "user", "content": words}]

"""The questions a check asks a model: does it answer, in JSON, and to a picture?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial
from typing import Literal

import jiter
from pydantic import BaseModel, Field

from visiontools.checkup_asking import in_time, sent, turn
from visiontools.checkup_findings import Finding, failure
from visiontools.checkup_pictures import halves
from visiontools.errors import (
    CannotTellError,
    InvalidAnswerError,
    RefusedError,
    VisiontoolsError,
)
from visiontools.models.client import Client
from visiontools.models.dialect import Dialect
from visiontools.models.question import Question, Tally
from visiontools.models.transport import Transport
from visiontools.models.wire import Reply

_CONTRADICTS = "Reply with the one word 'ready' in plain prose. Do not write JSON or braces."
_TOKENS = 256
_ANSWERED = (InvalidAnswerError, RefusedError, CannotTellError)


class _Ready(BaseModel):
    word: str = Field(description="the word asked for")


Colour = Literal["red", "green", "blue", "yellow", "black", "white", "other"]


class _Halves(BaseModel):
    left: Colour = Field(description="the colour of the left half of the picture")
    right: Colour = Field(description="the colour of the right half of the picture")


async def answers(client: Client, transport: Transport) -> AsyncIterator[Finding]:
    """Whether it answers, and whether the JSON it is asked for is more than a wish.

    Where the server has a JSON mode, the question contradicts it: only a mode that is enforced
    still brings JSON.
    """
    dialect = Dialect(client.profile, client.endpoint.model)
    wanted = dialect.json
    reply = None
    if wanted != "prompted":
        try:
            reply = await _contradicted(client, transport, dialect)
        except VisiontoolsError as error:
            yield failure(error, "text")
            return
        if reply is not None and not reply.text.strip():
            reply = None  # it may have thought too long for so few tokens
        if reply is not None:
            yield Finding("text", "ok", "It answers.")
            if _holds(reply, dialect.json):
                less = "" if dialect.json == wanted else f" (it refuses {wanted})"
                mode = f"It holds to {dialect.json}{less}, though the question asked for prose."
                yield Finding("json", "ok", mode)
                return
    async for finding in _asked_in_words(client, dialect, told=reply is not None):
        yield finding


async def _contradicted(client: Client, transport: Transport, dialect: Dialect) -> Reply | None:
    """The reply to a question for prose in a JSON mode; None where no mode is left."""

    streams = client.profile.streams
    send = partial(transport.stream, on_text=lambda _: None) if streams else transport.plain

    async def ask() -> Reply | None:
        body = dialect.body(turn(_CONTRADICTS), _Ready, _TOKENS, stream=streams)
        return None if dialect.json == "prompted" else await sent(dialect, body, send)

    return await in_time(client, ask)


def _holds(reply: Reply, mode: str) -> bool:
    """Whether a reply is the JSON of its mode and nothing else, as far as it goes."""
    cut_off = reply.finish == "length"
    try:
        said = jiter.from_json(
            reply.text.strip().encode(), partial_mode="trailing-strings" if cut_off else False
        )
    except ValueError:
        return False
    if not isinstance(said, dict):
        return False
    return mode == "json_object" or isinstance(said.get("word"), str) or (cut_off and not said)


async def _asked_in_words(
    client: Client, dialect: Dialect, *, told: bool
) -> AsyncIterator[Finding]:
    question = Question("Answer with the word 'ready'.", _Ready)
    try:
        await client.ask(question, Tally())
    except VisiontoolsError as error:
        if not told and isinstance(error, _ANSWERED):
            told = True
            yield Finding("text", "ok", "It answers.")
        yield failure(error, "json" if told else "text")
        return
    if not told:
        yield Finding("text", "ok", "It answers.")
    if client.profile.json == "prompted":
        mode = "It answers in JSON when asked in words; no JSON mode is known here."
        yield Finding("json", "ok", mode)
    elif dialect.json == "prompted":
        mode = "The server has no JSON mode; asked in words, it answers in JSON."
        yield Finding("json", "ok", mode)
    else:
        yield Finding(
            "json",
            "unknown",
            f"The server takes {dialect.json} but does not enforce it; asked in words, it answers "
            "in JSON.",
            f"Set json_mode = \"prompted\" for '{client.endpoint.name}', or bear with corrections.",
        )


async def sees(client: Client) -> Finding:
    """Whether it sees what a small picture shows."""
    endpoint = client.endpoint
    if not endpoint.vision:
        return Finding(
            "picture", "unknown", "It is set to take no pictures (vision = false): text only."
        )
    question = Question("Which colours are the two halves of the picture?", _Halves, (halves(),))
    try:
        said = await client.ask(question, Tally())
    except VisiontoolsError as error:
        fix = f"{error.next} {_try_a_bucket(client)}".strip()
        return Finding("picture", "failed", error.what, fix)
    if (said.left, said.right) == ("red", "blue"):
        return Finding("picture", "ok", f"It saw what a small picture shows{_way(client)}.")
    return Finding(
        "picture",
        "failed",
        f"A picture of red beside blue was seen as {said.left} beside {said.right}.",
        "The server may leave pictures out: check that the model takes pictures, or set "
        f"vision = false. {_try_a_bucket(client)}".strip(),
    )


def _way(client: Client) -> str:
    """How the picture got there, where there are two ways."""
    if client.profile.carried != "gs":
        return ""
    if client.endpoint.bucket:
        return f", by way of the bucket {client.endpoint.bucket}"
    return ", sent in the request (Google documents gs:// only: set bucket if that ends)"


def _try_a_bucket(client: Client) -> str:
    if client.profile.carried == "gs" and not client.endpoint.bucket:
        return "Or set bucket: Google documents pictures by gs:// only."
    return ""

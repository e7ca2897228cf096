"""Asks a model about a picture and comes back with a validated object, or an error that says why.

One question is a short conversation: ask, find the JSON, validate, and at most twice show the
model what was wrong. Everything happens within the endpoint's deadline.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from visiontools.answers.find import PartialReader
from visiontools.answers.prose import meaning
from visiontools.answers.repair import UnfitError, fit, repair_turn
from visiontools.errors import (
    BlockedError,
    CannotTellError,
    ContextFullError,
    DeadlineError,
    InvalidAnswerError,
    NoVisionError,
    RefusedError,
    TruncatedError,
    VisiontoolsError,
)
from visiontools.models import wire
from visiontools.models.breaker import Breaker
from visiontools.models.dialect import Dialect
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import RejectedError
from visiontools.models.limit import Limit
from visiontools.models.policy import FaultError, Policy, retrying
from visiontools.models.profile import Profile
from visiontools.models.transport import open_transport
from visiontools.types import Picture, Turn, Usage

T = TypeVar("T", bound=BaseModel)

_MOST_REPAIRS = 2
_MOST_STEPS_DOWN = 5
_RAISE = 2


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What to ask; ``talk`` are the turns before it, resent together with the pictures."""

    prompt: str
    schema: type[T]
    pictures: tuple[Picture, ...] = ()
    talk: tuple[Turn, ...] = ()


@dataclass(slots=True)
class Tally:
    """Requests sent and tokens used; filled also when an error is raised."""

    attempts: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(slots=True)
class _Asking(Generic[T]):
    """One question under way."""

    question: Question[T]
    tally: Tally
    said: list[wire.Message]
    max_tokens: int
    deadline: float
    on_partial: Callable[[dict[str, Any]], None] | None
    on_repair: Callable[[int], None] | None

    @property
    def schema(self) -> type[T] | None:
        """What the answer must fit; None where any words will do."""
        return None if self.question is _ANY_WORDS else self.question.schema


_ANY_WORDS = Question("", BaseModel)


class Client:
    """The model behind one endpoint. ``profile`` is its profile with the endpoint's overrides."""

    def __init__(
        self, endpoint: Endpoint, profile: Profile, key: str | None, *, policy: Policy | None = None
    ) -> None:
        self.endpoint = endpoint
        self.profile = endpoint.adapt(profile)
        self._policy = policy or Policy()
        self._dialect = Dialect(self.profile, endpoint.model)
        self._limit = Limit(endpoint.concurrency)
        self._breaker = Breaker(endpoint.name)
        self._exchange = open_transport(endpoint, profile, key)

    @property
    def vision(self) -> bool:
        """Whether it takes pictures."""
        return self.endpoint.vision

    async def close(self) -> None:
        """Close the connections."""
        await self._exchange.close()

    async def models(self) -> list[str]:
        """The model ids the server offers, sorted; raises what ``ask`` would."""
        deadline = time.monotonic() + self.endpoint.deadline_s
        async with self._within(self.endpoint.deadline_s):
            body = await retrying(self._exchange.models, deadline, self._policy)
        listed = body.get("data") if isinstance(body, dict) else body
        models = listed if isinstance(listed, list) else []
        ids = [m.get("id") for m in models if isinstance(m, dict)]
        return sorted(i for i in ids if isinstance(i, str))

    async def ask(
        self,
        question: Question[T],
        tally: Tally,
        *,
        on_partial: Callable[[dict[str, Any]], None] | None = None,
        on_repair: Callable[[int], None] | None = None,
    ) -> T:
        """The validated answer.

        ``on_partial`` gets the object so far while it streams (and makes it stream), and
        ``on_repair`` the number of each repair turn as it begins.

        Raises BlockedError (by the server's own guard), RefusedError, CannotTellError,
        InvalidAnswerError (TruncatedError), or one of the UnavailableErrors. Cancelling the task
        closes the connection.
        """
        if question.pictures and not self.vision:
            raise NoVisionError(
                f"Endpoint '{self.endpoint.name}' is set up for text only.",
                next="Name an endpoint with a vision model, or set vision = true for this one.",
            )
        asking = _Asking(
            question,
            tally,
            self._messages(question),
            self.profile.max_tokens,
            time.monotonic() + self.endpoint.deadline_s,
            on_partial,
            on_repair,
        )
        self._breaker.check()
        try:
            async with self._within(self.endpoint.deadline_s):
                answer = await self._converse(asking)
        except VisiontoolsError as error:
            self._breaker.note(error)
            raise
        self._breaker.note(None)
        return answer

    async def say(self, said: list[wire.Message], *, max_tokens: int, deadline_s: float) -> str:
        """What the model says to messages that are whole as they are, in its own words.

        Raises BlockedError, RefusedError or one of the UnavailableErrors.
        """
        deadline = time.monotonic() + deadline_s
        words = _Asking(_ANY_WORDS, Tally(), said, max_tokens, deadline, None, None)
        self._breaker.check()
        try:
            async with self._within(deadline_s):
                reply = await self._send(words)
        except VisiontoolsError as error:
            self._breaker.note(error)
            raise
        self._breaker.note(None)
        return reply.text

    def _within(self, seconds: float) -> _Deadline:
        return _Deadline(seconds, self.endpoint.name)

    def _messages(self, question: Question[T]) -> list[wire.Message]:
        return wire.messages(
            question.prompt,
            question.schema,
            question.pictures,
            question.talk,
            system=self.profile.system_message,
        )

    async def _converse(self, asking: _Asking[T]) -> T:
        first = asking.said
        for repair in range(_MOST_REPAIRS + 1):
            reply = await self._whole_reply(asking)
            try:
                return fit(reply.text, asking.question.schema, finished=reply.finish == "stop")
            except UnfitError as error:
                unfit = error
            self._raise_meaning(asking, reply, unfit)
            if repair < _MOST_REPAIRS:
                asking.said = first + repair_turn(reply.text, unfit)
                if asking.on_repair:
                    asking.on_repair(repair + 1)
        raise self._invalid(unfit)

    async def _whole_reply(self, asking: _Asking[T]) -> wire.Reply:
        """A reply the token limit did not cut off; the limit is raised once, for all that follows.

        An object that was complete before the limit came is taken as it is.
        """
        reply = await self._send(asking)
        if reply.finish != "length" or _complete(reply, asking.question.schema):
            return reply
        if asking.max_tokens == self.profile.max_tokens:
            asking.max_tokens *= _RAISE
            try:
                reply = await self._send(asking)
            except ContextFullError:
                raise self._truncated(self.profile.max_tokens) from None
            if reply.finish != "length" or _complete(reply, asking.question.schema):
                return reply
        raise self._truncated(asking.max_tokens)

    async def _send(self, asking: _Asking[T]) -> wire.Reply:
        reply = await retrying(partial(self._attempt, asking), asking.deadline, self._policy)
        if reply.finish == "content_filter":
            raise self._filtered()
        if reply.refusal:
            raise self._refused()
        return reply

    async def _attempt(self, asking: _Asking[T]) -> wire.Reply:
        """One attempt, in words the server understands."""
        for _ in range(_MOST_STEPS_DOWN):
            body = self._dialect.body(
                asking.said,
                asking.schema,
                asking.max_tokens,
                stream=asking.on_partial is not None,
            )
            try:
                async with self._limit.turn(asking.deadline) as answering:
                    asking.tally.attempts += 1
                    return await self._exchanged(asking, body, answering)
            except RejectedError as error:
                if not self._dialect.step_down(body, error.complaint):
                    raise error.fault from None
        raise self._exchange.faults.broken("refused every way of asking")

    async def _exchanged(
        self, asking: _Asking[T], body: dict[str, Any], answering: Callable[[], None]
    ) -> wire.Reply:
        if asking.on_partial is None:
            reply = await self._exchange.plain(body)
        else:
            reply = await self._exchange.stream(body, _teller(asking.on_partial, answering))
        asking.tally.usage += reply.usage
        if not reply.finish and not (asking.schema and _complete(reply, asking.schema)):
            raise self._exchange.faults.broken("broke the answer off")
        if not reply.text.strip() and not reply.refusal and reply.finish == "stop":
            raise self._exchange.faults.broken("sent an answer without words")
        return reply

    def _raise_meaning(self, asking: _Asking[T], reply: wire.Reply, unfit: UnfitError) -> None:
        """Raise what prose without any object means, if it means anything."""
        meant = None if unfit.found else meaning(reply.text)
        if meant == "no_picture" and asking.question.pictures:
            raise NoVisionError(
                f"'{self.endpoint.model}' at endpoint '{self.endpoint.name}' says that it got no "
                "picture: the server left it out.",
                next="Serve a vision model there, or name another endpoint with --endpoint.",
            )
        if meant == "refused":
            raise self._refused()
        if meant == "cannot_tell":
            raise CannotTellError(
                f"'{self.endpoint.model}' says that it cannot tell from this picture.",
                next="Try a sharper, brighter or closer picture.",
            )

    def _filtered(self) -> BlockedError:
        return BlockedError(
            f"The server of endpoint '{self.endpoint.name}' stopped the answer with its own guard.",
            next="Use another picture, or ask something else.",
        )

    def _refused(self) -> RefusedError:
        return RefusedError(
            f"'{self.endpoint.model}' declined to answer.",
            next="Use another picture or question, or another endpoint.",
        )

    def _truncated(self, max_tokens: int) -> TruncatedError:
        return TruncatedError(
            f"The answer of '{self.endpoint.model}' was cut off at {max_tokens} tokens.",
            next=f"Raise max_tokens of endpoint '{self.endpoint.name}', or send less at once.",
        )

    def _invalid(self, unfit: UnfitError) -> InvalidAnswerError:
        return InvalidAnswerError(
            f"'{self.endpoint.model}' gave no usable answer, also after {_MOST_REPAIRS} "
            f"corrections: {unfit}.",
            next="Try again, another picture, or a larger model.",
        )


class _Deadline:
    """``asyncio.timeout`` that ends in a DeadlineError, and lets only our errors out.

    It bounds the whole question, so also a server that sends one byte now and then.
    """

    def __init__(self, seconds: float, endpoint: str) -> None:
        self._seconds = seconds
        self._endpoint = endpoint
        self._timeout = asyncio.timeout(seconds)

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()

    async def __aexit__(self, *exc: Any) -> None:
        try:
            await self._timeout.__aexit__(*exc)
        except TimeoutError:
            raise DeadlineError(
                f"Endpoint '{self._endpoint}' gave no answer within {self._seconds:g} s.",
                next="Try again, raise deadline_s in its settings, or use a smaller model.",
            ) from None
        if isinstance(exc[1], FaultError):
            error: VisiontoolsError = exc[1].error
            raise error from None


def _teller(
    tell: Callable[[dict[str, Any]], None], answering: Callable[[], None]
) -> Callable[[str], None]:
    reader = PartialReader()

    def on_text(text: str) -> None:
        answering()
        if (seen := reader.feed(text)) is not None:
            tell(seen)

    return on_text


def _complete(reply: wire.Reply, schema: type[BaseModel]) -> bool:
    try:
        fit(reply.text, schema, finished=False)
    except UnfitError:
        return False
    return True

"""Asks a model about a picture and comes back with a validated object, or an error that says why.

One question is a short conversation: ask, find the JSON, validate, and at most twice show the
model what was wrong. Everything happens within the endpoint's deadline.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from pydantic import BaseModel

from visiontools.answers.find import PartialReader
from visiontools.answers.repair import UnfitError, fit, repair_turn
from visiontools.errors import ContextFullError, NoVisionError, VisiontoolsError
from visiontools.models import verdicts, wire
from visiontools.models.breaker import Breaker
from visiontools.models.deadline import Deadline
from visiontools.models.dialect import Dialect
from visiontools.models.endpoint import Endpoint
from visiontools.models.faults import RejectedError
from visiontools.models.limit import Limit
from visiontools.models.policy import FaultError, Policy, retrying
from visiontools.models.profile import Profile
from visiontools.models.question import ANY_WORDS, Asking, Question, T, Tally
from visiontools.models.transport import open_transport

_MOST_REPAIRS = 2
_MOST_STEPS_DOWN = 5
_RAISE = 2
_USUAL_CONTEXT = 8192


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
    def context(self) -> int:
        """Tokens that question and answer may have together; a common small number if unknown."""
        return self.endpoint.context or self.profile.context or _USUAL_CONTEXT

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
        asking = Asking(
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
            async with self._within(self.endpoint.deadline_s) as asking.within:
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
        words = Asking(ANY_WORDS, Tally(), said, max_tokens, deadline, None, None)
        self._breaker.check()
        try:
            async with self._within(deadline_s) as words.within:
                reply = await self._send(words)
        except VisiontoolsError as error:
            self._breaker.note(error)
            raise
        self._breaker.note(None)
        return reply.text

    def _within(self, seconds: float) -> Deadline:
        return Deadline(seconds, self.endpoint.name)

    def _messages(self, question: Question[T]) -> list[wire.Message]:
        return wire.messages(
            question.prompt,
            question.schema,
            question.pictures,
            question.talk,
            system=self.profile.system_message,
        )

    async def _converse(self, asking: Asking[T]) -> T:
        first = asking.said
        for repair in range(_MOST_REPAIRS + 1):
            reply = await self._whole_reply(asking)
            try:
                return fit(reply.text, asking.question.schema, finished=reply.finish == "stop")
            except UnfitError as error:
                unfit = error
            if not unfit.found:
                shown = bool(asking.question.pictures)
                if (end := verdicts.meant(self.endpoint, reply.text, shown=shown)) is not None:
                    raise end
            if repair < _MOST_REPAIRS:
                asking.said = first + repair_turn(reply.text, unfit)
                if asking.on_repair:
                    asking.on_repair(repair + 1)
        raise verdicts.invalid(self.endpoint, unfit, _MOST_REPAIRS)

    async def _whole_reply(self, asking: Asking[T]) -> wire.Reply:
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
                raise verdicts.truncated(self.endpoint, self.profile.max_tokens) from None
            if reply.finish != "length" or _complete(reply, asking.question.schema):
                return reply
        raise verdicts.truncated(self.endpoint, asking.max_tokens)

    async def _send(self, asking: Asking[T]) -> wire.Reply:
        reply = await retrying(partial(self._noted, asking), asking.deadline, self._policy)
        if reply.finish == "content_filter":
            raise verdicts.filtered(self.endpoint)
        if reply.refusal:
            raise verdicts.refused(self.endpoint)
        return reply

    async def _noted(self, asking: Asking[T]) -> wire.Reply:
        try:
            return await self._attempt(asking)
        except FaultError as fault:
            if asking.within is not None:
                asking.within.trouble = fault.error.what
            raise

    async def _attempt(self, asking: Asking[T]) -> wire.Reply:
        """One attempt, in words the server understands."""
        for _ in range(_MOST_STEPS_DOWN):
            body = self._dialect.body(
                asking.said,
                asking.schema,
                asking.max_tokens,
                stream=self._streams(asking),
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
        self, asking: Asking[T], body: dict[str, Any], answering: Callable[[], None]
    ) -> wire.Reply:
        if self._streams(asking):
            reply = await self._exchange.stream(body, _teller(asking.on_partial, answering))
        else:
            reply = await self._exchange.plain(body)
        asking.tally.usage += reply.usage
        if asking.question.plain is not None:
            reply = replace(reply, text=asking.question.plain(reply.text))
        if not reply.finish and not (asking.schema and _complete(reply, asking.schema)):
            raise self._exchange.faults.broken("broke the answer off")
        if not reply.text.strip() and not reply.refusal and reply.finish == "stop":
            raise self._exchange.faults.broken("sent an answer without words")
        return reply

    def _streams(self, asking: Asking[T]) -> bool:
        return asking.on_partial is not None or self.profile.streams


def _teller(
    tell: Callable[[dict[str, Any]], None] | None, answering: Callable[[], None]
) -> Callable[[str], None]:
    reader = PartialReader()

    def on_text(text: str) -> None:
        answering()
        if tell is not None and (seen := reader.feed(text)) is not None:
            tell(seen)

    return on_text


def _complete(reply: wire.Reply, schema: type[BaseModel]) -> bool:
    try:
        fit(reply.text, schema, finished=False)
    except UnfitError:
        return False
    return True

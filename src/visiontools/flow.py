"""The steps of one run: prepare, observe, propose, decide, reply, keep."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from visiontools.answers.reply import ProposedReply, checked_reply, reply_prompt
from visiontools.candidates import Candidates
from visiontools.draft import Draft
from visiontools.errors import (
    BlockedError,
    CancelledError,
    ConfigurationError,
    InvalidAnswerError,
    UsageError,
    VisiontoolsError,
)
from visiontools.guard.guarding import Guard
from visiontools.inputs import inputs_of, is_text_only, prepare, read_texts, reuse_key
from visiontools.misfits import misfits
from visiontools.models.client import Client
from visiontools.models.question import Question, Tally
from visiontools.observers import (
    PERSON,
    Observer,
    Observers,
    PersonObserver,
    propose_by_person,
)
from visiontools.pictures.prepare import Preparer
from visiontools.piecework import Given, Progress, Seen, text_beside
from visiontools.registry import AnyTool, Tools
from visiontools.store.records import Kept, Records
from visiontools.telemetry.tracing import OFF, Tracing
from visiontools.texts.thread import messages_of
from visiontools.tooling import Case, Decision, Options, Proposal, Replied
from visiontools.types import (
    Asked,
    Check,
    Event,
    Finished,
    Outcome,
    Partial,
    Picture,
    PictureRules,
    Record,
    Request,
    Step,
    TextInput,
)

ModelT = TypeVar("ModelT", bound=BaseModel)

_log = logging.getLogger(__name__)
_REUSABLE = (Outcome.ANSWERED, Outcome.PARTLY, Outcome.CANNOT_TELL, Outcome.WRONG_PICTURE)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What every run works with."""

    tools: Tools
    observers: Observers
    preparer: Preparer
    records: Records
    guard: Guard
    reuse: bool = True
    tracing: Tracing = OFF


class Flow:
    """Walks one request to its record. Raises UsageError where no run can begin."""

    def __init__(self, shop: Workshop, request: Request, tell: Callable[[Event], None]) -> None:
        self._shop = shop
        self._request = request
        self._tell = tell
        self._tool: AnyTool = shop.tools.find(request.tool)
        self._options = _options(self._tool, request.options)
        to_see = not is_text_only(request, self._tool)
        observers = shop.observers.choose(request, to_see=to_see)
        if isinstance(observers[0], PersonObserver):
            observers[0].check(self._tool)
        if not (request.uploads or request.prepared or request.texts):
            raise UsageError(
                f"{self._tool.title} needs {self._tool.wants}.", next="Name one or more files."
            )
        self._guard = shop.guard.begin(request, self._tool, self._options)
        self._asked = Candidates(observers)
        self._texts: tuple[TextInput, ...] = ()
        self._key: str | None = None
        self._tally = Tally()
        self._draft = Draft()
        self._created = dt.datetime.now(dt.UTC)

    async def finish(self) -> Finished:
        """Run every step; whatever happens on the way, the record is kept."""
        try:
            earlier = await self._steps()
            if earlier is not None:
                return Finished(earlier, reused=True)
        except UsageError:
            raise
        except VisiontoolsError as error:
            self._end(error)
        except asyncio.CancelledError:
            self._end(CancelledError("The run was stopped before it had an answer."))
        if self._draft.outcome is Outcome.BLOCKED or not self._guard.released:
            self._draft.withhold()
        record = self._record()
        return await asyncio.shield(self._keep(record))

    async def _keep(self, record: Record) -> Finished:
        """The record, with a note where it could not be kept: the answer is not lost with it."""
        verdicts = (record.guard.input, record.guard.output)
        reusable = record.outcome in _REUSABLE and "unavailable" not in verdicts
        key = self._key if reusable else None
        blocked = "blocked" in verdicts
        shown = () if blocked else self._shown()
        try:
            with self._shop.tracing.span("keep"):
                return Finished(await self._shop.records.keep(Kept(record, shown, key)))
        except ConfigurationError as error:
            note = f"This run was not kept. {error}"
            noted = record.model_copy(update={"notes": (*record.notes, note)})
            return Finished(noted, kept=False)

    async def _steps(self) -> Record | None:
        most_bytes = self._shop.preparer.max_bytes
        self._texts = await read_texts(self._request, self._tool, most_bytes)
        self._guard.read([message.text for message in messages_of(self._texts)])
        pictures = await self._asked.prepare(self._prepare)
        self._key = reuse_key(
            self._request,
            self._tool,
            self._options,
            self._asked.names,
            self._shown(),
            self._guard.policy,
            self._created.date() if self._tool.dated else None,
        )
        if self._shop.reuse and not self._request.again:
            with suppress(ConfigurationError):  # said when this run is to be kept
                earlier = await self._shop.records.reusable(self._request.owner, self._key)
                if earlier is not None:
                    return earlier
        await self._guarded(pictures)
        return None

    async def _guarded(self, pictures: tuple[Picture, ...]) -> None:
        rules = self._asked.observer.rules

        async def shown(wanted: PictureRules) -> tuple[Picture, ...]:
            if wanted == rules:
                return pictures
            return await prepare(self._shop.preparer, self._request, wanted, self._tool)

        try:
            await self._guard.watch(self._work(), shown, self._step)
        except BlockedError:
            raise
        except VisiontoolsError as error:  # what was seen before it is kept all the same
            self._end(error)
        await self._guard.release(self._draft.words, self._step)

    async def _work(self) -> None:
        if self._request.follows is not None:
            self._draft.carry_on(self._request.follows)
        else:
            await self._answer()
        if self._request.ask and self._draft.answer is not None:
            await self._reply(self._request.ask, self._draft.answer)

    async def _prepare(self, rules: PictureRules) -> tuple[Picture, ...]:
        if is_text_only(self._request, self._tool):
            return ()
        async with self._step("prepare"):
            return await prepare(self._shop.preparer, self._request, rules, self._tool)

    async def _answer(self) -> None:
        seen = await self._asked.observe(self._observe, self._prepare)
        seen = self._draft.see(seen, self._request, self._created)
        proposed = await self._propose(seen)
        self._draft.propose(proposed)
        case = Case(
            options=self._options,
            pictures=sum(len(picture.sources) for picture in self._asked.pictures),
            messages=messages_of(self._texts),
            sizes=tuple((s.width, s.height) for p in self._asked.pictures for s in p.sources),
            at=self._created,
            proposed=proposed,
            unconfirmed=seen.unconfirmed,
            notes=seen.notes,
        )
        async with self._step("decide"):
            decision: Decision[Any] = await self._of_tool(self._tool.decide, seen.observation, case)
        by_person = self._asked.observer.name.profile == PERSON
        self._draft.decide(decision, self._request.corrects, by_person=by_person)
        self._draft.miss(seen.unread)

    async def _observe(self, observer: Observer, pictures: tuple[Picture, ...]) -> Seen:
        given = Given(pictures, messages_of(self._texts), self._options, self._created)
        progress = Progress(self._partial(), self._repair, self._piece)
        async with self._step("read" if not pictures else "observe", observer.name.endpoint):
            try:
                return await observer.observe(self._tool, given, self._tally, progress)
            except (VisiontoolsError, asyncio.CancelledError):
                raise
            except Exception as error:
                raise self._fault(error) from error

    async def _propose(self, seen: Seen) -> BaseModel | None:
        wanted = self._tool.proposal(seen.observation, self._options)
        if wanted is None:
            return None
        if seen.proposal is not None:
            return propose_by_person(wanted.schema, seen.proposal)
        if not self._asked.have_models:
            return None
        try:
            return await self._asked.ask(
                lambda client, _: self._ask(
                    "propose", client, Question(wanted.prompt, wanted.schema)
                ),
                self._prepare,
            )
        except VisiontoolsError as error:  # what was seen is worth having without it
            self._draft.checks.append(Check(name="proposal", ok=False, detail=str(error)))
            return None

    async def _ask(self, step: str, client: Client, question: Question[ModelT]) -> ModelT:
        async with self._step(step, client.endpoint.name):
            return await client.ask(question, self._tally, on_repair=self._repair)

    async def _reply(self, ask: str, answer: dict[str, Any]) -> None:
        by_code: Replied | None = await self._of_tool(self._tool.reply, ask, answer)
        if by_code is None:
            await self._reply_by_model(ask, answer)
            return
        if by_code.reword is not None and self._asked.have_models:
            by_code = await self._reworded(ask, answer, by_code, by_code.reword)
        self._draft.reply_by_code(by_code)

    async def _reworded(
        self, ask: str, answer: dict[str, Any], unread: Replied, wanted: Proposal
    ) -> Replied:
        """The reply of code once a model has put the question in the tool's own terms."""
        question = Question(wanted.prompt, wanted.schema)
        try:
            read = await self._asked.ask(
                lambda client, _: self._ask("reply", client, question), self._prepare
            )
        except BlockedError:
            raise
        except VisiontoolsError as error:  # what can be asked without it is said all the same
            self._draft.checks.append(Check(name="reply_read", ok=False, detail=str(error)))
            return unread
        reply: Replied | None = await self._of_tool(self._tool.reply, ask, answer, read)
        return reply or unread

    async def _reply_by_model(self, ask: str, answer: dict[str, Any]) -> None:
        messages = messages_of(self._texts)

        async def asked(client: Client, pictures: tuple[Picture, ...]) -> ProposedReply:
            shown = pictures if client.vision else ()
            text = text_beside(client, messages, answer)
            prompt = reply_prompt(ask, answer, self._handed_in, text)
            question = Question(prompt, ProposedReply, shown, self._request.talk)
            return await self._ask("reply", client, question)

        try:
            said = await self._asked.ask(asked, self._prepare)
            self._draft.reply, checks = checked_reply(said, ask, answer)
            self._draft.checks += checks
        except BlockedError:
            raise
        except VisiontoolsError as error:  # the answer stands, only the question stays open
            self._draft.checks.append(Check(name="reply_given", ok=False, detail=str(error)))
            if self._draft.outcome is Outcome.ANSWERED:
                self._draft.outcome = Outcome.PARTLY

    async def _of_tool(self, method: Callable[..., Any], *given: Any) -> Any:
        try:
            # A person's observation may be of any length, and others must not wait for it.
            if self._tool.quick and self._asked.observer.name.profile != PERSON:
                return method(*given)
            return await asyncio.to_thread(method, *given)
        except VisiontoolsError:
            raise
        except Exception as error:
            raise self._fault(error) from error

    def _fault(self, error: Exception) -> InvalidAnswerError:
        _log.debug("the tool %s failed", self._tool.name, exc_info=error)
        return InvalidAnswerError(
            f"{self._tool.title} failed on this {self._handed_in} ({type(error).__name__}).",
            next=f"This is a fault in the tool, not in your {self._handed_in}; please report it.",
        )

    def _shown(self) -> tuple[Picture | TextInput, ...]:
        return (*self._texts, *self._asked.pictures)

    @property
    def _handed_in(self) -> str:
        return "text" if is_text_only(self._request, self._tool) else "picture"

    def _partial(self) -> Callable[[dict[str, Any]], None] | None:
        if not self._request.partials or self._guard.on:
            return None
        return lambda seen: self._tell(Partial(seen))

    def _repair(self, attempt: int) -> None:
        self._tell(Step("repair", f"{attempt}"))

    def _piece(self, number: int, total: int) -> None:
        if total > 1:
            self._tell(Step("read", f"part {number} of {total}"))

    @asynccontextmanager
    async def _step(self, name: Any, detail: str = "") -> AsyncIterator[None]:
        self._tell(Step(name, detail))
        began = time.perf_counter()
        try:
            with self._shop.tracing.span(name, {"detail": detail} if detail else None):
                yield
        finally:
            took = (time.perf_counter() - began) * 1000
            self._draft.timings_ms[name] = round(self._draft.timings_ms.get(name, 0) + took, 1)

    def _end(self, error: VisiontoolsError) -> None:
        if error.outcome is None:
            raise error
        self._draft.outcome, self._draft.message = error.outcome, str(error)

    def _record(self) -> Record:
        draft, request, asked = self._draft, self._request, self._asked
        shown = self._shown()
        notes = [note for picture in shown for note in picture.notes]
        notes[:0] = request.notes if shown else ()  # they speak of what was looked at
        parent = request.follows or request.corrects
        return Record(
            id=str(uuid.uuid4()),
            created=self._created,
            owner=request.owner,
            tool=self._tool.name,
            tool_version=self._tool.version,
            parent=parent.id if parent else None,
            request=Asked(
                ask=request.ask,
                options=self._options.model_dump(mode="json", by_alias=True),
                talk=tuple({"ask": turn.ask, "reply": turn.reply} for turn in request.talk),
            ),
            outcome=draft.outcome,
            answer=draft.answer,
            reply=draft.reply,
            observation=draft.observation,
            provenance=draft.provenance,
            checks=(*draft.checks, *self._guard.checks),
            message=draft.message,
            notes=tuple(dict.fromkeys([*notes, *draft.notes, *self._guard.notes])),
            unconfirmed=draft.unconfirmed,
            corrections=draft.corrections,
            inputs=inputs_of(request, self._tool, asked.pictures, self._texts),
            observer=request.corrects.observer if request.corrects else asked.observer.name,
            tried=tuple(asked.tried),
            attempts=self._tally.attempts,
            usage=self._tally.usage,
            guard=self._guard.result,
            timings_ms=draft.timings_ms,
        )


def _options(tool: AnyTool, given: Any) -> Options:
    try:
        return tool.options.model_validate(dict(given))
    except ValidationError as error:
        known = ", ".join(f.alias or name for name, f in tool.options.model_fields.items())
        raise UsageError(
            f"The options of {tool.title} do not fit: {misfits(error)}.",
            next=f"Its options are: {known}." if known else "It takes none.",
        ) from None

"""The guard of one run: what goes in is checked beside the work, what comes out before it is shown.

A verdict that does not come, or is none, blocks, unless the operator chose otherwise.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Literal, TypeVar

from visiontools.errors import BlockedError, InvalidAnswerError, UsageError, VisiontoolsError
from visiontools.guard.categories import in_words
from visiontools.guard.conversation import Conversation, Said
from visiontools.guard.llama_guard import LlamaGuard
from visiontools.guard.policy import Ruling, actions, rule
from visiontools.guard.settings import GuardSettings
from visiontools.guard.words import parts_of, words_of
from visiontools.models.client import Client
from visiontools.tooling import Options, Tool
from visiontools.types import Check, GuardResult, Picture, PictureRules, Request

T = TypeVar("T")
Side = Literal["input", "output"]
State = Literal["passed", "warned", "blocked", "unavailable"]
Prepare = Callable[[PictureRules], Awaitable[tuple[Picture, ...]]]
"""Makes the pictures of the run fit what the guard takes."""
StepOf = Callable[[str, str], AbstractAsyncContextManager[None]]
"""Tells and times a step of the run, by its name and a detail."""

_WORSE = ("off", "passed", "warned", "unavailable", "blocked")
_NO_EYES = "The guard reads words only: it did not see the picture."


class Guard:
    """The guard of a pipeline; off without settings. ``client`` gives an endpoint's client."""

    def __init__(
        self, settings: GuardSettings | None, client: Callable[[str, bool], Client]
    ) -> None:
        self._settings = settings
        self._client = client

    def begin(self, request: Request, tool: Tool[Any, Any, Any], options: Options) -> Guarding:
        """The guard of one run. Raises UsageError where its endpoint cannot be asked at all."""
        if self._settings is None:
            return Guarding()
        client = self._client(self._settings.endpoint, request.local_only)
        return Guarded(self._settings, client, request, tool, options)


class Guarding:
    """No guard: everything passes, and the record says ``off``."""

    on = False
    """Whether anything is checked, so that nothing may be shown before the verdicts."""
    policy = "guard off"
    """What an answer depends on besides its request; for the reuse of records."""

    def __init__(self) -> None:
        self.result = GuardResult()
        self.checks: list[Check] = []
        self.notes: tuple[str, ...] = ()
        self.released = True

    def read(self, texts: Sequence[str]) -> None:
        """Take what was handed in as text: it is part of what goes in."""

    async def watch(self, work: Coroutine[Any, Any, T], prepare: Prepare, step: StepOf) -> T:
        """What ``work`` gives, once what went in has passed."""
        return await work

    async def release(self, words: Callable[[], str], step: StepOf) -> None:
        """Let ``words``, all that is to be shown, go out; nobody writes them down unasked."""


class Guarded(Guarding):
    """Llama Guard under a tool's policy.

    ``result``, ``checks`` and ``notes`` are for the record. Until ``released``, nothing that an
    observer said may be shown or kept.
    """

    on = True

    def __init__(
        self,
        settings: GuardSettings,
        client: Client,
        request: Request,
        tool: Tool[Any, Any, Any],
        options: Options,
    ) -> None:
        super().__init__()
        self._settings = settings
        self._llama = LlamaGuard(client, settings)
        self._actions = actions(tool.guard, settings.tools.get(tool.name, {}))
        given = _given(options)
        self._turns = _turns(tool, given, request)
        self._words = bool(given or request.ask)
        self._pictures: tuple[Picture, ...] = ()
        self._texts: list[str] = []
        self.released = False
        self.notes = () if self._llama.rules else (_NO_EYES,)
        self.policy = json.dumps(
            [
                settings.model_dump(mode="json", exclude={"tools", "deadline_s"}),
                client.endpoint.model,
                self._actions,
            ],
            sort_keys=True,
        )

    def read(self, texts: Sequence[str]) -> None:
        """Take what was handed in as text, in parts that any guard's context holds."""
        self._texts = parts_of("\n".join(texts))

    async def watch(self, work: Coroutine[Any, Any, T], prepare: Prepare, step: StepOf) -> T:
        """What ``work`` gives, checked beside it.

        Raises BlockedError as soon as what went in is blocked: the work is cancelled then.
        """
        check = asyncio.create_task(self._check_input(prepare))
        doing = asyncio.create_task(work)
        try:
            await asyncio.wait((check, doing), return_when=asyncio.FIRST_COMPLETED)
            if not check.done():
                async with step("guard", "input"):
                    await check
            await check
            return await doing
        finally:
            check.cancel()
            doing.cancel()
            await asyncio.gather(check, doing, return_exceptions=True)

    async def release(self, words: Callable[[], str], step: StepOf) -> None:
        """Let ``words`` go out. Raises BlockedError where they may not."""
        if self._settings.output and (said := words()):
            async with step("guard", "output"):
                turns = (*self._turns, Said("Agent", said))
                self._state("output", await self._ruled("output", turns))
        self.released = True

    async def _check_input(self, prepare: Prepare) -> None:
        if self._llama.rules is not None:
            self._pictures = await prepare(self._llama.rules)
        if not self._settings.input:
            return
        for part in self._texts:
            self._state("input", await self._ruled("input", (Said("User", part),)))
        if self._words or self._pictures:
            self._state("input", await self._ruled("input", self._turns))

    async def _ruled(self, side: Side, turns: Sequence[Said]) -> Ruling | None:
        """The ruling on the last turn; None without a verdict where that is allowed."""
        try:
            verdict = await self._llama.judge(Conversation(turns, self._pictures))
            return rule(verdict, self._actions)
        except UsageError:
            raise
        except VisiontoolsError as error:
            self._set(side, "unavailable", Check(name=_name(side), ok=False, detail=_none(error)))
            if self._settings.on_failure == "allow":
                return None
            what = "what was asked" if side == "input" else "the answer"
            raise BlockedError(
                f"Nothing is shown, since the guard gave no verdict on {what}. {error.what}",
                next=self._advice(error),
            ) from None

    def _advice(self, error: VisiontoolsError) -> str:
        """Endpoints' errors advise another endpoint, which no guard has."""
        if isinstance(error, InvalidAnswerError):
            return error.next
        return (
            f"'visiontools endpoints check {self._settings.endpoint}' says what is wrong there; "
            "deadline_s under [guard] is how long a verdict may take."
        )

    def _state(self, side: Side, ruling: Ruling | None) -> None:
        """Note a ruling for the record. Raises BlockedError where it blocks."""
        if ruling is None:
            return
        if ruling.blocked:
            found = in_words(ruling.blocked)
            self._set(side, "blocked", Check(name=_name(side), ok=False, detail=found))
            raise self._blocked(side, found)
        if ruling.warned:
            detail = f"it touches on {in_words(ruling.warned)}"
            self._set(side, "warned", Check(name=_name(side), ok=False, detail=detail))
            return
        detail = f"not counted for this tool: {in_words(ruling.ignored)}" if ruling.ignored else ""
        self._set(side, "passed", Check(name=_name(side), ok=True, detail=detail))

    def _set(self, side: Side, state: State, check: Check) -> None:
        """The worst of what is found on one side counts."""
        if _WORSE.index(state) < _WORSE.index(getattr(self.result, side)):
            return
        self.result = self.result.model_copy(update={side: state})
        self.checks = [*(each for each in self.checks if each.name != check.name), check]

    def _blocked(self, side: Side, found: str) -> BlockedError:
        if side == "output":
            return BlockedError(
                f"The answer touches on {found}, so the guard held it back.",
                next="Hand in something else, or ask something else.",
            )
        handed_in = "picture" if self._pictures else "text" if self._texts else ""
        what = f"The {handed_in} or what was asked" if handed_in else "What was asked"
        return BlockedError(
            f"{what} touches on {found}, so the guard stopped it.",
            next=f"Ask something else, or use another {handed_in or 'picture'}.",
        )


def _name(side: Side) -> str:
    return f"guard_{side}"


def _none(error: VisiontoolsError) -> str:
    return f"there is no verdict: {error.what}"


def _given(options: Options) -> str:
    """The words among the options, where they are not the default."""
    changed = options.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    said = {name: words_of([value]) for name, value in changed.items()}
    return ", ".join(f"{name}: {words}" for name, words in said.items() if words)


def _turns(tool: Tool[Any, Any, Any], given: str, request: Request) -> tuple[Said, ...]:
    """The talk so far and the question; what the tool is for comes first, for it is asked too."""
    talk = request.talk if request.ask else ()  # it is sent only along with a question
    first, *asks = [*(turn.ask for turn in talk), request.ask or ""]
    said = [Said("User", " ".join(filter(None, (tool.summary, given, first))))]
    for turn, ask in zip(talk, asks, strict=True):
        said += [Said("Agent", turn.reply), Said("User", ask)]
    return tuple(said)

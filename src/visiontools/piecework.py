"""How a text is observed: whole where the model's context holds it, else piece by piece.

Each piece is asked for on its own, some at a time; then code joins what was seen, with the model's
help where the tool wants it. A piece that proves too long after all is cut in two and asked again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from visiontools.errors import (
    BlockedError,
    CannotTellError,
    ContextFullError,
    InvalidAnswerError,
    RefusedError,
    TruncatedError,
    VisiontoolsError,
)
from visiontools.models.client import Client
from visiontools.models.question import Question, Tally
from visiontools.models.wire import instructions
from visiontools.registry import AnyTool
from visiontools.texts.pieces import LEAST, pieces
from visiontools.texts.tokens import most_tokens
from visiontools.tooling import Options, Report
from visiontools.types import Message, Picture, Piece

_AT_ONCE = 4
_FRAME = 200
"""Tokens for the chat template and what else a server adds."""
_OF_ONE_PIECE = (InvalidAnswerError, RefusedError, BlockedError, CannotTellError)
"""What may befall one piece while the others are worth having."""


@dataclass(frozen=True, slots=True)
class Given:
    """What an observer is to look at: pictures, messages or both, how, and when it was asked."""

    pictures: tuple[Picture, ...]
    messages: tuple[Message, ...]
    options: Options
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Seen:
    """An observation, and what its observer says about it; ``unread`` names parts left out."""

    observation: Report
    unconfirmed: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()
    proposal: Any = None
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Progress:
    """How an observer tells of its progress; ``piece`` says which of how many begins."""

    partial: Callable[[dict[str, Any]], None] | None
    repair: Callable[[int], None]
    piece: Callable[[int, int], None]


async def read_pieces(
    tool: AnyTool, client: Client, given: Given, tally: Tally, progress: Progress
) -> Seen:
    """What a model reports of the messages. Raises what ``Client.ask`` does, and
    ContextFullError where they are too many for the tool or the model."""
    return await _Reading(tool, client, given, tally, progress).seen()


def text_beside(client: Client, messages: Sequence[Message], answer: Mapping[str, Any]) -> str:
    """The whole text, to go along with a question about the answer; "" where it does not fit."""
    told = most_tokens(json.dumps(answer, ensure_ascii=False))
    room = client.context - client.profile.max_tokens - told - 2 * _FRAME
    if not messages or room < LEAST:
        return ""
    cut = pieces(messages, room)
    return cut[0].text if len(cut) == 1 else ""


class _Reading:
    """One text being read. A piece that comes twice is asked for once."""

    def __init__(
        self, tool: AnyTool, client: Client, given: Given, tally: Tally, progress: Progress
    ) -> None:
        self._tool = tool
        self._client = client
        self._given = given
        self._tally = tally
        self._progress = progress
        self._prompt = tool.ask(given.options, given.at)
        self._slots = asyncio.Semaphore(min(_AT_ONCE, client.endpoint.concurrency))
        self._asked: dict[str, asyncio.Task[Report]] = {}
        self._unread: list[str] = []
        self._begun = self._total = 0

    async def seen(self) -> Seen:
        cut = self._cut(self._room())
        self._total = len(cut)
        found = await _together([self._one(piece, whole=len(cut) == 1) for piece in cut])
        seen = [each for several in found for each in several]
        notes: tuple[str, ...] = ()
        if len(cut) > 1:
            notes = (f"The text was read in {len(cut)} pieces that overlap.",)
        return Seen(await self._joined(seen), notes=notes, unread=tuple(self._unread))

    def _room(self) -> int:
        """Tokens for one piece beside the prompt, the schema, the answer and one repair of it."""
        asked = most_tokens(self._prompt) + most_tokens(instructions(self._tool.observation))
        context = self._client.context
        answer = min(2 * self._client.profile.max_tokens, context // 2)
        return context - answer - asked - _FRAME

    def _cut(self, room: int) -> list[Piece]:
        if room < LEAST:
            raise self._too_small()
        return pieces(self._given.messages, room)

    def _too_small(self) -> ContextFullError:
        return ContextFullError(
            f"The context of endpoint '{self._client.endpoint.name}' ({self._client.context} "
            f"tokens) is too small for {self._tool.title}.",
            next="Set a larger context for it, or name another endpoint.",
        )

    async def _one(self, piece: Piece, *, whole: bool) -> list[Report]:
        """What is seen in a piece: one report, more where it had to be cut, none where it failed.

        Where the text is one piece, its failure is the run's.
        """
        try:
            return [await self._asked_once(piece, whole=whole)]
        except (ContextFullError, TruncatedError) as error:
            halves = self._halves(piece)
            if len(halves) < 2:
                return self._left_out(piece, error, whole=whole)
        except _OF_ONE_PIECE as error:
            return self._left_out(piece, error, whole=whole)
        self._total += len(halves)
        found = await _together([self._one(half, whole=False) for half in halves])
        return [each for several in found for each in several]

    def _left_out(self, piece: Piece, error: VisiontoolsError, *, whole: bool) -> list[Report]:
        if whole or isinstance(error, ContextFullError):
            raise error
        self._unread.append(f"messages {piece.first} to {piece.last}: {error.what}")
        return []

    def _halves(self, piece: Piece) -> list[Piece]:
        room = most_tokens(piece.text) // 2 + 1
        if room < LEAST:
            return []
        mine = self._given.messages[piece.first - 1 : piece.last]
        return pieces(mine, room, first=piece.first)

    async def _asked_once(self, piece: Piece, *, whole: bool) -> Report:
        task = self._asked.get(piece.text)
        if task is None:
            task = asyncio.create_task(self._ask(piece, whole=whole))
            self._asked[piece.text] = task
        try:
            return await task
        except asyncio.CancelledError:
            task.cancel()
            raise

    async def _ask(self, piece: Piece, *, whole: bool) -> Report:
        async with self._slots:
            self._begun += 1
            self._progress.piece(self._begun, self._total)
            question = Question(
                f"{self._prompt}\n\n{piece.text}",
                self._tool.observation,
                self._given.pictures if piece.first == 1 else (),
                plain=self._tool.plain,
            )
            report: Report = await self._client.ask(
                question,
                self._tally,
                on_partial=self._progress.partial if whole else None,
                on_repair=self._progress.repair,
            )
            return report

    async def _joined(self, seen: list[Report]) -> Report:
        """One report of all, by rounds: those of one round fit one question each."""
        if not seen:
            raise InvalidAnswerError(
                f"No piece of the text could be read. {self._unread[0]}",
                next="Try another model, or a shorter text.",
            )
        while len(seen) > 1:
            groups = self._groups(seen)
            seen = await _together([self._gathered(group) for group in groups])
        return seen[0]

    def _groups(self, seen: Sequence[Report]) -> list[list[Report]]:
        """Reports that fit one question, at least two of them so that this comes to an end."""
        groups: list[list[Report]] = []
        for report in seen:
            last = groups[-1] if groups else []
            if len(last) == 1 or (last and self._fits([*last, report])):
                last.append(report)
            else:
                groups.append([report])
        return groups

    def _fits(self, group: Sequence[Report]) -> bool:
        wanted = self._tool.gather(group, self._given.options)
        if wanted is None:
            return True
        asked = most_tokens(wanted.prompt) + most_tokens(instructions(wanted.schema))
        return asked + _FRAME + self._client.profile.max_tokens <= self._client.context

    async def _gathered(self, group: Sequence[Report]) -> Report:
        wanted = self._tool.gather(group, self._given.options) if len(group) > 1 else None
        gathered: BaseModel | None = None
        if wanted is not None:
            question = Question(wanted.prompt, wanted.schema)
            with suppress(ContextFullError, *_OF_ONE_PIECE):  # code joins them without it
                async with self._slots:
                    gathered = await self._client.ask(
                        question, self._tally, on_repair=self._progress.repair
                    )
        report: Report = group[0] if len(group) == 1 else self._tool.join(group, gathered)
        return report


async def _together(work: Sequence[Coroutine[Any, Any, Any]]) -> list[Any]:
    """All results in their order; with the first failure the rest is stopped."""
    tasks = [asyncio.create_task(each) for each in work]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

"""An answer that arrives in pieces: server-sent events, and the reply they add up to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import jiter

from visiontools.models import wire
from visiontools.models.body import LONGEST, BodyError
from visiontools.types import Usage

_STARTS = (b"data:", b"event:", b"id:", b"retry:", b":")
_BOM = b"\xef\xbb\xbf"
_AFTER_FINISH_S = 1.0
_AFTER_DONE_S = 0.2


def looks_streamed(content: bytes) -> bool:
    """Whether a body is a stream of events, whatever its content type claims."""
    if content.startswith(b"{"):
        return False  # as nearly all answers, which are not to be copied for this
    return content.removeprefix(_BOM).lstrip().startswith(_STARTS)


class Events:
    """The JSON in a stream of events fed in pieces of any size; BodyError where it is none.

    ``done`` is set by OpenAI's last event, which is no JSON. An event takes one line with every
    server there is, but may take several; lines without data only keep the connection alive.
    """

    def __init__(self) -> None:
        self.done = False
        self._rest = bytearray()
        self._data = b""

    def feed(self, piece: bytes) -> Iterator[Any]:
        self._rest += piece
        if b"\n" not in piece:
            return
        *lines, rest = self._rest.split(b"\n")
        self._rest = bytearray(rest)
        for line in lines:
            yield from self._line(bytes(line).removeprefix(_BOM).rstrip(b"\r"))

    def finish(self) -> Iterator[Any]:
        """What a stream without a last line break still has to say."""
        yield from self.feed(b"\n\n")

    def _line(self, line: bytes) -> Iterator[Any]:
        name, _, value = line.partition(b":")
        if not line and self._data:
            raise BodyError("broke its stream with an event that is no JSON")
        if name != b"data" or not (value := value.strip()):
            return
        if value.startswith(b"[DONE]"):
            self.done = True
            return
        self._data += value
        try:
            event = jiter.from_json(self._data)
        except ValueError:
            return  # the rest may be on the next line
        self._data = b""
        yield event


class Gathering:
    """The reply so far; ``on_text`` is told each piece of text as it comes.

    ``odd`` is the last event that was no part of an answer: most likely an error.
    """

    def __init__(self, on_text: Callable[[str], None]) -> None:
        self.odd: Any = None
        self.finish = ""
        self._on_text = on_text
        self._texts: list[str] = []
        self._long = 0
        self._refusal = ""
        self._usage = Usage()

    def take(self, event: Any) -> None:
        """One more event."""
        choice = wire.first_choice(event) if isinstance(event, dict) else None
        if isinstance(event, dict) and event.get("usage"):
            self._usage = wire.usage_of(event)
        elif choice is None and not (isinstance(event, dict) and "choices" in event):
            self.odd = event
        if choice is None:
            return
        text, refused = wire.words(choice.get("delta") or choice.get("message"))
        self.finish = wire.finish_of(choice) or self.finish
        self._refusal += refused
        if text:
            self._long += len(text)
            if self._long > LONGEST:
                raise BodyError("sent an answer without an end")
            self._texts.append(text)
            self._on_text(text)

    def reply(self) -> wire.Reply:
        return wire.Reply("".join(self._texts), self.finish, self._refusal, self._usage)


async def gather(pieces: AsyncIterator[bytes], on_text: Callable[[str], None]) -> Gathering:
    """Everything a stream says.

    A server that keeps the connection open after its answer is not waited for: once the answer is
    whole only its token count is still of interest.
    """
    events, gathering = Events(), Gathering(on_text)
    clock = asyncio.get_running_loop().time
    patience = asyncio.timeout(None)
    try:
        async with patience:
            async for piece in pieces:
                for event in events.feed(piece):
                    gathering.take(event)
                if events.done:  # what is left is read, so that the connection can be used again
                    patience.reschedule(clock() + _AFTER_DONE_S)
                elif gathering.finish:
                    patience.reschedule(clock() + _AFTER_FINISH_S)
    except TimeoutError:
        if not patience.expired():
            raise
    for event in events.finish():
        gathering.take(event)
    return gathering


def gathered(content: bytes, on_text: Callable[[str], None]) -> Gathering:
    """The same from a stream that came in one piece."""
    events, gathering = Events(), Gathering(on_text)
    for event in (*events.feed(content), *events.finish()):
        gathering.take(event)
    return gathering

"""Whether somebody's words really stand in a thread, and in which message."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from visiontools.types import Message

_LEAST = 6
"""Characters a quote must have to prove anything, unless it is a whole message."""
_SAME = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "–": "-", "—": "-"}
)
_ROUND = " \"'.…"


def squeezed(text: str) -> str:
    """Text for comparing: composed, white space as one space, quotation marks and dashes alike."""
    plain = unicodedata.normalize("NFC", text).translate(_SAME)
    return re.sub(r"\s+", " ", plain).strip()


class Source:
    """The messages of a thread, to look quotes up in; numbers count from 1."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self.messages = messages
        self._texts = [squeezed(f"{each.subject or ''} {each.text}") for each in messages]
        self._whole = {squeezed(each.text).strip(_ROUND) for each in messages}

    def find(self, quote: str, said_in: int) -> int | None:
        """The message with these words, the nearest to ``said_in``; None where there is none."""
        words = squeezed(quote).strip(_ROUND)
        if len(words.replace(" ", "")) < _LEAST and words not in self._whole:
            return None
        if not words:
            return None
        found = [number for number, text in enumerate(self._texts, 1) if words in text]
        return min(found, key=lambda number: abs(number - said_in), default=None)

    def message(self, number: int) -> Message:
        return self.messages[number - 1]

    def says(self, words: str) -> bool:
        """Whether the words stand anywhere, in any case."""
        wanted = squeezed(words).casefold()
        return any(wanted in text.casefold() for text in self._texts)

    def numbers(self) -> set[str]:
        """Every number in the messages and in their times, without leading zeros."""
        times = (each.at.isoformat(" ") for each in self.messages if each.at)
        told = [str(len(self.messages)), *self._texts, *times]
        return {number for text in told for number in numbers_in(text)}


def numbers_in(text: str) -> list[str]:
    """The runs of digits in a text, without leading zeros."""
    return [str(int(run)) for run in re.findall(r"\d{1,18}", text)]

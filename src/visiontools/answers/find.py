"""Finds JSON objects in what a model wrote: between prose, in fences, while it still arrives.

The scan is string-aware and incremental. It follows JSON's grammar loosely (single quotes, bare
words and trailing commas pass, see ``mend``), so that braces in prose end a wrong start at once
instead of swallowing the answer.

Why it is linear: a start that fails marks every object it had entered as failed too, since
scanning from one of those would meet the same end. What is left to try are braces that looked
like part of a string; a scan from there is always at odds with the first about which quotes open
and which close, and with two kinds of quotes there are three such views. So no character is read
more than three times.
"""

from __future__ import annotations

import re
from typing import Any, Literal, NamedTuple

import jiter

_THINK, _THOUGHT = "<think>", "</think>"
_SPACE = re.compile(r"[ \t\r\n]*")
_WORD = re.compile(r"[A-Za-z0-9_+\-.]+")
_STRING_STOP = {quote: re.compile(rf"[{quote}\\]") for quote in "\"'"}
_PAIRS = {"}": "{", "]": "["}
_LEAST_GROWTH = 24

_State = Literal["outside", "name", "colon", "value", "word", "after"]


class Span(NamedTuple):
    """Where an object stands in the text; ``closed`` is false where the text ends first."""

    start: int
    end: int
    closed: bool


class Finder:
    """Finds the objects in a text fed in pieces of any size; never raises.

    ``spans`` are the closed objects so far, outermost only; ``open_at`` is where the object that
    is still open begins, or None. ``steps`` counts the work done, for the tests.
    """

    def __init__(self) -> None:
        self.text = ""
        self.spans: list[Span] = []
        self.steps = 0
        self._at = 0
        self._start = -1
        self._state: _State = "outside"
        self._quote = ""
        self._after_string: _State = "after"
        self._stack: list[str] = []
        self._opens: list[int] = []
        self._failed: set[int] = set()
        self._thinking: bool | None = None

    @property
    def open_at(self) -> int | None:
        return None if self._state == "outside" else self._start

    def feed(self, chunk: str) -> None:
        """Read on. Adding to a local keeps CPython's in-place growth: no copy per chunk."""
        text, self.text = self.text, ""
        text += chunk
        self.text = text
        if not self._skip_thoughts():
            self._scan()

    def finish(self) -> list[Span]:
        """The text is over: all closed objects, and last the open one, if any."""
        unfinished: list[Span] = []
        while self._state != "outside":
            unfinished.append(Span(self._start, len(self.text), closed=False))
            self._fail()
            self._scan()
        return sorted(self.spans) + unfinished[:1]

    def _skip_thoughts(self) -> bool:
        """Whether the text is still inside the <think> block it began with."""
        if self._thinking is None:
            self._at = self._space_end()
            head = self.text[self._at : self._at + len(_THINK)]
            if len(head) < len(_THINK) and _THINK.startswith(head):
                return True
            self._thinking = head.startswith(_THINK)
        if self._thinking:
            self.steps += 1
            end = self.text.find(_THOUGHT, self._at)
            if end < 0:
                self._at = max(0, len(self.text) - len(_THOUGHT) + 1)
                return True
            self._thinking, self._at = False, end + len(_THOUGHT)
        return False

    def _scan(self) -> None:
        while self._at < len(self.text):
            self.steps += 1
            if self._state == "outside":
                self._find_start()
            elif self._quote:
                if not self._read_string():
                    return
            elif self._state == "word":
                self._read_word()
            else:
                self._at = self._space_end()
                if self._at < len(self.text):
                    self._take(self.text[self._at])

    def _space_end(self) -> int:
        match = _SPACE.match(self.text, self._at)
        return match.end() if match else self._at

    def _find_start(self) -> None:
        start = self.text.find("{", self._at)
        if start < 0:
            self._at = len(self.text)
        elif start in self._failed:
            self._at = start + 1
        else:
            self._start, self._at = start, start
            self._open("{")

    def _read_string(self) -> bool:
        """Go on to the end of the string; False when a backslash waits for what it escapes."""
        match = _STRING_STOP[self._quote].search(self.text, self._at)
        if match is None:
            self._at = len(self.text)
        elif match.group() != "\\":
            self._at, self._quote, self._state = match.end(), "", self._after_string
        elif match.end() == len(self.text):
            self._at = match.start()
            return False
        else:
            self._at = match.end() + 1
        return True

    def _read_word(self) -> None:
        match = _WORD.match(self.text, self._at)
        if match:
            self._at = match.end()
        else:
            self._state = "after"

    def _take(self, char: str) -> None:
        """One character of structure."""
        if char in "\"'" and self._state in ("name", "value"):
            self._quote = char
            self._after_string = "colon" if self._state == "name" else "after"
            self._at += 1
        elif char in "{[" and self._state == "value":
            self._open(char)
        elif char in _PAIRS and self._may_close(char):
            self._close()
        elif char == ":" and self._state == "colon":
            self._state, self._at = "value", self._at + 1
        elif char == "," and self._state == "after":
            self._state = "name" if self._stack[-1] == "{" else "value"
            self._at += 1
        elif self._state == "value" and _WORD.match(char):
            self._state = "word"
        else:
            self._fail()

    def _may_close(self, char: str) -> bool:
        """After a value, or where a trailing comma or an empty pair leaves nothing to say."""
        ready = ("after", "name") if char == "}" else ("after", "value")
        return self._stack[-1] == _PAIRS[char] and self._state in ready

    def _open(self, char: str) -> None:
        if char == "{":
            self._opens.append(self._at)
        self._stack.append(char)
        self._state = "name" if char == "{" else "value"
        self._at += 1

    def _close(self) -> None:
        self._stack.pop()
        self._at += 1
        self._state = "after"
        if not self._stack:
            self.spans.append(Span(self._start, self._at, closed=True))
            self._opens.clear()
            self._state = "outside"

    def _fail(self) -> None:
        """This start led nowhere: go back to it and look for the next."""
        self._failed.update(self._opens)
        self._opens.clear()
        self._stack.clear()
        self._quote, self._state = "", "outside"
        self._at = self._start + 1


def candidates(text: str) -> list[tuple[str, Span]]:
    """Every object in a finished text, in order; what was said while thinking is left out."""
    finder = Finder()
    finder.feed(text)
    thought = text.rfind(_THOUGHT)
    return [(text[s.start : s.end], s) for s in finder.finish() if s.end > thought]


class PartialReader:
    """The object so far, from a text that streams.

    Each parse reads the object from its beginning, so it is done only when the object has grown
    by an eighth (and at least 24 characters): the work stays in proportion to the text.
    """

    def __init__(self) -> None:
        self.finder = Finder()
        self._parsed_at = 0
        self._start: int | None = None
        self._last: dict[str, Any] | None = None

    def feed(self, chunk: str) -> dict[str, Any] | None:
        """The object so far where it says more than before, else None."""
        self.finder.feed(chunk)
        start = self.finder.open_at
        if start is None:
            return None
        if start != self._start:
            self._start, self._parsed_at = start, 0
        size = len(self.finder.text) - start
        if size - self._parsed_at < max(_LEAST_GROWTH, self._parsed_at // 8):
            return None
        self._parsed_at = size
        return self._news(self.finder.text[start:])

    def _news(self, text: str) -> dict[str, Any] | None:
        try:
            seen = jiter.from_json(text.encode(errors="replace"), partial_mode="trailing-strings")
        except ValueError:
            return None
        if not isinstance(seen, dict) or not seen or seen == self._last:
            return None
        self._last = seen
        return seen

"""What is measured: cases with their truth, in named sets, each with a card that tells its origin.

A case is one request whose right answer is known. What is known may be the whole observation, some
fields of the answer, or only that there is nothing to answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from visiontools.types import LOCAL_OWNER, Outcome, Request, Upload

Expected = Literal["answer", "none"]
"""Whether there is something to answer, or an honest "cannot tell" or "wrong picture" is right."""
NOTHING_TO_ANSWER = (Outcome.CANNOT_TELL, Outcome.WRONG_PICTURE)


@dataclass(frozen=True, slots=True)
class Truth:
    """What is right.

    ``observation`` fits the tool's schema, ``answer`` maps JSON pointers into the answer to values,
    ``reply`` are the replies to the question that are right, compared by the measure ``by``, and
    ``canary`` are words that may stand nowhere in what is decided.
    """

    expected: Expected = "answer"
    observation: Mapping[str, Any] | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    reply: tuple[str, ...] = ()
    by: str = "exact"
    canary: str = ""

    def as_json(self) -> dict[str, Any]:
        """For the digest of a case."""
        return {
            "expected": self.expected,
            "observation": self.observation,
            "answer": dict(self.answer),
            "reply": list(self.reply),
            "by": self.by,
            "canary": self.canary,
        }


@dataclass(frozen=True, slots=True)
class Case:
    """One request and its truth.

    ``load`` hands over the files, which are not kept meanwhile; ``condition`` is what cases are
    grouped by in reports.
    """

    id: str
    tool: str
    load: Callable[[], tuple[Upload, ...]]
    truth: Truth
    options: Mapping[str, Any] = field(default_factory=dict)
    ask: str | None = None
    condition: str = ""

    @property
    def uploads(self) -> tuple[Upload, ...]:
        """The files, loaded now."""
        return self.load()

    def request(self, endpoint: str, *, again: bool = False) -> Request:
        """The request to one observer."""
        return Request(
            self.tool,
            self.uploads,
            ask=self.ask,
            options=self.options,
            endpoint=endpoint,
            owner=LOCAL_OWNER,
            again=again,
        )

    @property
    def digest(self) -> str:
        """The same for the same files, request and truth, wherever they were made."""
        told = {
            "tool": self.tool,
            "files": [hashlib.sha256(upload.data).hexdigest() for upload in self.uploads],
            "options": dict(self.options),
            "ask": self.ask,
            "truth": self.truth.as_json(),
        }
        text = json.dumps(told, sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()[:24]


def held(*uploads: Upload) -> Callable[[], tuple[Upload, ...]]:
    """Files that are small enough to be kept in memory."""
    return lambda: uploads


@dataclass(frozen=True, slots=True)
class Card:
    """A data set's card: what it is, how it was made, what it cannot tell, whose it is."""

    title: str
    what: str
    made: str
    truth: str
    limits: str
    licence: str

    def lines(self) -> list[tuple[str, str]]:
        """For a view: what each part is called, and what it says."""
        return [
            ("What", self.what),
            ("How it is made", self.made),
            ("Truth", self.truth),
            ("Limits", self.limits),
            ("Licence", self.licence),
        ]


@dataclass(frozen=True, slots=True)
class DataSet:
    """A named set; ``make(count, seed)`` gives the same cases for the same seed.

    ``usual`` is how many cases are taken unless told. ``missing`` says why it cannot be made here,
    and is empty where it can.
    """

    name: str
    tools: tuple[str, ...]
    card: Card
    make: Callable[[int, int], Iterator[Case]]
    usual: int = 60
    missing: Callable[[], str] = lambda: ""

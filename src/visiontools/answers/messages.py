"""What a model reports of a thread, and what stands of it: every point is held to its quote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from visiontools.answers.messages_dates import doubt, resolved
from visiontools.answers.messages_quotes import Source, squeezed
from visiontools.tooling import Report
from visiontools.types import Message, Provenance

_MOST = 60
"""Points of one kind in one piece: where decoding is constrained, this ends a model's loop."""
_QUOTED = 400
_WRITER = frozenset(
    {"i", "me", "myself", "sender", "writer", "ich", "mich", "mir", "je", "moi", "io", "eu", "mim"}
    | {"yo", "mí", "मैं", "मुझे", "ผม", "ฉัน", "ดิฉัน"}
)
"""What stands for whoever wrote the message, in the eight languages."""
Kind = Literal["decision", "question", "todo"]


def _cut(quote: object) -> object:
    """The beginning of a long quote proves as much."""
    return quote[:_QUOTED] if isinstance(quote, str) else quote


Quote = Annotated[
    str,
    BeforeValidator(_cut),
    Field(max_length=_QUOTED, description="the message's words it stands on, copied exactly"),
]


class SeenPoint(BaseModel):
    """A point with the words it stands on."""

    model_config = ConfigDict(extra="ignore")
    text: str = Field(min_length=1, max_length=300, description="the point in one short sentence")
    quote: Quote = ""
    message: int = Field(default=0, description="the number of that message")


class SeenTodo(SeenPoint):
    owner: str | None = Field(
        default=None, max_length=120, description="who is to do it, as named there; null if open"
    )
    due: str | None = Field(
        default=None, max_length=40, description="the day it is due as YYYY-MM-DD; null if not said"
    )


class SeenThread(Report):
    """What is in a thread, or in a piece of one."""

    summary: str = Field(default="", max_length=3000, description="what it is about")
    decisions: list[SeenPoint] = Field(
        default_factory=list, max_length=_MOST, description="what was decided"
    )
    questions: list[SeenPoint] = Field(
        default_factory=list, max_length=_MOST, description="what was asked and not answered"
    )
    todos: list[SeenTodo] = Field(
        default_factory=list, max_length=_MOST, description="what somebody is to do"
    )


class Summary(BaseModel):
    """One summary of several."""

    summary: str = Field(min_length=1, max_length=3000)


class From(BaseModel):
    """The message something comes from; ``number`` counts from 1."""

    model_config = ConfigDict(extra="forbid")
    number: int
    sender: Annotated[str | None, Provenance.READ]
    at: Annotated[str | None, Provenance.READ]


class Point(BaseModel):
    """A point whose quote stands in the message named."""

    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Provenance.INFERRED]
    quote: Annotated[str, Provenance.READ]
    message: From


class Todo(Point):
    owner: Annotated[str | None, Provenance.INFERRED]
    due: str | None = Field(description="a day, as YYYY-MM-DD")


class Dropped(BaseModel):
    """Something reported that did not stand."""

    model_config = ConfigDict(extra="forbid")
    kind: Kind
    text: Annotated[str, Provenance.INFERRED]
    why: str


class Held:
    """The points of a report that stand, the others with why not, and doubts for the checks."""

    def __init__(self, seen: SeenThread, messages: Sequence[Message]) -> None:
        self.source = Source(messages)
        self.dropped: list[Dropped] = []
        self.moved = 0
        self.strangers: list[str] = []
        self.unread_dates: list[str] = []
        self.doubts: list[str] = []
        self._said: set[tuple[Kind, int, str]] = set()
        self.decisions = [p for each in seen.decisions if (p := self._point("decision", each))]
        self.questions = [p for each in seen.questions if (p := self._point("question", each))]
        self.todos = [t for each in seen.todos if (t := self._todo(each))]

    def _point(self, kind: Kind, seen: SeenPoint) -> Point | None:
        """None for what has no quote in the thread, or was said before."""
        number = self.source.find(seen.quote, seen.message)
        if number is None:
            why = "its quote is not in the messages" if seen.quote.strip() else "it has no quote"
            self.dropped.append(Dropped(kind=kind, text=seen.text, why=why))
            return None
        key = (kind, number, squeezed(seen.quote))
        if key in self._said:
            return None
        self._said.add(key)
        self.moved += number != seen.message
        message = self.source.message(number)
        at = message.at.isoformat(sep=" ", timespec="minutes") if message.at else None
        where = From(number=number, sender=message.sender, at=at)
        return Point(text=seen.text, quote=squeezed(seen.quote), message=where)

    def _todo(self, seen: SeenTodo) -> Todo | None:
        point = self._point("todo", seen)
        if point is None:
            return None
        message = self.source.message(point.message.number)
        return Todo(
            **point.model_dump(),
            owner=self._owner(seen, message),
            due=self._due(seen, message),
        )

    def _owner(self, seen: SeenTodo, message: Message) -> str | None:
        """Somebody of the thread, or None; whoever wrote it may be called "I"."""
        owner = " ".join((seen.owner or "").split())
        if not owner:
            return None
        if owner.casefold() in _WRITER:
            return message.sender
        people = {each.sender.casefold() for each in self.source.messages if each.sender}
        if any(owner.casefold() in person for person in people) or self.source.says(owner):
            return owner
        self.strangers.append(f"{owner} ({seen.text})")
        return None

    def _due(self, seen: SeenTodo, message: Message) -> str | None:
        """The day; a doubtful one is shown with the check that fails, an unreadable one is not."""
        if not seen.due or not seen.due.strip():
            return None
        due = resolved(seen.due, message.at)
        if due is None:
            self.unread_dates.append(f"'{seen.due}' ({seen.text})")
            return None
        if why := doubt(due, seen.quote, message):
            self.doubts.append(f"{seen.text}: {why}")
        return due.isoformat()

"""A question to a model, and what is known of it while it is under way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from visiontools.models import wire
from visiontools.models.deadline import Deadline
from visiontools.types import Picture, Turn, Usage

T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """What to ask; ``talk`` are the turns before it, resent together with the pictures.

    ``plain`` makes words with JSON in them of what a model may write otherwise.
    """

    prompt: str
    schema: type[T]
    pictures: tuple[Picture, ...] = ()
    talk: tuple[Turn, ...] = ()
    plain: Callable[[str], str] | None = None


@dataclass(slots=True)
class Tally:
    """Requests sent and tokens used; filled also when an error is raised."""

    attempts: int = 0
    usage: Usage = field(default_factory=Usage)


@dataclass(slots=True)
class Asking(Generic[T]):
    """One question under way."""

    question: Question[T]
    tally: Tally
    said: list[wire.Message]
    max_tokens: int
    deadline: float
    on_partial: Callable[[dict[str, Any]], None] | None
    on_repair: Callable[[int], None] | None
    within: Deadline | None = None

    @property
    def schema(self) -> type[T] | None:
        """What the answer must fit; None where any words will do."""
        return None if self.question is ANY_WORDS else self.question.schema


ANY_WORDS = Question("", BaseModel)

"""What a tool is: the one class to subclass, in the one file a new tool takes."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from visiontools.errors import ContextFullError, NeedsEyesError
from visiontools.types import Check, Message, Outcome, Picture, Provenance
from visiontools.views.blocks import Block


class Report(BaseModel):
    """What an observer reports: what is there, nothing more. A text tool's observation is one."""

    model_config = ConfigDict(extra="ignore")


class Observation(Report):
    """What is visible in a picture; every picture tool's observation starts with these fields."""

    picture: Literal["fits", "other", "cannot_tell"] = Field(
        default="fits",
        description="'fits' if the picture is of the kind asked for, 'other' if it shows "
        "something else, 'cannot_tell' if it is too dark, blurred or small to say",
    )
    picture_shows: str | None = Field(
        default=None, description="what the picture shows, in a few words"
    )


class Answer(BaseModel):
    """What code made of an observation.

    Mark fields whose value was seen rather than computed, so that the record can say so::

        colour: Annotated[str | None, Provenance.INFERRED]

    Unmarked leaves inherit their parent's mark; at the top the default is ``computed``.
    """

    model_config = ConfigDict(extra="forbid")


class Options(BaseModel):
    """A tool's options; each field's description is its help text."""

    model_config = ConfigDict(extra="forbid", frozen=True)


GuardCategory = Literal[
    "S1", "S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9", "S10", "S11", "S12", "S13", "S14"
]
"""A hazard Llama Guard knows, as ``guard/categories.py`` explains them."""


@dataclass(frozen=True, slots=True)
class GuardPolicy:
    """What the guard's categories mean for a tool: all block but those that warn or are ignored."""

    warn: tuple[GuardCategory, ...] = ("S6",)
    ignore: tuple[GuardCategory, ...] = ()


ObservationT = TypeVar("ObservationT", bound=Report)
AnswerT = TypeVar("AnswerT", bound=Answer)
OptionsT = TypeVar("OptionsT", bound=Options)


@dataclass(frozen=True, slots=True)
class Reading:
    """An observation by the built-in reader.

    ``observation`` fits the tool's schema; ``unconfirmed`` are JSON pointers into it that were
    read only once; ``notes`` say what could not be read, for a person.
    """

    observation: Mapping[str, Any]
    unconfirmed: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """A second turn, without the picture, for what only an observer can invent."""

    prompt: str
    schema: type[BaseModel]


@dataclass(frozen=True, slots=True)
class Replied:
    """A reply to a person's question that code worked out; ``text`` says so where it could not.

    ``grounds`` are JSON pointers into the answer. ``reword`` is a turn, without the picture, in
    which a model may put the question so that code understands it.
    """

    text: str
    grounds: tuple[str, ...] = ()
    ok: bool = True
    reword: Proposal | None = None


@dataclass(frozen=True, slots=True)
class Case(Generic[OptionsT]):
    """What ``decide`` may know besides the observation.

    ``proposed`` is the validated answer to the tool's proposal, or None where nobody was there to
    propose (the reader, or a person's observation without a model). ``messages`` are those of the
    texts handed in, ``sizes`` the upright pictures' widths and heights in pixels, as they were
    handed in, and ``at`` is when it was asked.
    """

    options: OptionsT
    pictures: int = 1
    messages: tuple[Message, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()
    at: dt.datetime = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    proposed: BaseModel | None = None
    unconfirmed: frozenset[str] = frozenset()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Decision(Generic[AnswerT]):
    """The answer with its outcome, its checks and one sentence for a person.

    ``provenance`` (JSON pointer into the answer -> source) overrides the marks on the schema.
    """

    outcome: Outcome
    message: str
    answer: AnswerT | None
    checks: tuple[Check, ...] = ()
    provenance: Mapping[str, Provenance] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture or text in examples/, with a person's observation where the tool needs eyes."""

    picture: str
    title: str
    observation: str | None = None


Kind = Literal["picture", "text"]


class Tool(ABC, Generic[ObservationT, AnswerT, OptionsT]):
    """One tool: say what to see (``observation``, ``prompt``), then decide and show."""

    name: ClassVar[str]
    title: ClassVar[str]
    summary: ClassVar[str]
    version: ClassVar[str] = "1"
    needs: ClassVar[str]
    """What it needs, to complete "a picture of ..." ("a text: ..." where it takes no pictures)."""
    takes: ClassVar[tuple[Kind, ...]] = ("picture",)
    """What may be handed in."""
    dated: ClassVar[bool] = False
    """Whether the answer depends on the day it is asked."""
    replies: ClassVar[bool] = False
    """Whether code answers a person's own questions, so that they need no model."""
    printed: ClassVar[bool] = False
    """Whether its facts are printed in the picture, so that small print must stay legible."""
    grid: ClassVar[bool] = False
    """Whether a labelled grid (``answers/grid.py``) is drawn over the one picture looked at."""
    quick: ClassVar[bool] = False
    """Whether ``decide`` takes a few milliseconds for what fits a model's answer.

    It is then called where the run is, which spares most runs the way to a thread and back.
    """
    observation: ClassVar[type[Report]]
    answer: ClassVar[type[Answer]]
    options: ClassVar[type[Options]] = Options
    prompt: ClassVar[str]
    samples: ClassVar[tuple[Sample, ...]] = ()
    guard: ClassVar[GuardPolicy] = GuardPolicy()
    """Which findings of the guard do not block here: advice (S6) warns, unless said otherwise."""

    @property
    def wants(self) -> str:
        """What is to be handed in, to complete "It needs ..."."""
        if "picture" not in self.takes:
            return f"a text: {self.needs}"
        kinds = "a text or picture" if "text" in self.takes else "a picture"
        return f"{kinds} of {self.needs}"

    def read(self, pictures: Sequence[Picture]) -> Reading:
        """The observation by the built-in reader, for tools whose facts are printed.

        Runs in a thread. Raises NeedsEyesError where the tool needs eyes, CannotTellError where
        the reader is not sure, WrongPictureError where the picture is of something else.
        """
        if "text" in self.takes:
            raise NeedsEyesError(
                f"{self.title} needs a language model: the built-in reader understands no text.",
                next="Pull one with 'visiontools models pull llama-3.2-3b' and name it with "
                "--endpoint local, or set one up with 'visiontools endpoints add'; or fill in what "
                f"you read yourself: visiontools run {self.name} FILE --observation template",
            )
        raise NeedsEyesError(
            f"{self.title} needs eyes: the built-in reader only reads what is printed.",
            next="Set up a vision model with 'visiontools endpoints add', or fill in what you "
            f"see yourself: visiontools run {self.name} PICTURE --observation template",
        )

    def ask(self, options: OptionsT, at: dt.datetime) -> str:
        """The prompt; what was handed in as text follows it. ``at`` is when it is asked."""
        return self.prompt

    def plain(self, words: str) -> str:
        """What a model wrote, as words with the JSON in them, where it may write otherwise."""
        return words

    def gather(self, seen: Sequence[ObservationT], options: OptionsT) -> Proposal | None:
        """A turn that makes one of the observations of a text's pieces; None: code does it all."""
        return None

    def join(self, seen: Sequence[ObservationT], gathered: BaseModel | None) -> ObservationT:
        """One observation of those of a long text's pieces; ``gathered`` is as ``gather`` asked.

        Raises ContextFullError where the tool does not take texts that long.
        """
        raise ContextFullError(
            f"The text is too long for {self.title} with this model.",
            next="Hand in a part of it, or name an endpoint with more context.",
        )

    def proposal(self, seen: ObservationT, options: OptionsT) -> Proposal | None:
        """A second, text-only turn to ask for, or None."""
        return None

    def reply(
        self, ask: str, answer: Mapping[str, Any], read: BaseModel | None = None
    ) -> Replied | None:
        """The reply of code to a person's own question; None: a model replies in its words.

        ``read`` is how a model put the question, as ``Replied.reword`` asked it to. Pure.
        """
        return None

    def sheet(self, answer: AnswerT) -> Sequence[Sequence[str | float | None]] | None:
        """The answer as rows of a spreadsheet; None: every field stands on a line of its own."""
        return None

    def reads_files(self, options: OptionsT) -> Sequence[str]:
        """Files the options name and ``decide`` reads; a changed file is a changed request."""
        return ()

    @abstractmethod
    def decide(self, seen: ObservationT, case: Case[OptionsT]) -> Decision[AnswerT]:
        """Make the answer. Pure: no clock, no network, no files but the package's own data."""

    @abstractmethod
    def show(self, answer: AnswerT) -> Sequence[Block]:
        """Describe the answer for a person."""

"""The words of the house as frozen data: what goes into a run, what happens, what comes out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = "1"
LOCAL_OWNER = "local"


class Outcome(StrEnum):
    """How a run ended; always exactly one of these, at every door."""

    ANSWERED = "answered"
    PARTLY = "partly"
    CANNOT_TELL = "cannot_tell"
    WRONG_PICTURE = "wrong_picture"
    REFUSED = "refused"
    BLOCKED = "blocked"
    INVALID = "invalid"
    UNAVAILABLE = "unavailable"
    UNUSABLE = "unusable"
    CANCELLED = "cancelled"


class Provenance(StrEnum):
    """Where one field of an answer comes from.

    ``read`` is printed in the picture, ``inferred`` was judged from it, ``typical`` is general
    knowledge, ``computed`` was worked out by code, ``edited`` was said by a person.
    """

    READ = "read"
    INFERRED = "inferred"
    TYPICAL = "typical"
    COMPUTED = "computed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as a stranger handed it in: nothing about it is trusted, least of all its name."""

    data: bytes
    name: str = "upload"


@dataclass(frozen=True, slots=True)
class Source:
    """An uploaded picture as it was received.

    ``sha256`` is of the bytes received; ``width`` and ``height`` are in pixels, after turning it
    upright. ``label`` is the letter it carries on a canvas shared by several pictures.
    """

    sha256: str
    width: int
    height: int
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A prepared picture: upright, without metadata, encoded by us, sized for its observer.

    ``data`` is a JPEG or PNG file, ``sha256`` its hash, ``sources`` the uploads it shows, and
    ``notes`` what a person should know about the preparation ("the small print is 6 px high").
    """

    data: bytes
    media_type: Literal["image/jpeg", "image/png"]
    width: int
    height: int
    sha256: str
    sources: tuple[Source, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a text; a text that is no thread is one message.

    ``at`` is when it was written, with an offset from UTC where the source had one.
    """

    text: str
    sender: str | None = None
    at: dt.datetime | None = None
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class TextInput:
    """A text that was handed in, read into messages by us.

    ``data`` are its messages as JSON and ``sha256`` the hash of that; ``source`` is the hash of
    the bytes received, and ``notes`` what a person should know about the reading.
    """

    data: bytes
    sha256: str
    source: str
    notes: tuple[str, ...] = ()
    media_type: Literal["application/json"] = "application/json"


@dataclass(frozen=True, slots=True)
class Piece:
    """Messages that follow each other, as a model is shown them; ``first`` counts from 1."""

    text: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class PictureRules:
    """What an observer can take, as data.

    ``most`` is how many pictures fit one request (more are composed onto one canvas).
    ``tiles`` and ``tile_side`` describe a tiled vision model such as Llama 3.2 (4 tiles of 560
    px); without them the picture is only held to ``longest_side`` pixels.
    """

    most: int = 1
    longest_side: int = 1120
    tiles: int | None = None
    tile_side: int = 560


LLAMA_3_2_PICTURES = PictureRules(most=1, longest_side=2240, tiles=4, tile_side=560)
READER_PICTURES = PictureRules(most=16, longest_side=3200)


@dataclass(frozen=True, slots=True)
class Turn:
    """One question already asked about a picture, and the reply it got."""

    ask: str
    reply: str


@dataclass(frozen=True, slots=True)
class Request:
    """Everything a door says to the pipeline.

    ``observation`` is a person's own observation (parsed JSON, with what they propose under
    ``proposal``); with it nobody else is asked what the picture shows. ``prepared`` and ``texts``
    are pictures and texts kept from an earlier run, instead of uploads. ``follows`` is the record
    a further question is about, and ``corrects`` the one whose observation a person put right.
    ``again`` asks anew although a record already holds the answer; ``local_only`` asks nobody
    outside this machine; ``partials`` asks for the observation as it streams in; ``notes`` are kept
    for a person to read.
    """

    tool: str
    uploads: tuple[Upload, ...] = ()
    prepared: tuple[Picture, ...] = ()
    texts: tuple[TextInput, ...] = ()
    ask: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    endpoint: str | None = None
    observation: Mapping[str, Any] | None = None
    talk: tuple[Turn, ...] = ()
    follows: Record | None = None
    corrects: Record | None = None
    owner: str = LOCAL_OWNER
    again: bool = False
    local_only: bool = False
    partials: bool = False
    notes: tuple[str, ...] = ()


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Usage(_Frozen):
    """Tokens as the model server counted them."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
        )


class Check(_Frozen):
    """A named test of the answer that can fail in public."""

    name: str
    ok: bool
    detail: str = ""


class Reply(_Frozen):
    """The answer to a person's own question, and the fields of the answer it stands on."""

    text: str
    grounds: tuple[str, ...] = ()


class Correction(_Frozen):
    """A field a person put right; ``pointer`` is into the observation."""

    pointer: str
    was: Any
    now: Any
    by: str
    at: dt.datetime


class Sent(_Frozen):
    """What an observer really received."""

    sha256: str
    width: int | None = None
    height: int | None = None
    bytes: int


class Input(_Frozen):
    """One thing a person handed in, and what became of it."""

    kind: Literal["picture", "text"]
    sha256: str
    width: int | None = None
    height: int | None = None
    sent: Sent | None = None


class Asked(_Frozen):
    """The request as the record keeps it."""

    ask: str | None = None
    options: dict[str, Any] = Field(default_factory=dict)
    talk: tuple[dict[str, str], ...] = ()


class ObserverName(_Frozen):
    """Who said what the picture shows."""

    endpoint: str
    profile: str
    model: str


class Tried(_Frozen):
    """An endpoint that was asked in vain: the error's kind, and what happened in words."""

    endpoint: str
    error: str
    detail: str = ""


class Cost(_Frozen):
    amount: float
    currency: str


class GuardResult(_Frozen):
    input: Literal["off", "passed", "warned", "blocked", "unavailable"] = "off"
    output: Literal["off", "passed", "warned", "blocked", "unavailable"] = "off"


class Record(_Frozen):
    """The full account of one run: the same at every door, replayable and really deletable."""

    schema_version: str = SCHEMA_VERSION
    id: str
    created: dt.datetime
    owner: str = LOCAL_OWNER
    tool: str
    tool_version: str
    parent: str | None = None
    request: Asked
    outcome: Outcome
    answer: dict[str, Any] | None = None
    reply: Reply | None = None
    observation: dict[str, Any] | None = None
    provenance: dict[str, Provenance] = Field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    message: str
    notes: tuple[str, ...] = ()
    unconfirmed: tuple[str, ...] = Field(
        default=(), description="JSON pointers into the observation that were read only once"
    )
    corrections: tuple[Correction, ...] = ()
    inputs: tuple[Input, ...] = ()
    observer: ObserverName | None = None
    tried: tuple[Tried, ...] = ()
    attempts: int = 0
    usage: Usage = Usage()
    cost: Cost | None = None
    guard: GuardResult = GuardResult()
    timings_ms: dict[str, float] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the way began; ``detail`` is for a progress line."""

    name: Literal[
        "prepare", "observe", "read", "repair", "propose", "decide", "reply", "guard", "keep"
    ]
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Partial:
    """The observation so far, while it streams; never raw text."""

    observation: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Finished:
    """The run is over; always the last event.

    ``reused`` says that an earlier record answered it, ``kept`` that the record can be found again.
    """

    record: Record
    reused: bool = False
    kept: bool = True


Event = Step | Partial | Finished

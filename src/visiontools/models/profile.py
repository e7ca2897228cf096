"""What the client must know about one kind of model server: data, no code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from visiontools.errors import ConfigurationError, UnavailableError, UnknownModelError
from visiontools.types import LLAMA_3_2_PICTURES, PictureRules

if TYPE_CHECKING:
    from visiontools.models.transport import MakeTransport

JsonMode = Literal["prompted", "json_object", "json_schema"]
Carriage = Literal["data", "gs"]

LLAMA_3_2_LICENCE = (
    "Llama 3.2's licence grants no rights to its vision models to individuals domiciled in, or "
    "companies based in, the European Union; users of products that contain them are excepted."
)
MLLAMA = r"llama[-_. ]?3[._-]?2.*(?:vision|11b|90b)"
"""Ids of Llama 3.2 Vision as servers write them; 1B and 3B see nothing."""
PLACES = ("model", "endpoint", "project", "region", "bucket")
"""What a profile's words to a person may name in braces."""


@dataclass(frozen=True, slots=True)
class ModelRules:
    """What holds for those of a server's models whose id ``match`` (a regular expression) finds.

    What is None is as the profile says.
    """

    match: str
    pictures: PictureRules | None = None
    context: int | None = None
    languages: tuple[str, ...] | None = None

    def __post_init__(self) -> None:
        _check(self.match)


@dataclass(frozen=True, slots=True)
class Says:
    """What a server's own words mean, where the general rules would not tell.

    ``words`` is a regular expression searched in the error's message and codes, ignoring case;
    ``status`` the HTTP statuses it comes with (none: any), and ``models`` what the model's id must
    look like (as ``words``). ``what`` and ``next`` are for a person; PLACES in them are filled in.
    """

    words: str
    what: str
    next: str
    status: tuple[int, ...] = ()
    models: str = ""
    error: type[UnavailableError] = UnknownModelError

    def __post_init__(self) -> None:
        _check(self.words, self.models, said=self.what + self.next)

    def fits(self, status: int, said: str, model: str) -> bool:
        """Whether a failure is the one that is meant."""
        return (
            (not self.status or status in self.status)
            and bool(re.search(self.words, said, re.IGNORECASE | re.DOTALL))
            and bool(re.search(self.models, model, re.IGNORECASE))
        )


def _check(*patterns: str, said: str = "") -> None:
    """Find what a profile cannot use when it is loaded, not when something goes wrong."""
    try:
        for pattern in patterns:
            re.compile(pattern)
        said.format(**dict.fromkeys(PLACES, ""))
    except (re.error, KeyError, IndexError, ValueError) as error:
        raise ConfigurationError(
            f"A profile has '{patterns[0]}' with what cannot be used: {error}.",
            next=f"Correct the expression, or use {{{'}, {'.join(PLACES)}}} only.",
        ) from None


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of model server behind the OpenAI chat format.

    What it can do
        ``pictures`` are the rules for one request's pictures and ``carried`` how they travel at
        best: in the request (``data``) or put into Cloud Storage before (``gs``). They always go
        before the words, as Llama 3.2 needs it. ``json`` is the strongest way to ask for JSON the
        server is known to have; the client steps down by itself where it is refused. ``tools``
        says whether it calls tools (never beside a picture with Llama 3.2). ``max_tokens`` bounds
        one answer and is sent with every question; ``context`` (None: depends on the model) bounds
        everything, in tokens. ``languages`` are those the models speak when a picture is present.
        ``models`` are exceptions for some of its models, the first that fits counts.
        ``streams`` is for servers that work a plain answer out to its end though nobody waits for
        it: only a stream can be stopped there. ``lists_models`` is false where it has no list of
        them to ask for. ``guard_extra`` is added to a request where the endpoint turns the server's
        own guard on, ``extra`` to every request.

    What goes wrong
        ``says`` explains the server's own words. ``caution`` is noted with every answer that
        comes through it, with the model's name in place of ``{model}``.

    For the person who sets it up
        ``summary`` is one line about it, ``llama_3_2_vision`` one about that model there,
        ``url`` and ``model`` are examples, ``prefix`` is what its model ids begin with, ``needs``
        are the settings it asks for instead of a url, ``offers`` those it can do without, and
        ``notes`` what else to know.

    ``transport`` makes what carries the questions, where that is not plain HTTP with a key.
    """

    name: str
    title: str
    summary: str = ""
    pictures: PictureRules = LLAMA_3_2_PICTURES
    carried: Carriage = "data"
    json: JsonMode = "prompted"
    tools: bool = False
    system_message: bool = False
    stream_usage: bool = True
    streams: bool = False
    max_tokens: int = 2048
    context: int | None = None
    languages: tuple[str, ...] = ("en",)
    models: tuple[ModelRules, ...] = ()
    lists_models: bool = True
    guard_extra: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    says: tuple[Says, ...] = ()
    caution: str = ""
    llama_3_2_vision: str = ""
    url: str = ""
    model: str = ""
    prefix: str = ""
    needs: tuple[str, ...] = ()
    offers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    transport: MakeTransport | None = None

    def rules_for(self, model: str) -> ModelRules | None:
        """The exceptions for this model, if there are any."""
        fitting = (r for r in self.models if re.search(r.match, model, re.IGNORECASE))
        return next(fitting, None)


def is_llama_3_2_vision(model: str) -> bool:
    """Whether a model id names Llama 3.2 Vision, whose licence and limits are its own."""
    return bool(re.search(MLLAMA, model, re.IGNORECASE))

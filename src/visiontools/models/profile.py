"""What the client must know about one kind of model server: data, no code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from visiontools.types import LLAMA_3_2_PICTURES, PictureRules

if TYPE_CHECKING:
    from visiontools.models.transport import MakeTransport

JsonMode = Literal["prompted", "json_object", "json_schema"]

LLAMA_3_2_LICENCE = (
    "Llama 3.2's licence grants no rights to its vision models to individuals domiciled in, or "
    "companies based in, the European Union; users of products that contain them are excepted."
)


@dataclass(frozen=True, slots=True)
class Profile:
    """One kind of model server behind the OpenAI chat format.

    ``json`` is the strongest way to ask for JSON the server is known to have; the client steps
    down by itself where it is refused. ``max_tokens`` bounds one answer and ``context`` (None:
    depends on the model) everything, in tokens. ``languages`` are those the models speak when a
    picture is present. ``extra`` is added to every request's body. ``url`` and ``model`` are
    examples for a person setting it up, and ``notes`` what that person should know. ``transport``
    makes what carries the questions, where that is not HTTP. ``caution`` is noted with every
    answer that comes through it, with the model's name in place of ``{model}``.
    """

    name: str
    title: str
    pictures: PictureRules = LLAMA_3_2_PICTURES
    json: JsonMode = "prompted"
    system_message: bool = False
    stream_usage: bool = True
    max_tokens: int = 2048
    context: int | None = None
    languages: tuple[str, ...] = ("en",)
    extra: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    model: str = ""
    key_env: str | None = None
    notes: tuple[str, ...] = ()
    transport: MakeTransport | None = None
    caution: str = ""

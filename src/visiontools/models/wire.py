"""The OpenAI chat format: what is sent, and what comes back."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from string import ascii_uppercase
from typing import Any

from pydantic import BaseModel

from visiontools.models.profile import JsonMode
from visiontools.types import Picture, Turn, Usage

Message = dict[str, Any]

_JSON_ONLY = (
    "Answer with one JSON object that follows this JSON Schema, and nothing else: no prose, no "
    "Markdown, no code fence.\n"
)

_FINISH = {
    **dict.fromkeys(("eos", "eos_token", "end_turn", "stop_sequence"), "stop"),
    **dict.fromkeys(("tool_calls", "function_call", "tool_use"), "stop"),
    **dict.fromkeys(("max_tokens", "max_length", "model_length"), "length"),
    "safety": "content_filter",
}
_MOST_TOKENS = 10**9


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said, and why it stopped.

    ``finish`` is "" where the server did not say, which in a stream means it was cut off.
    """

    text: str
    finish: str = "stop"
    refusal: str = ""
    usage: Usage = field(default_factory=Usage)


@lru_cache(maxsize=256)
def compact_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON Schema without titles and defaults, which cost tokens and say nothing."""
    compact: dict[str, Any] = _strip(schema.model_json_schema())
    return compact


def _strip(part: Any, *, names: bool = False) -> Any:
    """``names`` marks a mapping whose keys are a person's names, not JSON Schema keywords."""
    if isinstance(part, list):
        return [_strip(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: _strip(value, names=not names and key in ("properties", "$defs"))
        for key, value in part.items()
        if names or key not in ("title", "default")
    }


@lru_cache(maxsize=256)
def instructions(schema: type[BaseModel]) -> str:
    """The words that ask for JSON of this schema."""
    return _JSON_ONLY + json.dumps(
        compact_schema(schema), separators=(",", ":"), ensure_ascii=False
    )


def response_format(schema: type[BaseModel], mode: JsonMode) -> dict[str, Any] | None:
    """The request's ``response_format``, or None where the prompt alone asks for JSON."""
    if mode == "prompted":
        return None
    if mode == "json_object":
        return {"type": "json_object"}
    named = {"name": schema.__name__, "schema": compact_schema(schema)}
    return {"type": "json_schema", "json_schema": named}


def messages(
    prompt: str,
    schema: type[BaseModel],
    pictures: Sequence[Picture],
    talk: Iterable[Turn],
    *,
    system: bool,
) -> list[Message]:
    """The talk so far and the question; the pictures are first in the first user turn.

    Llama 3.2's image attends only to the text after it, and its template refuses a system
    message beside a picture: ``system`` is heeded only without one. Several pictures, where the
    server takes them, are named A, B, C as they would be on one canvas.
    """
    said: list[Message] = []
    for turn in talk:
        said.append({"role": "user", "content": turn.ask})
        said.append({"role": "assistant", "content": turn.reply})
    if system and not pictures:
        said.insert(0, {"role": "system", "content": instructions(schema)})
        said.append({"role": "user", "content": prompt})
    else:
        said.append({"role": "user", "content": f"{prompt}\n\n{instructions(schema)}"})
    return with_pictures(said, pictures)


def with_pictures(said: list[Message], pictures: Sequence[Picture]) -> list[Message]:
    """The messages with the pictures first in the first of them."""
    if pictures:
        said[0]["content"] = [*_shown(pictures), {"type": "text", "text": said[0]["content"]}]
    return said


def _shown(pictures: Sequence[Picture]) -> list[Message]:
    if len(pictures) == 1:
        return [_image(pictures[0])]
    shown: list[Message] = []
    for letter, picture in zip(ascii_uppercase, pictures, strict=False):
        shown += [_image(picture), {"type": "text", "text": f"The picture above is {letter}."}]
    return shown


def _image(picture: Picture) -> Message:
    encoded = base64.b64encode(picture.data).decode("ascii")
    url = f"data:{picture.media_type};base64,{encoded}"
    return {"type": "image_url", "image_url": {"url": url}}


def usage_of(body: dict[str, Any]) -> Usage:
    """The tokens counted; servers that do not count leave zeros."""
    counted = body.get("usage")
    if not isinstance(counted, dict):
        return Usage()
    return Usage(
        input_tokens=_count(counted.get("prompt_tokens")),
        output_tokens=_count(counted.get("completion_tokens")),
    )


def _count(value: Any) -> int:
    return value if type(value) is int and 0 < value < _MOST_TOKENS else 0


def first_choice(body: dict[str, Any]) -> dict[str, Any] | None:
    """The first choice, or None where there is none."""
    choices = body.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        return choices[0]
    return None


def words(message: Any) -> tuple[str, str]:
    """Text and refusal of a message or a delta.

    Content may be text, parts, an object or null. Some servers make a tool call of an object,
    though no tool was offered: its arguments are the text then.
    """
    if not isinstance(message, dict):
        return "", ""
    content = message.get("content")
    parts = content if isinstance(content, list) else [content]
    refusals = [message, *parts]
    return (
        "".join(map(_text, parts)) + "".join(_arguments(message)),
        "".join(r for one in refusals if isinstance(r := _get(one, "refusal"), str)),
    )


def _text(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, dict) and not {"type", "text"} & part.keys():
        return json.dumps(part)
    text = _get(part, "text")
    return text if isinstance(text, str) else ""


def _arguments(message: Message) -> Iterator[str]:
    calls = message.get("tool_calls")
    called = [_get(call, "function") for call in calls] if isinstance(calls, list) else []
    for function in [*called, message.get("function_call")]:
        arguments = _get(function, "arguments")
        if isinstance(arguments, str):
            yield arguments
        elif isinstance(arguments, dict):
            yield json.dumps(arguments)


def _get(part: Any, name: str) -> Any:
    return part.get(name) if isinstance(part, dict) else None


def finish_of(choice: dict[str, Any]) -> str:
    """Why the model stopped, in OpenAI's words; "" where the server does not say."""
    finish = choice.get("finish_reason")
    finish = finish.lower() if isinstance(finish, str) else ""
    return _FINISH.get(finish, finish)

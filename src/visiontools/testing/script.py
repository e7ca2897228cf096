"""What a scripted model server does next: one small class for each way to behave."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Say:
    """An answer, plain or streamed as asked for.

    ``chunk`` is the length of a streamed piece in characters and ``pause_s`` the wait before each
    (before the answer, where it is not streamed). ``drop_after`` ends the connection after so
    many pieces (a plain answer: before its end). ``null`` sends null instead of the text.
    """

    text: str
    finish: str | None = "stop"
    refusal: str | None = None
    chunk: int = 16
    pause_s: float = 0.0
    drop_after: int | None = None
    null: bool = False

    @property
    def pieces(self) -> list[str]:
        return [self.text[i : i + self.chunk] for i in range(0, len(self.text), self.chunk)]

    def completion(self, model: str) -> dict[str, Any]:
        """The answer as a chat completion."""
        message = {"role": "assistant", "content": None if self.null else self.text}
        if self.refusal is not None:
            message["refusal"] = self.refusal
        choice = {"index": 0, "message": message, "finish_reason": self.finish}
        return {
            "id": "chatcmpl-scripted",
            "object": "chat.completion",
            "created": 0,
            "model": model,
            "choices": [choice],
            "usage": self.usage,
        }

    @property
    def usage(self) -> dict[str, int]:
        """About four characters a token; 100 for the question."""
        written = max(1, len(self.text) // 4)
        return {
            "prompt_tokens": 100,
            "completion_tokens": written,
            "total_tokens": 100 + written,
        }

    def events(self, model: str) -> list[dict[str, Any]]:
        """The answer as stream events, without the last one for the usage."""
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        deltas += [{"content": piece} for piece in self.pieces]
        if self.refusal is not None:
            deltas.append({"refusal": self.refusal})
        events = [_event(model, delta, None) for delta in deltas]
        return [*events, _event(model, {}, self.finish)]


def _event(model: str, delta: dict[str, Any], finish: str | None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-scripted",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


@dataclass(frozen=True, slots=True)
class Send:
    """A raw answer: any status, body, content type and headers."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Hang:
    """Never answers."""


@dataclass(frozen=True, slots=True)
class Reset:
    """Ends the connection without an answer."""


def error(
    status: int,
    message: str,
    *,
    code: str | int | None = None,
    retry_after: str | float | None = None,
    as_list: bool = False,
) -> Send:
    """An error in OpenAI's shape, or in the list Google wraps it in."""
    told: Any = {"error": {"message": message, "type": "scripted", "code": code}}
    headers = () if retry_after is None else (("Retry-After", str(retry_after)),)
    return Send(status, json.dumps([told] if as_list else told).encode(), headers=headers)

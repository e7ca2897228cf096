"""Chats exported as JSON: a list of messages, bare or under ``messages``, in the usual words."""

from __future__ import annotations

import datetime as dt
import json
import math
from typing import Any

from visiontools.errors import UnusableError
from visiontools.types import Message

_SENDER = ("from", "sender", "author", "user", "name", "sender_name", "username", "role")
_WHEN = ("at", "date", "time", "timestamp", "datetime", "created_at", "sent_at", "ts")
_WORDS = ("text", "message", "content", "body")
_LISTS = ("messages", "chat", "items", "data")
_MILLISECONDS = 10**11
"""Seconds since 1970 do not get there before the year 5138."""
_EXAMPLE = '[{"from": "Anna", "at": "2026-03-02T09:15", "text": "..."}]'


def read(text: str, name: str) -> list[Message] | None:
    """The messages; None for what is no JSON after all. Raises UnusableError for other JSON."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        if name.lower().endswith(".json"):
            raise UnusableError(
                f"{name} is damaged: it is not JSON.", next="Export it again."
            ) from None
        return None
    listed = told
    if isinstance(told, dict):
        listed = next((told[key] for key in _LISTS if isinstance(told.get(key), list)), None)
    if not isinstance(listed, list) or not any(map(_is_message, listed)):
        raise UnusableError(
            f"{name} is JSON, but no list of messages that is known here.",
            next=f"Write it like {_EXAMPLE}",
        )
    return [_message(each) for each in listed if _is_message(each)]


def _is_message(each: Any) -> bool:
    return isinstance(each, dict) and any(_words(each.get(key)) for key in _WORDS)


def _message(each: dict[str, Any]) -> Message:
    words = next(words for key in _WORDS if (words := _words(each.get(key))))
    sender = next((s for key in _SENDER if (s := _sender(each.get(key)))), None)
    at = next((when for key in _WHEN if (when := _when(each.get(key))) is not None), None)
    return Message(words, sender, at)


def _words(value: Any) -> str:
    """Text, or a list of pieces of text as Telegram and chat models write them."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        parts = (
            p if isinstance(p, str) else p.get("text") if isinstance(p, dict) else "" for p in value
        )
        return "".join(part for part in parts if isinstance(part, str)).strip()
    return ""


def _sender(value: Any) -> str | None:
    if isinstance(value, dict):
        value = next((value[key] for key in ("name", "username", "id") if value.get(key)), None)
    return str(value) if isinstance(value, str | int) and str(value).strip() else None


def _when(value: Any) -> dt.datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970 as a number or as digits."""
    if isinstance(value, str):
        try:
            return dt.datetime.fromisoformat(value.strip())
        except ValueError:
            pass
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = value / 1000 if abs(value) > _MILLISECONDS else value
        return dt.datetime.fromtimestamp(seconds, dt.UTC) if math.isfinite(seconds) else None
    except (OverflowError, OSError, ValueError):
        return None

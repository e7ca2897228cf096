"""A file of messages becomes a thread: mail, exported chats, pasted talk, or one plain text.

What a file is, is judged by its content; its name only breaks ties.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from typing import Any

from visiontools.errors import UnusableError
from visiontools.texts import chat_json, chat_lines, mail
from visiontools.texts.decode import decoded, visible
from visiontools.types import Message, TextInput, Upload

MOST_CHARACTERS = 2_000_000
"""Of one text: about ten books, or half a million tokens."""
MOST_MESSAGES = 20_000
_LONGEST_NAME = 200


def read_text(upload: Upload, name: str, most_bytes: int) -> TextInput:
    """The messages in a file; ``name`` is safe to show. Raises UnusableError."""
    if len(upload.data) > most_bytes:
        raise UnusableError(
            f"{name} is larger than {most_bytes / 1e6:g} MB, the most that can be used.",
            next="Export a part of it.",
        )
    messages, notes = _messages(upload.data, name)
    cleaned, hidden = _cleaned(messages)
    if not cleaned:
        raise UnusableError(f"{name} has no words in it.", next="Hand in another text.")
    _check_size(cleaned, name)
    if hidden:
        many = "One character" if hidden == 1 else f"{hidden} characters"
        notes = (*notes, f"{many} that would not be seen in {name} are shown as [U+...].")
    return text_of(cleaned, hashlib.sha256(upload.data).hexdigest(), notes)


def _messages(data: bytes, name: str) -> tuple[list[Message], tuple[str, ...]]:
    if mail.is_mbox(data):
        return mail.read_mbox(data)
    if mail.is_mail(data, name):
        return mail.read_mail(data)
    text, notes = decoded(data, name)
    if text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        return [Message(text)], notes
    if text.lstrip().startswith(("[", "{")):
        messages = chat_json.read(text, name)
        if messages is not None:
            return messages, notes
    messages, said = chat_lines.read(text)
    return messages, (*notes, *said)


def _cleaned(messages: Sequence[Message]) -> tuple[list[Message], int]:
    """The messages that say something, with nothing hidden in any part of them."""
    hidden = 0
    kept = []
    for message in messages:
        text, in_text = visible(message.text)
        sender, in_sender = _one_line(message.sender)
        subject, in_subject = _one_line(message.subject)
        hidden += in_text + in_sender + in_subject
        if text.strip() or subject:
            kept.append(Message(text.strip(), sender, message.at, subject))
    return kept, hidden


def _one_line(words: str | None) -> tuple[str | None, int]:
    shown, hidden = visible(words or "")
    return " ".join(shown.split())[:_LONGEST_NAME] or None, hidden


def _check_size(messages: Sequence[Message], name: str) -> None:
    characters = sum(len(message.text) for message in messages)
    if characters > MOST_CHARACTERS:
        raise UnusableError(
            f"{name} has {characters:,} characters; {MOST_CHARACTERS:,} are the most.",
            next="Export a part of it, such as the last year.",
        )
    if len(messages) > MOST_MESSAGES:
        raise UnusableError(
            f"{name} has {len(messages):,} messages; {MOST_MESSAGES:,} are the most.",
            next="Export a part of it, such as the last year.",
        )


def text_of(messages: Sequence[Message], source: str, notes: tuple[str, ...] = ()) -> TextInput:
    """Messages as a text that can be kept; ``source`` is the hash of what they were read from."""
    told = {"messages": [_told(message) for message in messages]}
    data = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    return TextInput(data, hashlib.sha256(data).hexdigest(), source, notes)


def _told(message: Message) -> dict[str, str]:
    said = {
        "from": message.sender,
        "at": message.at.isoformat() if message.at else None,
        "subject": message.subject,
        "text": message.text,
    }
    return {name: value for name, value in said.items() if value is not None}


def messages_of(texts: Sequence[TextInput]) -> tuple[Message, ...]:
    """All messages of some texts, in their order."""
    return tuple(_message(told) for text in texts for told in json.loads(text.data)["messages"])


def _message(told: dict[str, Any]) -> Message:
    at = told.get("at")
    when = dt.datetime.fromisoformat(at) if at else None
    return Message(told["text"], told.get("from"), when, told.get("subject"))

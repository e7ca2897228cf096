"""What happens in a conversation: its beginning, each message, coming back to it, its end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import chainlit as cl
from chainlit.chat_context import chat_contexts
from chainlit.context import context
from chainlit.data.base import BaseDataLayer
from chainlit.types import ThreadDict

from visiontools.doors.chat.answer import answer
from visiontools.doors.chat.caller import caller
from visiontools.doors.chat.modes import offer
from visiontools.translations import marked, tr

_UNANSWERED = marked(
    "This question has no answer: it was cut off, or is still being worked on. Load the page again "
    "in a moment, or ask again."
)


def listen(layer: Callable[[], BaseDataLayer]) -> None:
    """Have Chainlit call what is below."""
    cl.data_layer(layer)
    cl.on_chat_start(begin)
    cl.on_chat_resume(resume)
    cl.on_message(answer)
    cl.on_chat_end(end)


async def begin() -> None:
    """Somebody opened the page."""
    await offer(caller())


async def resume(thread: ThreadDict) -> None:
    """Somebody came back to a conversation: with what they had picked last."""
    steps: list[Any] = thread["steps"]
    said = [step for step in steps if step["type"] == "user_message"]
    await offer(caller(), said[-1].get("modes") if said else None)
    if said and not _is_answered(said[-1], steps):
        steps.append(_unanswered(said[-1]))


def _is_answered(question: Mapping[str, Any], steps: list[Any]) -> bool:
    """Whether anything was said after it."""
    at = steps.index(question)
    return any(step["type"] == "assistant_message" for step in steps[at:])


def _unanswered(question: Mapping[str, Any]) -> dict[str, Any]:
    """Shown where the answer would be, and not kept."""
    said = cl.Message(content=tr(_UNANSWERED), parent_id=question["id"])
    said.created_at = question["createdAt"]
    return dict(said.to_dict())


async def end() -> None:
    """The page was left: Chainlit would keep the messages in memory for ever."""
    chat_contexts.pop(context.session.id, None)

"""What Chainlit keeps, kept in our tables: the caller's own, whatever ids a browser sends."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Mapping
from typing import Any, cast
from weakref import WeakValueDictionary

from chainlit.context import ChainlitContextException, context
from chainlit.data.base import BaseDataLayer
from chainlit.element import Element, ElementDict
from chainlit.step import StepDict
from chainlit.types import (
    Feedback,
    PageInfo,
    PaginatedResponse,
    Pagination,
    ThreadDict,
    ThreadFilter,
)
from chainlit.user import PersistedUser, User

from visiontools.doors.chat.caller import caller
from visiontools.doors.chat.shown import element_dict, step_dict, written
from visiontools.errors import ConfigurationError, UsageError, VisiontoolsError
from visiontools.store.conversations import ThreadSearch, cursor_of
from visiontools.store.paging import after

_log = logging.getLogger(__name__)
_MOST_THREADS = 50
_LONGEST_NAME = 200
_KEPT_STEPS = ("user_message", "assistant_message", "run")
_in_turn: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""By the id of a thread: Chainlit writes a step's beginning and its end without waiting."""
_NOT_KEPT = {"threadId", "feedback", "generation", "streaming", "tags"}


async def the_user() -> PersistedUser:
    """The caller as Chainlit knows people."""
    owner = caller().owner
    return PersistedUser(id=owner, createdAt=_NEVER, identifier=owner, display_name="You")


_NEVER = written(dt.datetime.fromtimestamp(0, dt.UTC))


async def keep_step(step: StepDict) -> None:
    """Keep a step; those of one thread in their order. Raises UsageError for another's."""
    body = {key: value for key, value in step.items() if key not in _NOT_KEPT}
    thread_id = step["threadId"]
    async with _in_turn.setdefault(thread_id, asyncio.Lock()):
        await caller().conversations.save_step(
            caller().owner, thread_id, step["id"], body, record_id=_record_in(step)
        )


class Layer(BaseDataLayer):
    """Chainlit's hooks for keeping conversations; what is another's is not there."""

    async def get_user(self, identifier: str) -> PersistedUser | None:
        return await the_user() if identifier == caller().owner else None

    async def create_user(self, user: User) -> PersistedUser | None:
        return await self.get_user(user.identifier)

    async def get_thread_author(self, thread_id: str) -> str:
        """The caller where the thread is theirs; otherwise nobody."""
        return caller().owner if await self.get_thread(thread_id) else ""

    async def get_thread(self, thread_id: str) -> ThreadDict | None:
        owner = caller().owner
        found = await caller().conversation(thread_id)
        if found is None:
            return None
        told = [step_dict(step) for step in found.steps]
        return {
            "id": found.thread.id,
            "createdAt": written(found.thread.created),
            "name": found.thread.name,
            "userId": owner,
            "userIdentifier": owner,
            "tags": [],
            "metadata": {},
            "steps": sorted(told, key=lambda step: step.get("createdAt") or ""),
            "elements": [element_dict(element) for element in found.elements],
        }

    async def list_threads(
        self, pagination: Pagination, filters: ThreadFilter
    ) -> PaginatedResponse[ThreadDict]:
        """A page of the caller's threads, whoever the filter names."""
        owner = caller().owner
        limit = min(max(pagination.first, 1), _MOST_THREADS)
        try:
            mark = after(pagination.cursor) if pagination.cursor else None
        except ValueError:
            raise UsageError("The cursor is none that a page gave.") from None
        wanted = ThreadSearch(
            words=tuple((filters.search or "")[:_LONGEST_NAME].split()),
            feedback=filters.feedback,
            after=mark,
        )
        found = await caller().conversations.threads(owner, wanted, limit + 1)
        shown = found[:limit]
        more = len(found) > limit
        end = cursor_of(shown[-1]) if more else None
        data = [
            ThreadDict(
                id=thread.id,
                createdAt=written(thread.changed),
                name=thread.name,
                userId=owner,
                userIdentifier=owner,
                tags=[],
                metadata={},
                steps=[],
                elements=[],
            )
            for thread in shown
        ]
        return PaginatedResponse(PageInfo(more, None, end), cast(Any, data))

    async def update_thread(
        self,
        thread_id: str,
        name: str | None = None,
        user_id: str | None = None,
        metadata: dict[str, Any] | None = None,
        tags: list[str] | None = None,
    ) -> None:
        """Name a thread. What else Chainlit would keep about a session is nobody's need."""
        if name is not None:
            named = " ".join(name.split())[:_LONGEST_NAME] or "A picture"
            await caller().conversations.save_thread(caller().owner, thread_id, name=named)

    async def delete_thread(self, thread_id: str) -> None:
        await caller().conversations.delete_thread(caller().owner, thread_id)

    async def create_step(self, step_dict: StepDict) -> None:
        await self.update_step(step_dict)

    async def update_step(self, step_dict: StepDict) -> None:
        """Keep a step once somebody said something. Chainlit does not wait for how it went."""
        if step_dict.get("type") not in _KEPT_STEPS or not _begun():
            return
        try:
            await keep_step(step_dict)
        except VisiontoolsError as error:
            _log.warning("A step of a conversation was not kept. %s", error)

    async def delete_step(self, step_id: str) -> None:
        await caller().conversations.delete_step(caller().owner, step_id)

    async def create_element(self, element: Element) -> None:
        """Pictures are kept by whoever shows them, who knows their records."""

    async def get_element(self, thread_id: str, element_id: str) -> ElementDict | None:
        try:
            found = await caller().conversations.element(caller().owner, thread_id, element_id)
        except ConfigurationError:
            raise
        except UsageError:
            return None
        return element_dict(found)

    async def delete_element(self, element_id: str, thread_id: str | None = None) -> None:
        await caller().conversations.delete_element(caller().owner, element_id)

    async def upsert_feedback(self, feedback: Feedback) -> str:
        await caller().conversations.save_feedback(
            caller().owner, feedback.forId, feedback.value, feedback.comment
        )
        return feedback.forId

    async def delete_feedback(self, feedback_id: str) -> bool:
        await caller().conversations.delete_feedback(caller().owner, feedback_id)
        return True

    async def get_favorite_steps(self, user_id: str) -> list[StepDict]:
        return []

    async def build_debug_url(self) -> str:
        return ""

    async def close(self) -> None:
        """The database is the pipeline's."""


def _record_in(step: Mapping[str, Any]) -> str | None:
    record_id = (step.get("metadata") or {}).get("record")
    return record_id if isinstance(record_id, str) else None


def _begun() -> bool:
    """Whether somebody said something in this session: opening a chat leaves nothing."""
    try:
        return bool(context.session.has_first_interaction)
    except ChainlitContextException:
        return True

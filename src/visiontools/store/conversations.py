"""Conversations of the chat: threads with their steps, elements and feedback, each its owner's.

Ids come from the chat; whatever is no UUID, or is another owner's, is no such thing (UsageError).
What tells of a record names it, so that deleting the record for good deletes that, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from visiontools.store import conversation_rows as rows
from visiontools.store.conversation_rows import Element, Feedback, Step, Thread
from visiontools.store.database import Database
from visiontools.store.ids import uuid_of
from visiontools.store.paging import Mark, cursor_at

__all__ = ["Conversations", "Element", "Feedback", "Step", "Thread", "ThreadSearch", "cursor_of"]


@dataclass(frozen=True, slots=True)
class ThreadSearch:
    """Which threads are listed; ``words`` must all be in its name or what its steps say.

    ``feedback`` is a value (1 or 0) that a step of it was given.
    """

    words: tuple[str, ...] = ()
    feedback: int | None = None
    after: Mark | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """What an element shows: a picture of a record (counted from 0), or the record as a card."""

    record_id: str | None = None
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A whole thread, its steps and elements in the order they came."""

    thread: Thread
    steps: list[Step] = field(default_factory=list)
    elements: list[Element] = field(default_factory=list)


class Conversations:
    """The conversations of all owners in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save_thread(
        self,
        owner: str,
        thread_id: str,
        *,
        name: str | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        """Make or change a thread; what is None stays as it is."""
        await self._database.write(
            rows.save_thread, self._database.insert, owner, _thread(thread_id), name, body
        )

    async def threads(self, owner: str, wanted: ThreadSearch, limit: int) -> list[Thread]:
        """The first so many of the owner's threads that are like that, last changed first."""
        return await self._database.read(
            rows.threads_like, owner, wanted.words, wanted.feedback, wanted.after, limit
        )

    async def open(self, owner: str, thread_id: str) -> Conversation:
        """A whole thread. UsageError where the owner has none of that id."""
        thread, steps, elements = await self._database.read(rows.whole, owner, _thread(thread_id))
        return Conversation(thread, steps, elements)

    async def owner_of(self, thread_id: str) -> str | None:
        """Whose thread it is; None where nobody has one of that id."""
        return await self._database.read(rows.owner_of, _thread(thread_id))

    async def delete_thread(self, owner: str, thread_id: str) -> None:
        """Delete a thread with all that is in it, for good. UsageError where there is none."""
        await self._database.write(rows.delete_thread, owner, _thread(thread_id))
        await self._database.forget()

    async def save_step(
        self,
        owner: str,
        thread_id: str,
        step_id: str,
        body: Mapping[str, Any],
        *,
        record_id: str | None = None,
    ) -> None:
        """Make or change a step; its thread is made where there is none.

        ``record_id`` is the record the step asks for or tells of; None leaves it as it is.
        """
        step = (uuid_of(step_id, "step"), _record(record_id), dict(body))
        await self._database.write(
            rows.save_step, self._database.insert, owner, _thread(thread_id), *step
        )

    async def step(self, owner: str, step_id: str) -> Step:
        """One step. UsageError where the owner has none of that id."""
        return await self._database.read(rows.step, owner, uuid_of(step_id, "step"))

    async def delete_step(self, owner: str, step_id: str) -> None:
        """Delete a step with its elements and feedback; nothing happens where there is none."""
        await self._database.write(rows.delete_steps, owner, [uuid_of(step_id, "step")])

    async def save_element(
        self,
        owner: str,
        thread_id: str,
        element_id: str,
        body: Mapping[str, Any],
        *,
        step_id: str | None = None,
        shows: Shown | None = None,
    ) -> None:
        """Make or change an element of a thread, which is made where there is none."""
        shows = shows or Shown()
        element = {
            "id": uuid_of(element_id, "element"),
            "step_id": None if step_id is None else uuid_of(step_id, "step"),
            "record_id": _record(shows.record_id),
            "position": shows.position,
            "body": dict(body),
        }
        await self._database.write(
            rows.save_element, self._database.insert, owner, _thread(thread_id), element
        )

    async def element(self, owner: str, thread_id: str, element_id: str) -> Element:
        """One element of a thread. UsageError where the owner has none of that id."""
        wanted = (_thread(thread_id), uuid_of(element_id, "element"))
        return await self._database.read(rows.element, owner, *wanted)

    async def delete_element(self, owner: str, element_id: str) -> None:
        """Delete an element; nothing happens where there is none."""
        await self._database.write(rows.delete_element, owner, uuid_of(element_id, "element"))

    async def save_feedback(
        self, owner: str, step_id: str, value: int, comment: str | None = None
    ) -> None:
        """Say what a step was worth; a later word replaces it. UsageError for another's step."""
        said = (uuid_of(step_id, "step"), value, comment)
        await self._database.write(rows.save_feedback, self._database.insert, owner, *said)

    async def delete_feedback(self, owner: str, step_id: str) -> None:
        """Take back what was said of a step; nothing happens where nothing was."""
        await self._database.write(rows.delete_feedback, owner, uuid_of(step_id, "step"))


def cursor_of(thread: Thread) -> str:
    """Where a page that ends with this thread goes on."""
    return cursor_at(thread.changed, thread.id)


def _thread(thread_id: str) -> str:
    return uuid_of(thread_id, "conversation")


def _record(record_id: str | None) -> str | None:
    return None if record_id is None else uuid_of(record_id, "record")

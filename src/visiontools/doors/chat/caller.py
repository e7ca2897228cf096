"""Who speaks to the chat, and what serves them: set at the gate, for all that comes of a request.

Chainlit calls us back without saying for whom. A context variable that the gate sets is inherited
by every task a request or a WebSocket begins, so that nobody can be served as somebody else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from visiontools.doors.api.desk import Desk
from visiontools.errors import ConfigurationError, UsageError
from visiontools.pipeline import Pipeline
from visiontools.store.conversations import Conversation, Conversations
from visiontools.store.uploads import Uploads


@dataclass(frozen=True, slots=True)
class Caller:
    """``owner`` is whose conversations, records and files these are; ``asked`` says it anew."""

    owner: str
    pipeline: Pipeline
    desk: Desk
    asked: Callable[[], Awaitable[str | None]]

    async def conversation(self, thread_id: str) -> Conversation | None:
        """One of the owner's; None where there is none, or it is another's."""
        try:
            return await self.conversations.open(self.owner, thread_id)
        except ConfigurationError:
            raise
        except UsageError:
            return None

    async def is_still_here(self) -> bool:
        """Whether nobody signed out, or was shut out, while the connection stood."""
        return await self.asked() == self.owner

    @property
    def conversations(self) -> Conversations:
        return Conversations(self.pipeline.records.database)

    @property
    def held(self) -> Uploads:
        return self.pipeline.records.uploads(self.owner)


_caller: ContextVar[Caller] = ContextVar("visiontools_chat_caller")


@contextmanager
def calling(caller: Caller) -> Iterator[None]:
    """Serve this caller within."""
    token = _caller.set(caller)
    try:
        yield
    finally:
        _caller.reset(token)


def caller() -> Caller:
    """Who is served now. Raises LookupError where nobody came through the gate."""
    return _caller.get()

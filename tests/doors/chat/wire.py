"""A browser as the chat hears it: socket events and requests, without a page."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, Self

import aiohttp
import httpx2
import socketio

from visiontools.doors.chat.mount import Chat
from visiontools.testing.site import Site
from visiontools.types import LOCAL_OWNER

OWNER = "x-test-owner"
SEEN = {"things": [{"name": "apple", "count": 3}, {"name": "pear", "count": 1}]}
"""What the model sees for the tool ``shelf``."""
SOCKET = "/chat/ws/socket.io"
_SOON_S = 20

Event = tuple[str, Any]


def chat_of(site: Site) -> Chat:
    """The chat as the application mounts it."""
    (found,) = [r.app for r in site.app.router.routes if getattr(r, "name", "") == "chat"]
    assert isinstance(found, Chat)
    return found


@asynccontextmanager
async def connected(
    site: Site,
    hear: Callable[..., Awaitable[None]] | None = None,
    *,
    auth: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
    transport: str = "websocket",
) -> AsyncIterator[socketio.AsyncClient]:
    """A socket of the chat's; nothing is left open where it is refused."""
    async with aiohttp.ClientSession() as session:
        client = socketio.AsyncClient(reconnection=False, http_session=session)
        if hear is not None:
            client.on("*", hear)
        try:
            await client.connect(
                site.url,
                headers=headers or {},
                auth=auth,
                transports=[transport],
                socketio_path=SOCKET,
                wait_timeout=_SOON_S,
            )
            yield client
        finally:
            await client.disconnect()


class Browser:
    """One page of one person. ``thread`` is the conversation it comes back to."""

    def __init__(
        self,
        site: Site,
        owner: str = LOCAL_OWNER,
        *,
        session: str | None = None,
        thread: str = "",
        origin: str | None = None,
        language: str = "en",
    ) -> None:
        self.site, self.owner = site, owner
        self.session = session or str(uuid.uuid4())
        self._thread = thread
        self._headers = {OWNER: owner, "Accept-Language": language}
        self._headers |= {"Origin": origin} if origin else {}
        self.events: list[Event] = []
        self._came = asyncio.Condition()
        self._stack = AsyncExitStack()
        self._socket = socketio.AsyncClient()

    async def __aenter__(self) -> Self:
        auth = {
            "sessionId": self.session,
            "threadId": self._thread,
            "clientType": "webapp",
            "userEnv": None,
            "chatProfile": "",
        }
        connection = connected(self.site, self._hear, auth=auth, headers=self._headers)
        self._socket = await self._stack.enter_async_context(connection)
        await self._socket.emit("connection_successful")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    @property
    def gone(self) -> bool:
        """Whether the server ended the connection."""
        return not self._socket.connected

    async def _hear(self, event: str, data: Any = None) -> None:
        async with self._came:
            self.events.append((event, data))
            self._came.notify_all()

    async def heard(self, name: str, like: Callable[[Any], bool] = lambda data: True) -> Any:
        """What the first such event carries; waits for it."""

        def found() -> list[Any]:
            return [data for event, data in self.events if event == name and like(data)]

        async with asyncio.timeout(_SOON_S), self._came:
            await self._came.wait_for(found)
        return found()[0]

    async def emit(self, event: str, data: Any = None) -> None:
        await self._socket.emit(event, data)

    async def say(
        self, text: str, *files: str, message_id: str | None = None, **modes: str
    ) -> dict[str, Any]:
        """Send a message, and wait for the answer to it."""
        said = await self.begin(text, *files, message_id=message_id, **modes)
        return await self.answer(said)

    async def begin(
        self, text: str, *files: str, message_id: str | None = None, **modes: str
    ) -> int:
        """Send a message; how many events there were before it."""
        before = len(self.events)
        message = {
            "id": message_id or str(uuid.uuid4()),
            "threadId": "",
            "name": "anybody",
            "type": "user_message",
            "output": text,
            "createdAt": "2026-01-01T00:00:00Z",
            "modes": {"tool": "shelf", "endpoint": "box", **modes},
        }
        references = [{"id": file} for file in files]
        await self._socket.emit(
            "client_message", {"message": message, "fileReferences": references}
        )
        return before

    async def answer(self, since: int = 0) -> dict[str, Any]:
        """The first answer after so many events, complete."""

        def found() -> list[Any]:
            return [data for name, data in self.events[since:] if _is_answer(name, data)]

        async with asyncio.timeout(_SOON_S), self._came:
            await self._came.wait_for(found)
        return dict(found()[0])

    async def attach(self, data: bytes, name: str = "picture.png") -> str:
        """Attach a file as the page does; its id."""
        answer = await self.request(
            "POST",
            f"/project/file?session_id={self.session}",
            files={"file": (name, data, "image/png")},
        )
        assert answer.status_code == 200, answer.text
        return str(answer.json()["id"])

    async def request(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """A request below ``/chat``, as this person."""
        async with httpx2.AsyncClient(base_url=self.site.url, headers=self._headers) as client:
            address = path if path.startswith("/api") else f"/chat{path}"
            return await client.request(method, address, **more)


def _is_answer(name: str, data: Any) -> bool:
    return name == "new_message" and data["type"] == "assistant_message" and not data["streaming"]


async def until(happened: Callable[[], bool]) -> None:
    """Wait for what another thread does."""

    def wait() -> None:
        by = time.monotonic() + _SOON_S
        while not happened() and time.monotonic() < by:
            time.sleep(0.005)

    await asyncio.to_thread(wait)
    assert happened()


def record_in(answer: dict[str, Any]) -> str:
    """The id of the record an answer leads to."""
    return str(answer["output"].rpartition("](/records/")[2].removesuffix(")"))

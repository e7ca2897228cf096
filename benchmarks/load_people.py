"""The people of a load: at the workbench over HTTP, in a chat over its socket."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import socketio

from visiontools.doors.steps import ANSWERING

ENDPOINT = "box"
_PIECE = 64 * 1024


@dataclass
class Visit:
    """What one person met, in seconds of ``perf_counter``; None is what never came.

    ``said`` is what was answered in the end, or why nothing was.
    """

    began: float = 0.0
    first: float | None = None
    ended: float | None = None
    answered: bool = False
    said: str = "nothing"

    def hear(self) -> None:
        """The model's words have reached this person, in whatever form."""
        if self.first is None:
            self.first = time.perf_counter()

    def end(self, said: str, *, answered: bool) -> None:
        """The answer is complete."""
        self.ended, self.said, self.answered = time.perf_counter(), said, answered


class Person(Protocol):
    """Hands one picture in and listens until the answer is complete."""

    async def __call__(self, visit: Visit, picture: bytes) -> None: ...


class Workbench:
    """A page of the workbench: a form goes up, events come back.

    Over ``upload_s`` seconds the picture goes up piece by piece, as over a slow line.
    """

    def __init__(self, session: aiohttp.ClientSession, url: str, upload_s: float = 0) -> None:
        self._session, self._url, self._upload_s = session, url, upload_s

    async def __call__(self, visit: Visit, picture: bytes) -> None:
        visit.began = time.perf_counter()
        form = aiohttp.FormData()
        form.add_field("endpoint", ENDPOINT)
        form.add_field(
            "picture",
            _slowly(picture, self._upload_s) if self._upload_s else picture,
            filename="label.jpg",
            content_type="image/jpeg",
        )
        headers = {"Accept": "text/event-stream", "Origin": self._url}
        address = f"{self._url}/api/v1/tools/diet/runs"
        async with self._session.post(address, data=form, headers=headers) as answer:
            answer.raise_for_status()
            event = b""
            async for line in answer.content:
                if line.startswith(b"event: "):
                    event = line.removeprefix(b"event: ").strip()
                if event == b"partial":
                    visit.hear()
                if event == b"finished" and line.startswith(b"data: "):
                    record = json.loads(line.removeprefix(b"data: "))
                    visit.end(record["message"], answered=record["outcome"] == "answered")


class Chat:
    """A page of a Chainlit chat at ``url``: a socket, a picture attached over HTTP, a message.

    ``means`` tells a piece of the reply the model had a part in from words on the way there.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, means: Callable[[str], bool]
    ) -> None:
        self._session, self._url, self._means = session, url, means
        host, _, path = url.removeprefix("http://").partition("/")
        self._host = f"http://{host}"
        self._socket = f"{path}/ws/socket.io".lstrip("/")

    async def __call__(self, visit: Visit, picture: bytes) -> None:
        client = socketio.AsyncClient(reconnection=False, http_session=self._session)
        over = asyncio.Event()
        client.on("*", self._ears(visit, over))
        mine = str(uuid.uuid4())
        try:
            await client.connect(
                self._host,
                headers={"Origin": self._host},
                auth=_page(mine),
                transports=["websocket"],
                socketio_path=self._socket,
                wait_timeout=300,
            )
            await client.emit("connection_successful")
            visit.began = time.perf_counter()
            file = await self._attach(mine, picture)
            await client.emit("client_message", _message(file))
            await over.wait()
        finally:
            await client.disconnect()

    def _ears(self, visit: Visit, over: asyncio.Event) -> Callable[..., Any]:
        async def hear(event: str, data: Any = None) -> None:
            if event in ("stream_start", "stream_token"):
                said = data["token"] if event == "stream_token" else data["output"]
                if self._means(said):
                    visit.hear()
            elif event == "new_message" and data["type"] == "assistant_message":
                visit.end(data["output"], answered=visit.first is not None)
                over.set()

        return hear

    async def _attach(self, mine: str, picture: bytes) -> str:
        form = aiohttp.FormData()
        form.add_field("file", picture, filename="label.jpg", content_type="image/jpeg")
        address = f"{self._url}/project/file?session_id={mine}"
        async with self._session.post(address, data=form) as answer:
            answer.raise_for_status()
            return str((await answer.json())["id"])


def our_words(said: str) -> bool:
    """Our chat says when the model has begun; what it says before that it knows by itself."""
    return ANSWERING in said


def any_words(said: str) -> bool:
    """A chat that passes on nothing but the model's words."""
    return bool(said)


def _page(session: str) -> dict[str, Any]:
    return {
        "sessionId": session,
        "threadId": "",
        "clientType": "webapp",
        "userEnv": None,
        "chatProfile": "",
    }


def _message(file: str) -> dict[str, Any]:
    return {
        "message": {
            "id": str(uuid.uuid4()),
            "threadId": "",
            "name": "anybody",
            "type": "user_message",
            "output": "",
            "createdAt": "2026-01-01T00:00:00Z",
            "modes": {"tool": "diet", "endpoint": ENDPOINT},
        },
        "fileReferences": [{"id": file}],
    }


async def _slowly(data: bytes, seconds: float) -> AsyncIterator[bytes]:
    pieces = range(0, len(data), _PIECE)
    for start in pieces:
        yield data[start : start + _PIECE]
        await asyncio.sleep(seconds / len(pieces))

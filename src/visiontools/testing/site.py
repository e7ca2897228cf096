"""The web application as it is served: on a free port of this machine, in a thread of its own.

with Site(Settings.load()) as site:
    httpx2.get(f"{site.url}/healthz")
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Coroutine
from typing import Any, Self, TypeVar

from fastapi import FastAPI

from visiontools.doors.api.running import Running
from visiontools.doors.web.app import create_app
from visiontools.doors.web.serving import Server
from visiontools.settings import Settings

T = TypeVar("T")
_STARTS_WITHIN_S = 30


class Site:
    """The server while it is entered. ``app`` may be changed before that, as a test needs it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.app: FastAPI = create_app(settings)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self._started = threading.Event()
        self._server: Server | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = threading.Thread(target=asyncio.run, args=(self._serve(),), daemon=True)

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def idle(self) -> None:
        """Wait until no run is going on."""
        self._there(self.app.state.desk.running.idle())

    def cancel(self) -> None:
        """Cancel what runs, as happens when the server is stopped, and serve on."""
        self._there(self._cancel())

    async def _cancel(self) -> None:
        running: Running = self.app.state.desk.running
        await running.stop()
        running.stopping = False

    def stop(self) -> None:
        """Tell the server to stop, as SIGTERM does; it may go on for a while."""
        if self._server is not None:
            self._server.should_exit = True

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._started.wait(_STARTS_WITHIN_S):
            raise TimeoutError("the web application did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._thread.join()
        self._socket.close()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        async with self.app.router.lifespan_context(self.app):
            self._server = Server(self.app, self.settings.web.grace_s, self._started.set)
            await self._server.serve(sockets=[self._socket])

    def _there(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_STARTS_WITHIN_S)

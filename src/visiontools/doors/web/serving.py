"""Serving the application until the process is told to stop, and stopping without losing a run."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from fastapi import FastAPI

from visiontools.doors.api.desk import Desk
from visiontools.doors.web.app import create_app
from visiontools.settings import Settings

_LAST_BYTES_S = 5
"""What connections get to take their last bytes, after the last run has its record."""


async def serve_until_stopped(
    settings: Settings, listening: socket.socket, started: Callable[[], None]
) -> None:
    """Serve on this socket until SIGINT or SIGTERM; ``started`` is called when it answers.

    Raises ConfigurationError where the records cannot be opened.
    """
    app = create_app(settings)
    # Opened here, not by the server, which would log what goes wrong as a traceback.
    async with app.router.lifespan_context(app):
        await Server(app, settings.web.grace_s, started).serve(sockets=[listening])


class Server(uvicorn.Server):
    """Lets running answers finish for ``grace_s`` seconds when it is stopped, then cancels them."""

    def __init__(self, app: FastAPI, grace_s: float, started: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                lifespan="off",
                log_config=None,
                forwarded_allow_ips=list(app.state.desk.web.trusted_proxies),
                access_log=False,  # addresses hold what is searched for
                server_header=False,
                timeout_graceful_shutdown=round(grace_s + _LAST_BYTES_S),
            )
        )
        self._desk: Desk = app.state.desk
        self._grace_s = grace_s
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """The first signal stops, a second one stops at once; neither is raised again."""
        self.force_exit = self.should_exit
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        draining = asyncio.create_task(self._desk.running.stop(self._grace_s))
        await super().shutdown(sockets)
        if self.force_exit:
            draining.cancel()  # leaving the application cancels what still runs
        await asyncio.wait([draining])

"""A small HTTP server of one's own, in threads, for doubles of services that libraries call."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


class Exchange(BaseHTTPRequestHandler):
    """A request that has come, with its ``body``, and the ways to end it."""

    protocol_version = "HTTP/1.1"
    body = b""
    server: _Server

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):  # whatever the method is
            return self._came
        raise AttributeError(name)

    def _came(self) -> None:
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.answer(self)

    def send(self, status: int, data: bytes, headers: dict[str, str], *, cut: bool = False) -> None:
        """Answer; ``cut`` ends the connection in the middle of it."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if cut else data)
        if cut:
            self.reset()

    def reset(self) -> None:
        """End the connection as a crash does."""
        self.wfile.flush()
        self.close_connection = True
        # Lingering for no time makes the system send a reset instead of a proper end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def handle(self) -> None:
        """As the class does; a client that has gone is nothing to tell of."""
        try:
            super().handle()
        except ConnectionError:
            self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        """Tests look at what was asked."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128
    answer: Callable[[Exchange], None]


class LocalServer:
    """Listens on a free port of this machine while it is entered; ``answer`` is for subclasses."""

    def __init__(self) -> None:
        self._http = _Server(("127.0.0.1", 0), Exchange)
        self._http.answer = self.answer

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def answer(self, exchange: Exchange) -> None:
        raise NotImplementedError

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()

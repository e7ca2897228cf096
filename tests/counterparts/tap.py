"""A look at the wire between the product and a server that does not tell what it received.

Bytes pass in both directions as they are; an end on one side is an end on the other.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import threading
from typing import Any, Self

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_READ = 2**16


class Tap:
    """Listens on a free port and passes everything on to the port ``behind``, which may change.

    ``left`` is set when the product ended a connection while an answer was on its way.
    """

    def __init__(self, behind: int) -> None:
        self.left = threading.Event()
        self.behind = behind
        self._sent: list[bytearray] = []
        self._received: list[bytearray] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def url(self) -> str:
        """The base URL an endpoint takes."""
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """The JSON bodies the product sent, in the order of their connections."""
        return [body for sent in self._sent for body in _bodies(bytes(sent))]

    @property
    def events(self) -> int:
        """How many events of streams came back so far."""
        return sum(received.count(b"data: {") for received in self._received)

    def __enter__(self) -> Self:
        self._thread.start()
        listening = asyncio.start_server(self._pass, "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._server.close)
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _pass(self, near: asyncio.StreamReader, to_near: asyncio.StreamWriter) -> None:
        try:
            far, to_far = await asyncio.open_connection("127.0.0.1", self.behind)
        except ConnectionError:
            to_near.close()
            return
        sent, received = bytearray(), bytearray()
        self._sent.append(sent)
        self._received.append(received)
        there = asyncio.create_task(_copy(near, to_far, sent))
        back = asyncio.create_task(_copy(far, to_near, received))
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
            if not back.done():
                self.left.set()
        finally:
            for task in (there, back):
                task.cancel()
            to_near.close()
            to_far.close()


async def _copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter, kept: bytearray) -> None:
    with contextlib.suppress(ConnectionError):
        while piece := await source.read(_READ):
            kept += piece
            sink.write(piece)
            await sink.drain()


def _bodies(sent: bytes) -> list[dict[str, Any]]:
    found = []
    while b"\r\n\r\n" in sent:
        head, _, rest = sent.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        long = int(length[1]) if length else 0
        if 0 < long <= len(rest):
            found.append(json.loads(rest[:long]))
        sent = rest[long:]
    return found

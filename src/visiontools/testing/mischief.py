"""Ways to misbehave below and beside the chat format, each a step for a scripted model server.

What ``script`` says is well-formed HTTP; a ``Raw`` step is whatever bytes one likes.
"""

from __future__ import annotations

import asyncio
import gzip
import json
from dataclasses import dataclass
from typing import Any, Literal

from visiontools.testing.script import Say, Send

_HEAD = "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\n"
_BUFFER = 2**20
BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Raw:
    """Bytes put on the wire as they are, with ``pause_s`` seconds between the pieces.

    ``then`` is what follows the last: the end of the connection, silence, or the same piece again
    for as long as the client listens.
    """

    pieces: tuple[bytes, ...]
    then: Literal["close", "silence", "repeat"] = "close"
    pause_s: float = 0.0

    async def put(self, transport: asyncio.Transport) -> None:
        """Write it all; returns only where the end of the connection is to follow."""
        for piece in self.pieces:
            await _write(transport, piece)
            await asyncio.sleep(self.pause_s)
        while self.then == "repeat":
            await _write(transport, self.pieces[-1])
            await asyncio.sleep(self.pause_s)
        if self.then == "silence":
            await asyncio.Event().wait()


async def _write(transport: asyncio.Transport, piece: bytes) -> None:
    # aiohttp keeps the transport's own signal to itself.
    while transport.get_write_buffer_size() > _BUFFER and not transport.is_closing():  # noqa: ASYNC110
        await asyncio.sleep(0.001)
    if transport.is_closing():
        raise ConnectionResetError
    transport.write(piece)


def _head(*headers: str, status: int = 200, kind: str = "application/json") -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers)
    return (_HEAD.format(status=status, kind=kind) + lines + "\r\n").encode()


def completion(message: dict[str, Any], finish: str | None = "stop") -> dict[str, Any]:
    """A chat completion around any message."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    return {**Say("").completion("scripted"), "choices": [choice]}


def message(finish: str | None = "stop", **fields: Any) -> Send:
    """An answer with any message: no text at all, parts, tool calls, thoughts apart."""
    return Send(200, json.dumps(completion(fields, finish)).encode())


def tool_call(arguments: str) -> Send:
    """An answer that calls a tool nobody offered, instead of saying it."""
    called = {"name": "answer", "arguments": arguments}
    call = {"id": "call_1", "type": "function", "function": called}
    return message("tool_calls", content=None, tool_calls=[call])


def with_bom(text: str) -> Send:
    """A whole answer behind a byte order mark."""
    return Send(200, BOM + json.dumps(Say(text).completion("scripted")).encode())


def zipped(text: str, *, damaged: bool = False) -> Send:
    """A whole answer in gzip; ``damaged`` in the middle, if so wanted."""
    body = gzip.compress(json.dumps(Say(text).completion("scripted")).encode())
    body = body[:20] + bytes(len(body) - 20) if damaged else body
    return Send(200, body, headers=(("Content-Encoding", "gzip"),))


def bomb(megabytes: int) -> Send:
    """An answer of spaces that gzip makes a thousand times smaller."""
    body = gzip.compress(b" " * (megabytes * 2**20), compresslevel=1)
    return Send(200, body, headers=(("Content-Encoding", "gzip"),))


def redirect(url: str, status: int = 307) -> Send:
    """Sends the client elsewhere."""
    return Send(status, b"", headers=(("Location", url),))


def wrong_length(body: bytes, length: int) -> Raw:
    """A body that is longer or shorter than it claims to be."""
    return Raw((_head(f"Content-Length: {length}"), body))


def bad_chunks() -> Raw:
    """A body whose chunks have no length."""
    return Raw((_head("Transfer-Encoding: chunked"), b"zz\r\nnonsense\r\n"))


def not_http() -> Raw:
    """What another kind of server says."""
    return Raw((b"SSH-2.0-OpenSSH_9.6\r\n",))


def endless(piece: bytes, *, status: int = 200, kind: str = "application/json") -> Raw:
    """A body without an end."""
    return Raw((_head(status=status, kind=kind), piece), "repeat")


def drip(body: bytes, pause_s: float) -> Raw:
    """A whole answer, one byte at a time."""
    pieces = tuple(body[i : i + 1] for i in range(len(body)))
    return Raw((_head(f"Content-Length: {len(body)}"), *pieces), pause_s=pause_s)

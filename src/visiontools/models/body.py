"""What a server sends back, held to bounds before anyone keeps it, and parsed leniently.

A server may send without an end, or a few kilobytes that unpack to gigabytes; neither the SDK nor
its HTTP client sets a limit.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import jiter

LARGEST = 32 * 2**20
"""Bytes of one answer, unpacked: a hundred times more than any model writes."""

LONGEST = 500_000
"""Characters of what a model says: more than fits any answer, and still searched in a second."""

_BOM = b"\xef\xbb\xbf"
_ZLIB_OR_GZIP = zlib.MAX_WBITS | 32


class BodyError(httpx2.RequestError):
    """A body nobody can use; the words complete "The server ..."."""


async def bound(response: httpx2.Response) -> None:
    """Hold a response's body to LARGEST bytes; for httpx2's ``event_hooks``."""
    packed = response.headers.get("content-encoding", "identity").strip().lower()
    length = response.headers.get("content-length", "")
    if packed in ("identity", "") and length.isdecimal() and int(length) <= LARGEST:
        return  # aiohttp reads no more than was announced
    unpack = None
    if packed in ("gzip", "x-gzip", "deflate"):
        unpack = zlib.decompressobj(_ZLIB_OR_GZIP)
        del response.headers["content-encoding"]
    response.stream = _Bounded(response.stream, unpack)


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends in a BodyError once it is too long."""

    def __init__(self, inner: Any, unpack: Any) -> None:
        self._inner = inner
        self._unpack = unpack

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = LARGEST
        async for piece in self._inner:
            plain = self._unpacked(piece, left + 1) if self._unpack else piece
            left -= len(plain)
            if left < 0:
                raise BodyError("sent an answer without an end")
            yield plain
        if self._unpack and not self._unpack.eof:
            raise BodyError("sent a packed answer that is damaged")

    async def aclose(self) -> None:
        await self._inner.aclose()

    def _unpacked(self, piece: bytes, most: int) -> bytes:
        try:
            plain: bytes = self._unpack.decompress(piece, most)
        except zlib.error:
            raise BodyError("sent a packed answer that is damaged") from None
        return plain


def parsed(content: bytes) -> Any:
    """The JSON in a body, whatever its content type claims; raises BodyError for all else."""
    content = content.removeprefix(_BOM).strip()
    if not content:
        raise BodyError("sent an empty answer")
    try:
        return jiter.from_json(content)
    except ValueError:
        pass
    if content.startswith(b"<"):
        raise BodyError("sent a web page instead of an answer")
    raise BodyError("sent an answer that is no JSON")

"""Chainlit's scripts and ours as files that browsers keep, compressed once a process."""

from __future__ import annotations

import asyncio
import gzip
import re
from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

OURS = Path(__file__).parent / "assets"
_KINDS = {
    "js": "text/javascript",
    "mjs": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
}
_NAME = re.compile(r"[\w.-]{1,100}\.(js|mjs|css|svg)")
_FOR_EVER = "public, max-age=31536000, immutable"
_LOOK_AGAIN = "no-cache"


async def file_of(folder: Path, name: str, scope: Scope, *, hashed: bool) -> Response | None:
    """A file right in the folder; ``hashed`` says that its name tells its version."""
    named = _NAME.fullmatch(name)
    if named is None or not (folder / name).is_file():
        return None
    packed = "gzip" in Headers(scope=scope).get("accept-encoding", "")
    data = await asyncio.to_thread(_packed if packed else _plain, folder / name)
    headers = {"Cache-Control": _FOR_EVER if hashed else _LOOK_AGAIN, "Vary": "Accept-Encoding"}
    if packed:
        headers["Content-Encoding"] = "gzip"
    return Response(data, headers=headers, media_type=_KINDS[named[1]])


@lru_cache(maxsize=32)
def _packed(path: Path) -> bytes:
    return gzip.compress(path.read_bytes(), 6)


def _plain(path: Path) -> bytes:
    return path.read_bytes()

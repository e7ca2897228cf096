"""Pictures somebody attached and has not sent yet: files of the owner's, for a day at most.

They lie in the data folder, so that every process that shares it finds them.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from visiontools.pictures.kinds import recognise, safe_name
from visiontools.store.disk import explained
from visiontools.types import Upload

_KEPT_S = 24 * 3600
_MOST = 64
"""Of one owner's; the oldest go first."""


class Held:
    """What one owner attached, by ids that are random."""

    def __init__(self, root: Path, owner: str) -> None:
        self._root = root
        self._folder = root / hashlib.sha256(owner.encode()).hexdigest()[:32]

    async def put(self, data: bytes, name: str) -> str:
        """Keep a file and name it. Raises BadPicture for what is no picture, by its first bytes."""
        name = safe_name(name)
        recognise(data, name)
        return await asyncio.to_thread(self._put, data, name)

    async def get(self, upload_id: str) -> Upload | None:
        """The file of that id, if this owner has it."""
        return await asyncio.to_thread(self._get, upload_id)

    async def drop(self, upload_id: str) -> None:
        """Delete it."""
        with explained(self._root):
            await asyncio.to_thread(self._path(upload_id).unlink, missing_ok=True)

    def _put(self, data: bytes, name: str) -> str:
        upload_id = str(uuid.uuid4())
        with explained(self._root):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._sweep()
            half = self._folder / f"{upload_id}.half"
            with open(half, "xb", opener=_privately) as file:
                file.write(json.dumps(name).encode() + b"\n" + data)
            half.rename(self._path(upload_id))
        return upload_id

    def _get(self, upload_id: str) -> Upload | None:
        with explained(self._root), suppress(FileNotFoundError):
            name, _, data = self._path(upload_id).read_bytes().partition(b"\n")
            return Upload(data, json.loads(name))
        return None

    def _path(self, upload_id: str) -> Path:
        return self._folder / str(uuid.UUID(upload_id))

    def _sweep(self) -> None:
        """Delete what nobody sent in time, of every owner, and what is too many of this one's."""
        for age, path in self._aged(self._root.glob("*/*")):
            if age > _KEPT_S:
                path.unlink(missing_ok=True)
        mine = sorted(self._aged(self._folder.iterdir()))
        for _, path in mine[_MOST - 1 :]:
            path.unlink(missing_ok=True)

    def _aged(self, paths: Iterator[Path]) -> Iterator[tuple[float, Path]]:
        now = time.time()
        for path in paths:
            with suppress(FileNotFoundError):
                yield now - path.stat().st_mtime, path


def _privately(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

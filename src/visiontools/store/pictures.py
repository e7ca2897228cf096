"""Prepared pictures in a folder, named by their content, one folder an owner.

A folder an owner, so that one owner's deletion never touches another's copy of the same picture,
and a name that is a hash of the owner, so that no owner can choose a path.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from visiontools.types import Picture

_HALF = ".half"
_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has it
_ABANDONED_S = 60


class PictureFolder:
    """Keeps, reads and deletes prepared pictures below ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, owner: str, picture: Picture) -> bool:
        """Write the picture; False where it was there already.

        A run costs one new file, so this is kept to the system calls it needs.
        """
        path = self._path(owner, picture.sha256)
        if os.path.exists(path):  # noqa: PTH110
            return False
        half = f"{self._root}/{secrets.token_hex(8)}{_HALF}"
        try:
            self._move_in(half, path, picture.data)
        except FileNotFoundError:  # the owner's first picture
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
            self._move_in(half, path, picture.data)
        return True

    def _move_in(self, half: str, path: str, data: bytes) -> None:
        """Write beside the owners' folders, so that a file has its name only when it is whole."""
        try:
            _write(half, data)
            os.rename(half, path)  # noqa: PTH104
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(half)  # noqa: PTH108
            raise

    def sweep(self) -> None:
        """Remove what programs left that were killed while they wrote."""
        for half in self._root.glob(f"*{_HALF}"):
            with suppress(FileNotFoundError):
                if time.time() - half.stat().st_mtime > _ABANDONED_S:
                    half.unlink()

    def read(self, owner: str, sha256: str) -> bytes:
        """The picture's bytes; FileNotFoundError when it is gone."""
        return Path(self._path(owner, sha256)).read_bytes()

    def delete(self, owner: str, sha256: str) -> None:
        path = Path(self._path(owner, sha256))
        path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def _path(self, owner: str, sha256: str) -> str:
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("not a SHA-256")
        return f"{self._root}/{_folder_of(owner)}/{sha256}"


@lru_cache(maxsize=1024)
def _folder_of(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:32]


def _write(path: str, data: bytes) -> None:
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    finally:
        os.close(file)

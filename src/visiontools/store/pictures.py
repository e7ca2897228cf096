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
from pathlib import Path

from visiontools.types import Picture

_HALF = ".half"
_ABANDONED_S = 60


class PictureFolder:
    """Keeps, reads and deletes prepared pictures below ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, owner: str, picture: Picture) -> bool:
        """Write the picture; False where it was there already.

        A run costs one new file, so this is kept to the system calls it needs.
        """
        path = str(self._path(owner, picture.sha256))
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
            with open(half, "xb", opener=_private) as file:
                file.write(data)
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
        return self._path(owner, sha256).read_bytes()

    def delete(self, owner: str, sha256: str) -> None:
        path = self._path(owner, sha256)
        path.unlink(missing_ok=True)
        if path.parent.is_dir() and not any(path.parent.iterdir()):
            path.parent.rmdir()

    def _path(self, owner: str, sha256: str) -> Path:
        if len(sha256) != 64 or not sha256.isalnum():
            raise ValueError("not a SHA-256")
        return self._root / hashlib.sha256(owner.encode()).hexdigest()[:32] / sha256


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

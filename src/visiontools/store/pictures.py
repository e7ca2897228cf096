"""Prepared pictures in a folder, named by their content, one folder an owner.

A folder an owner, so that one owner's deletion never touches another's copy of the same picture,
and a name that is a hash of the owner, so that no owner can choose a path.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from visiontools.types import Picture


class PictureFolder:
    """Keeps, reads and deletes prepared pictures below ``root``."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def keep(self, owner: str, picture: Picture) -> None:
        """Write the picture unless it is there already; never leaves half a file by its name.

        A run costs one new file, so this is kept to the system calls it needs.
        """
        path = str(self._path(owner, picture.sha256))
        if os.path.exists(path):  # noqa: PTH110
            return
        half = f"{path}.{secrets.token_hex(4)}.half"
        try:
            _write(half, picture.data)
        except FileNotFoundError:  # the owner's first picture
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
            _write(half, picture.data)
        os.rename(half, path)  # noqa: PTH104

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


def _write(path: str, data: bytes) -> None:
    try:
        with open(path, "xb", opener=_private) as file:
            file.write(data)
    except FileNotFoundError:
        raise
    except BaseException:
        Path(path).unlink(missing_ok=True)
        raise


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)

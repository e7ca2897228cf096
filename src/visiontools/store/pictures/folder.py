"""Pictures in a folder of this machine, one folder an owner.

Deleting takes two steps, so that it may go on beside a putting: the file is moved aside, whoever
needs it is asked for, and then it is removed or moved back. A record stands before its picture is
put, so that a picture whose writing was cut off is one that is missing: its hash tells.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from visiontools.store.disk import explained
from visiontools.store.pictures.places import Needed, Storable, is_name, path_of, whole

_HALF = ".half"
_BINARY = getattr(os, "O_BINARY", 0)  # Windows alone has it
_ABANDONED_S = 60
_TRIES = 20


class PictureFolder:
    """Keeps, reads and deletes prepared pictures below ``root``; a ``PictureStore``."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._swept = False

    async def put(self, owner: str, picture: Storable) -> None:
        await asyncio.to_thread(self.put_now, owner, picture)

    def put_now(self, owner: str, picture: Storable) -> None:
        """What ``put`` does, in this thread."""
        self._put(path_of(owner, picture.sha256), picture.data)

    def _put(self, path: str, data: bytes) -> None:
        """A run costs one new file, so this is kept to the system calls it needs.

        It is written where it is to be: moving it there would cost more than writing it. What a
        program leaves that is killed meanwhile is too short, and made anew by the next putting.
        """
        path = f"{self._root}/{path}"
        with explained(self._root):
            self._sweep()
            for _ in range(_TRIES):
                try:
                    _write(path, data)
                    return
                except FileExistsError:
                    if self._stands(path, data):
                        return
                except FileNotFoundError:  # the owner's first picture, or the last went meanwhile
                    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)  # noqa: PTH103, PTH120
            raise FileNotFoundError(errno.ENOENT, "The folder goes as soon as it is made", path)

    def _stands(self, path: str, data: bytes) -> bool:
        """Whether the picture is there, made whole if it was not; False if it went meanwhile."""
        try:
            if os.stat(path).st_size != len(data):  # noqa: PTH116
                half = self._aside()
                _write(half, data)
                os.replace(half, path)  # noqa: PTH105
        except FileNotFoundError:
            return False
        return True

    def _aside(self) -> str:
        return f"{self._root}/{secrets.token_hex(8)}{_HALF}"

    def _sweep(self) -> None:
        """Remove what programs left that were killed while they wrote or deleted."""
        if self._swept:
            return
        for half in self._root.glob(f"*{_HALF}"):
            with suppress(FileNotFoundError):
                if time.time() - half.stat().st_mtime > _ABANDONED_S:
                    half.unlink()
        self._swept = True

    async def get(self, owner: str, sha256: str) -> bytes:
        path = self._root / path_of(owner, sha256)
        return whole(await asyncio.to_thread(self._read, path), sha256, str(self._root))

    def _read(self, path: Path) -> bytes:
        with self._explained():
            return path.read_bytes()

    async def delete(self, owner: str, sha256: str, needed: Needed) -> None:
        await self.drop(path_of(owner, sha256), needed)

    async def drop(self, name: str, needed: Needed) -> None:
        path = self._root / name
        while not await needed():
            claimed = await asyncio.to_thread(self._claim, path)
            if claimed is None:
                return
            if not await needed():
                await asyncio.to_thread(self._remove, claimed, path.parent)
                return
            # Put again while it was aside; look once more, for that may be over, too.
            await asyncio.to_thread(self._put_back, claimed, path)

    def _claim(self, path: Path) -> Path | None:
        """Move the file aside; None where it is gone already."""
        claimed = Path(self._aside())
        with self._explained():
            self._sweep()
            with suppress(FileNotFoundError):
                os.utime(path)  # a file aside that is old counts as left by a killed program
                path.rename(claimed)
                return claimed
        return None

    def _remove(self, claimed: Path, folder: Path) -> None:
        with self._explained():
            claimed.unlink(missing_ok=True)
            with suppress(OSError):  # not empty, or gone
                folder.rmdir()

    def _put_back(self, claimed: Path, path: Path) -> None:
        with self._explained():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            claimed.replace(path)

    async def names(self) -> list[str]:
        return await asyncio.to_thread(self._names)

    def _names(self) -> list[str]:
        with explained(self._root):
            below = (path.relative_to(self._root).as_posix() for path in self._root.glob("*/*"))
            return [name for name in below if is_name(name)]

    @contextmanager
    def _explained(self) -> Iterator[None]:
        """What the disk objects to as an error of ours, but for a file that is not there."""
        missing: FileNotFoundError | None = None
        with explained(self._root):
            try:
                yield
            except FileNotFoundError as error:
                missing = error
        if missing is not None:
            raise missing

    async def link(
        self, owner: str, sha256: str, *, name: str | None = None, seconds: int = 300
    ) -> str | None:
        """None: a folder has no addresses."""
        return None

    async def close(self) -> None:
        """There is nothing to let go of."""


def _write(path: str, data: bytes) -> None:
    """Make a file that is not there yet. Raises OSError, and then leaves none."""
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(file, left) :]
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108
        raise
    finally:
        os.close(file)

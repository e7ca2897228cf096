"""Pictures in a bucket of Cloud Storage, so that every replica of a server sees them.

Nothing is locked while the network is waited for. A picture that is put again is touched, which
changes its metageneration; a deletion looks at the picture, asks whether it is needed, and then
deletes it only if nobody touched it since. What has the name of its content already need not be
written again, so "it exists" (412) is success, also after a reply that was lost.

Google's library blocks, so it works in threads of its own; it is imported with the first picture.
"""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from visiontools.errors import ConfigurationError, DamagedError, StorageError
from visiontools.store.pictures.places import Bucket, Needed, Storable, path_of, whole

if TYPE_CHECKING:
    from visiontools.store.pictures.gcs import Objects

T = TypeVar("T")
_AT_ONCE = 10
"""Threads, and thereby connections: as many as Google's library keeps open."""
_ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Cloud Storage is waited for.

    ``deadline_s`` is for one whole picture, ``request_s`` for one request of it, and ``first_s``
    the first pause before asking again; the following ones double, with some chance in them.
    """

    deadline_s: float = 20.0
    request_s: float = 8.0
    first_s: float = 0.3


class CloudPictures:
    """Keeps, reads and deletes prepared pictures in ``bucket``; a ``PictureStore``.

    ``sign_in`` makes Google's client, and is Application Default Credentials unless told.
    """

    def __init__(
        self,
        bucket: Bucket,
        *,
        patience: Patience | None = None,
        sign_in: Callable[[], Any] | None = None,
    ) -> None:
        if not _installed():
            raise ConfigurationError(
                f"Pictures in {bucket} need Google's library, which is not installed.",
                next="Install it with: pip install 'visiontools[google]'",
            )
        self._bucket = bucket
        self._patience = patience or Patience()
        self._sign_in = sign_in
        self._threads = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="visiontools-pictures")
        self._opening = Lock()
        self._opened: Objects | None = None

    async def put(self, owner: str, picture: Storable) -> None:
        name, data, kind = path_of(owner, picture.sha256), picture.data, picture.media_type
        await self._do("kept", lambda objects: objects.put(name, data, kind))

    async def get(self, owner: str, sha256: str) -> bytes:
        name = path_of(owner, sha256)
        for last in (False, True):  # damaged on the way, or there?
            data = await self._do("read", lambda objects: objects.get(name))
            try:
                return whole(data, sha256, str(self._bucket))
            except DamagedError:
                if last:
                    raise
        raise AssertionError("unreachable")

    async def delete(self, owner: str, sha256: str, needed: Needed) -> None:
        await self.drop(path_of(owner, sha256), needed)

    async def drop(self, name: str, needed: Needed) -> None:
        for _ in range(_ROUNDS):
            if await needed():
                return
            found = await self._do("deleted", lambda objects: objects.versions(name))
            if not found or await needed():
                return
            if await self._do("deleted", partial(_remove, found)):
                return
        raise StorageError(
            f"A picture in {self._bucket} was put again each time it was to be deleted.",
            next="Delete the record again.",
        )

    async def names(self) -> list[str]:
        found: list[str] = []
        page: str | None = None
        while True:  # each page has all the time a picture has
            some, page = await self._do("listed", partial(_listed, page))
            found += some
            if not page:
                return found

    async def link(
        self, owner: str, sha256: str, *, name: str | None = None, seconds: int = 300
    ) -> str | None:
        path = path_of(owner, sha256)
        return await self._do("shown", lambda objects: objects.link(path, name, seconds))

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        if self._opened is not None:
            self._opened.close()

    async def _do(self, done: str, work: Callable[[Objects], T]) -> T:
        """Do it in a thread. One that hangs longer than the deadline is left to itself."""
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._patience.deadline_s):
                return await loop.run_in_executor(self._threads, self._work, done, work)
        except TimeoutError:
            raise StorageError(
                f"A picture could not be {done}: {self._bucket} gave no answer in "
                f"{self._patience.deadline_s:g} seconds.",
                next="Check the network, or try again later.",
            ) from None

    def _work(self, done: str, work: Callable[[Objects], T]) -> T:
        from visiontools.store.pictures.gcs import Objects, signed_in
        from visiontools.store.pictures.gcs_faults import explained

        with explained(self._bucket, done):
            with self._opening:
                if self._opened is None:
                    client = (self._sign_in or signed_in)()
                    self._opened = Objects(client, self._bucket, self._patience)
            return work(self._opened)


def _remove(found: list[Any], objects: Objects) -> bool:
    return objects.remove(found)


def _listed(page: str | None, objects: Objects) -> tuple[list[str], str | None]:
    return objects.names(page)


def _installed() -> bool:
    try:
        return importlib.util.find_spec("google.cloud.storage") is not None
    except ModuleNotFoundError:
        return False

"""What every picture store does, and how a picture is named in it.

A picture is named by its owner and its content, the same in every store: ``<hash of the owner>/
<SHA-256>``. So one owner's deletion never touches another's copy of the same picture, no owner
can choose a path, and pictures move from a folder to a bucket by copying them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from visiontools.errors import ConfigurationError, DamagedError

Needed = Callable[[], Awaitable[bool]]
_SHA256 = re.compile(r"[0-9a-f]{64}")
_NAME = re.compile(r"[0-9a-f]{32}/[0-9a-f]{64}")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class Storable(Protocol):
    """What a store keeps: bytes, named by their hash, and what they are to whoever fetches them."""

    @property
    def data(self) -> bytes: ...
    @property
    def sha256(self) -> str: ...
    @property
    def media_type(self) -> str: ...


class PictureStore(Protocol):
    """Keeps, reads and deletes prepared pictures.

    All methods raise ConfigurationError where the store cannot be used, and StorageError, which
    is one, where it cannot be used now.
    """

    async def put(self, owner: str, picture: Storable) -> None:
        """Keep a picture; one that is there already stays.

        Whoever puts has noted beforehand, where ``needed`` of a ``delete`` looks, that the
        picture is needed: then no deletion that goes on meanwhile takes it away.
        """

    async def get(self, owner: str, sha256: str) -> bytes:
        """The picture as it was put. FileNotFoundError when it is gone, DamagedError if changed."""

    async def delete(self, owner: str, sha256: str, needed: Needed) -> None:
        """Delete a picture for good, or leave it where ``needed`` says that it is shown.

        ``needed`` may be asked more than once, and is asked after the picture was looked at:
        that is what makes deleting and putting at the same moment safe.
        """

    async def drop(self, name: str, needed: Needed) -> None:
        """``delete``, where only the name is known that ``path_of`` gave the picture."""

    async def names(self) -> list[str]:
        """The names of all pictures there are, everybody's."""

    async def link(
        self, owner: str, sha256: str, *, name: str | None = None, seconds: int = 300
    ) -> str | None:
        """An address that shows the picture to whoever has it, for ``seconds``.

        With ``name`` it is downloaded as a file of that name. None where the store has no
        addresses: then whoever asked shows the bytes.
        """

    async def close(self) -> None:
        """Let go of threads and connections."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where in Cloud Storage pictures are kept; ``prefix`` is empty or ends with a slash."""

    name: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"gs://{self.name}/{self.prefix}".rstrip("/")


def bucket_of(place: str) -> Bucket:
    """The bucket that ``gs://bucket/prefix`` names. Raises ConfigurationError."""
    scheme, found, rest = place.partition("gs://")
    name, _, prefix = rest.partition("/")
    prefix = prefix.removesuffix("/")
    good = _BUCKET.fullmatch(name) and (not prefix or _PREFIX.fullmatch(prefix))
    if scheme or not found or not good:
        raise ConfigurationError(
            f"'{place}' is no place for pictures.",
            next="Write gs://BUCKET or gs://BUCKET/PREFIX, with letters, digits, '.', '-' and "
            "'_'; or leave it out to keep pictures in the data folder.",
        )
    return Bucket(name, f"{prefix}/" if prefix else "")


def path_of(owner: str, sha256: str) -> str:
    """A picture's name below the root of any store. ValueError for what is no SHA-256."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not a SHA-256")
    return f"{_folder_of(owner)}/{sha256}"


def is_name(path: str) -> bool:
    """Whether a path below the root of a store can be a picture's."""
    return _NAME.fullmatch(path) is not None


@lru_cache(maxsize=1024)
def _folder_of(owner: str) -> str:
    return hashlib.sha256(owner.encode()).hexdigest()[:32]


def whole(data: bytes, sha256: str, where: str) -> bytes:
    """The bytes, if they are those the name promises. DamagedError where they are not."""
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedError(
            f"A picture in {where} is not the one that was kept: its content was changed or "
            "damaged.",
            next="Run the tool on the picture again with --again, and look at who may write there.",
        )
    return data

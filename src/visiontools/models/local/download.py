"""One file, brought here: resumed where it stopped, its checksum computed on the way."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import httpx2

from visiontools.errors import ServerFaultError, StorageError
from visiontools.models.local.web import Web
from visiontools.models.policy import FaultError

Meter = Callable[[int], None]
"""Is told how many bytes of the file are here."""
_PIECE = 2**20
_AGAIN = "Run the same command again."


@dataclass(frozen=True, slots=True)
class Announced:
    """What a source says of a file beforehand; None where it does not say."""

    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A file that is here, whole."""

    size: int
    sha256: str


class Partial:
    """A file on its way: ``NAME.part`` beside where it will be, and what the server called it.

    The tag (ETag or Last-Modified) is kept, so that no other version's rest is put behind it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f"{path.name}.part")
        self._tag = path.with_name(f"{path.name}.tag")
        self._hash = hashlib.sha256()
        self.size = 0

    def open(self) -> None:
        """Take up what is there, also of a file that was whole when something else failed."""
        if self.path.exists():
            self.path.replace(self._part)
        with suppress(FileNotFoundError), self._part.open("rb") as file:
            while piece := file.read(_PIECE):
                self._count(piece)

    @property
    def tag(self) -> str:
        """What the server called the version whose beginning is here."""
        with suppress(OSError, ValueError):
            return str(json.loads(self._tag.read_text("utf-8")))
        return ""

    def begin(self, tag: str) -> None:
        """Start from nothing."""
        self.drop()
        self._tag.write_text(json.dumps(tag), "utf-8")

    def drop(self) -> None:
        """Forget what is there."""
        self._hash, self.size = hashlib.sha256(), 0
        self._part.unlink(missing_ok=True)
        self._tag.unlink(missing_ok=True)

    def append(self, pieces: Iterable[bytes], most: int | None, meter: Meter) -> None:
        """Write what comes. FaultError where it is more than ``most`` bytes in all."""
        with self._part.open("ab") as file:
            for piece in pieces:
                if most is not None and self.size + len(piece) > most:
                    raise FaultError(_differs(self.path.name, "is longer than announced"))
                file.write(piece)
                self._count(piece)
                meter(self.size)
            file.flush()
            os.fsync(file.fileno())

    def finish(self, announced: Announced) -> Arrived:
        """Check it and give it its name. FaultError where it is not what was announced."""
        arrived = Arrived(self.size, self._hash.hexdigest())
        if announced.size not in (None, arrived.size):
            raise FaultError(_differs(self.path.name, "is shorter than announced"), retry=True)
        if announced.sha256 not in (None, arrived.sha256):
            self.drop()
            raise FaultError(_differs(self.path.name, "has another checksum than announced"))
        self._part.replace(self.path)
        self._tag.unlink(missing_ok=True)
        return arrived

    def _count(self, piece: bytes) -> None:
        self._hash.update(piece)
        self.size += len(piece)


def download(web: Web, url: str, path: Path, announced: Announced, meter: Meter) -> Arrived:
    """Bring the file at ``url`` to ``path``; tries again as long as something comes.

    Raises FaultError, or StorageError where it cannot be written.
    """
    partial = Partial(path)
    try:
        partial.open()
        if announced.sha256 is None and not partial.tag:
            partial.drop()  # it may be of another version, and nothing would tell
        retry = 0
        while True:
            before = partial.size
            try:
                _rest(web, url, partial, announced.size, meter)
                return partial.finish(announced)
            except FaultError as fault:
                retry = 0 if partial.size > before else retry + 1
                web.wait(fault, retry)
    except OSError as error:
        raise StorageError(
            f"{path} cannot be written: {error.strerror}.",
            next="Make room or choose another data_folder, then run the same command again.",
        ) from None


def _rest(web: Web, url: str, partial: Partial, size: int | None, meter: Meter) -> None:
    """What is missing, or all of it where the server cannot begin in the middle."""
    if size is not None and partial.size == size:
        return
    headers: Mapping[str, str] = {}
    if partial.size:
        headers = {"Range": f"bytes={partial.size}-"}
        if tag := partial.tag:
            headers = {**headers, "If-Range": tag}
    with web.opened(url, headers) as response:
        if response.status_code == 416:  # what is here is no beginning of what is there
            partial.drop()
            raise FaultError(_differs(partial.path.name, "has changed since"), retry=True)
        if not _goes_on(response, partial.size):
            partial.begin(_tag(response.headers))
        meter(partial.size)
        partial.append(response.iter_raw(), size, meter)


def _goes_on(response: httpx2.Response, at: int) -> bool:
    said = response.headers.get("content-range", "")
    return bool(at) and response.status_code == 206 and said.startswith(f"bytes {at}-")


def _tag(headers: httpx2.Headers) -> str:
    """What names this version; a weak tag does not hold for parts (RFC 9110 13.1.5)."""
    tag = headers.get("etag", "")
    return headers.get("last-modified", "") if not tag or tag.startswith("W/") else tag


def _differs(name: str, how: str) -> ServerFaultError:
    return ServerFaultError(
        f"{name} {how}, so it is not used.",
        next=f"{_AGAIN} If it stays, the source is broken: choose another.",
    )

"""Where models come from: a folder, a URL, or the hub (``hub``); what each has, fetched."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urljoin, urlsplit

from visiontools.errors import StorageError, UsageError
from visiontools.models.local.download import Announced, Arrived, Meter, download
from visiontools.models.local.gguf import BadGgufError, read_header
from visiontools.models.local.web import Web, check
from visiontools.models.policy import FaultError

_PIECE = 2**20
_SUMS = "SHA256SUMS"
_SUM_LINE = re.compile(r"([0-9a-fA-F]{64})\s[ *]?(\S.*)")
_NAME = re.compile(r"[^\x00-\x1f/\\:*?\"<>|]{1,200}")


@dataclass(frozen=True, slots=True)
class Offered:
    """A GGUF file a source has: its path there, and what is known of it beforehand."""

    path: str
    size: int | None = None
    sha256: str | None = None
    projector: bool = False
    licence: str = ""

    @property
    def announced(self) -> Announced:
        """What it is checked against."""
        return Announced(self.size, self.sha256)

    @property
    def name(self) -> str:
        """What it is called here. UsageError where the source's name for it fits no file."""
        name = self.path.rpartition("/")[2]
        if not _NAME.fullmatch(name) or name.startswith("."):
            raise UsageError(f"The source calls a file {name!r}, which is no file name.")
        return name


class Source(Protocol):
    """``whence`` is for the manifest, ``revision`` pins it, ``licence`` is "" where unsaid."""

    @property
    def whence(self) -> str: ...
    @property
    def revision(self) -> str | None: ...
    @property
    def licence(self) -> str: ...

    def offers(self) -> list[Offered]:
        """The GGUF files there are. Raises a VisiontoolsError or FaultError."""

    def measured(self, chosen: Sequence[Offered]) -> list[Offered]:
        """The same files, with their sizes where the source can tell."""

    def where(self, offered: Offered) -> str:
        """The full address of a file, without any secret."""

    def fetch(self, offered: Offered, path: Path, meter: Meter) -> Arrived:
        """Bring it to ``path``."""


def offered(path: str, size: int | None = None, sha256: str | None = None) -> Offered:
    """A file known by its name only: projectors have ``mmproj`` in theirs."""
    return Offered(path, size, sha256, "mmproj" in path.rpartition("/")[2].lower())


class FolderSource:
    """Files on this machine, copied. ``SHA256SUMS`` beside them is heeded."""

    revision = None
    licence = ""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().resolve()
        self.whence = str(self._folder)

    def offers(self) -> list[Offered]:
        try:
            files = sorted(p for p in self._folder.iterdir() if p.suffix.lower() == ".gguf")
            sums = _sums((self._folder / _SUMS).read_text("utf-8", "replace"))
        except FileNotFoundError:
            sums = {}
            if not self._folder.is_dir():
                raise UsageError(f"There is no folder {self._folder}.") from None
        except OSError as error:
            raise UsageError(f"{self._folder} cannot be read: {error.strerror}.") from None
        return [self._offered(path, sums) for path in files]

    def _offered(self, path: Path, sums: dict[str, str]) -> Offered:
        plain = offered(path.name, path.stat().st_size, sums.get(path.name))
        with suppress(BadGgufError, OSError):  # said once it is chosen
            head = read_header(path)
            return replace(plain, projector=head.is_projector, licence=head.licence)
        return plain

    def measured(self, chosen: Sequence[Offered]) -> list[Offered]:
        return list(chosen)

    def where(self, offered: Offered) -> str:
        return str(self._folder / offered.path)

    def fetch(self, offered: Offered, path: Path, meter: Meter) -> Arrived:
        part, hashed, size = path.with_name(f"{path.name}.part"), hashlib.sha256(), 0
        try:
            with (self._folder / offered.path).open("rb") as source, part.open("wb") as file:
                while piece := source.read(_PIECE):
                    file.write(piece)
                    hashed.update(piece)
                    size += len(piece)
                    meter(size)
                file.flush()
                os.fsync(file.fileno())
            if offered.sha256 not in (None, hashed.hexdigest()):
                part.unlink()
                raise UsageError(
                    f"{self.where(offered)} has another checksum than {_SUMS} beside it says.",
                    next="Get the file again.",
                )
            part.replace(path)
        except OSError as error:
            raise StorageError(f"{offered.name} cannot be copied: {error.strerror}.") from None
        return Arrived(size, hashed.hexdigest())


class UrlSource:
    """Files below a URL: named by a ``SHA256SUMS`` there, or by the links of its index page."""

    revision = None
    licence = ""

    def __init__(self, web: Web, url: str) -> None:
        """A URL of a GGUF file stands for its folder and for it, whether or not it is listed."""
        check(url)
        self._web = web
        self._given = url
        self._only = file_of(url)
        self._base = urljoin(url, ".") if self._only or url.endswith("/") else f"{url}/"
        parts = urlsplit(self._base)
        self.whence = parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()

    def offers(self) -> list[Offered]:
        try:
            listed = self._listed()
        except FaultError:
            if self._only is None:
                raise
            listed = []
        if self._only and self._only not in [each.path for each in listed]:
            listed.append(offered(self._only))
        return listed

    def _listed(self) -> list[Offered]:
        try:
            sums = _sums(self._web.page(urljoin(self._base, _SUMS))[0].decode("utf-8", "replace"))
        except FaultError as fault:
            if not isinstance(fault.error, UsageError):
                raise
            sums = {}
        if sums:
            return [offered(name, None, sum) for name, sum in sums.items() if _is_gguf(name)]
        page = self._web.page(self._base)[0].decode("utf-8", "replace")
        return [offered(name) for name in _linked(page) if _is_gguf(name)]

    def measured(self, chosen: Sequence[Offered]) -> list[Offered]:
        return [replace(each, size=self._size(each)) for each in chosen]

    def _size(self, offered: Offered) -> int | None:
        try:
            return self._web.size(self._url(offered))
        except FaultError:  # not every server answers that; fetching tells what is wrong
            return None

    def where(self, offered: Offered) -> str:
        return urljoin(self.whence, quote(offered.path))

    def fetch(self, offered: Offered, path: Path, meter: Meter) -> Arrived:
        return download(self._web, self._url(offered), path, offered.announced, meter)

    def _url(self, offered: Offered) -> str:
        if offered.path == self._only:
            return self._given  # with whatever key it carries
        return urljoin(self._base, quote(offered.path))


def file_of(url: str) -> str | None:
    """The GGUF file that a URL names, if it names one."""
    last = urlsplit(url).path.rpartition("/")[2]
    return unquote(last) if _is_gguf(last) else None


def _is_gguf(name: str) -> bool:
    return name.lower().endswith(".gguf")


def _sums(text: str) -> dict[str, str]:
    """Checksums by name, as ``sha256sum`` writes them; names below other folders are left out."""
    found = (_SUM_LINE.fullmatch(line.strip()) for line in text.splitlines())
    names = ((match[2].removeprefix("./"), match[1].lower()) for match in found if match)
    return {name: sum for name, sum in names if "/" not in name}


def _linked(page: str) -> list[str]:
    """The names a page links to beside itself, in order."""
    links = _Links()
    links.feed(page)
    names = [unquote(link.partition("?")[0].removeprefix("./")) for link in links.found]
    return list(dict.fromkeys(name for name in names if "/" not in name))


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]

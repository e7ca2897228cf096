"""Files that get alt texts: found, changed in memory, told as a difference, written at once."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from visiontools.answers.alt_html import html_places, html_with
from visiontools.answers.alt_markdown import markdown_places, markdown_with
from visiontools.answers.alt_page import KINDS, Place, local_file
from visiontools.answers.alt_xmp import alt_of, with_alt
from visiontools.doors.cli.inputs import read_bytes
from visiontools.errors import UnusableError, UsageError

_UNASKED = ("node_modules", "__pycache__")
_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Alt:
    """An alt text, its language, and the record it comes from."""

    text: str
    language: str
    record: str


@dataclass(frozen=True, slots=True)
class Change:
    """A file with its new alt texts; ``lines`` is the difference, ``told`` an entry for each."""

    path: Path
    data: bytes
    lines: tuple[str, ...]
    told: tuple[dict[str, Any], ...]


class File(Protocol):
    """A file that was named; ``left_out`` says what of it stays as it is, and why."""

    left_out: list[str]

    @property
    def pictures(self) -> Iterable[Path]:
        """The pictures that want an alt text."""

    def changed(self, alts: Mapping[Path, Alt]) -> Change | None:
        """The file with these alt texts; None where it stays as it is."""


class Page:
    """HTML or Markdown: the pictures it shows."""

    def __init__(self, path: Path, root: Path | None, *, overwrite: bool) -> None:
        self._path = path
        self._is_html = KINDS[path.suffix.lower()] == "html"
        self.left_out: list[str] = []
        try:
            self._text = read_bytes(str(path)).decode("utf-8")
        except UnicodeDecodeError:
            raise UsageError(f"{path} is not UTF-8 text.", next="Save it as UTF-8.") from None
        places = (html_places if self._is_html else markdown_places)(self._text)
        self._wanted: dict[Place, Path] = {}
        for place in places:
            if place.alt is None or overwrite:
                self._look_up(place, root)

    def _look_up(self, place: Place, root: Path | None) -> None:
        at = local_file(place.source, self._path, root)
        if isinstance(at, Path) and at.is_file():
            self._wanted[place] = at
            return
        why = at if isinstance(at, str) else f"there is no file {at}"
        source = place.source[:_LONGEST_SHOWN]
        self.left_out.append(f"{self._path}:{place.line}: left out {source}: {why}.")

    @property
    def pictures(self) -> Iterable[Path]:
        return self._wanted.values()

    def changed(self, alts: Mapping[Path, Alt]) -> Change | None:
        chosen = {
            place: alts[at]
            for place, at in self._wanted.items()
            if at in alts and alts[at].text != (place.alt if self._is_html else place.alt or "")
        }
        if not chosen:
            return None
        texts = {place: alt.text for place, alt in chosen.items()}
        try:
            text = (html_with if self._is_html else markdown_with)(self._text, texts)
        except ValueError as error:
            self.left_out.append(f"{self._path}: left as it is: {error}.")
            return None
        told = tuple(
            _told(self._path, place.line, self._wanted[place], place.alt, alt)
            for place, alt in chosen.items()
        )
        return Change(self._path, text.encode(), _difference(self._path, self._text, text), told)


class Photo:
    """A JPEG or PNG file with an alt text of its own."""

    def __init__(self, path: Path, *, overwrite: bool) -> None:
        self._path = path
        self._data = read_bytes(str(path))
        self.left_out: list[str] = []
        self._wanted = False
        try:
            self._alt = alt_of(self._data)
        except UnusableError as error:
            self.left_out.append(f"{path}: left out: {error}")
        else:
            self._wanted = self._alt is None or overwrite

    @property
    def pictures(self) -> Iterable[Path]:
        return [self._path] if self._wanted else []

    def changed(self, alts: Mapping[Path, Alt]) -> Change | None:
        alt = alts.get(self._path)
        if not self._wanted or alt is None or not alt.text or alt.text == self._alt:
            return None
        try:
            data = with_alt(self._data, alt.text, alt.language)
        except UnusableError as error:
            self.left_out.append(f"{self._path}: left as it is: {error}")
            return None
        lines = _difference(self._path, self._alt or "", alt.text)
        return Change(
            self._path, data, lines, (_told(self._path, None, self._path, self._alt, alt),)
        )


def found(names: Sequence[str], root: Path | None, *, overwrite: bool) -> list[File]:
    """The files of these names, and the pages in those that are folders, each once.

    Raises UsageError for a file that cannot be read, and a page that is not UTF-8.
    """
    paths = dict.fromkeys(path for name in names for path in _paths(name))
    return [
        Page(path, root, overwrite=overwrite)
        if path.suffix.lower() in KINDS
        else Photo(path, overwrite=overwrite)
        for path in paths
    ]


def _paths(name: str) -> Iterator[Path]:
    path = Path(name)
    if not name or not path.is_dir():
        yield path
        return
    for folder, below, files in os.walk(path):
        below[:] = sorted(b for b in below if not b.startswith(".") and b not in _UNASKED)
        for file in sorted(files):
            if Path(file).suffix.lower() in KINDS:
                yield Path(folder) / file


def _told(
    path: Path, line: int | None, picture: Path, before: str | None, alt: Alt
) -> dict[str, Any]:
    return {
        "file": str(path),
        "line": line,
        "picture": str(picture),
        "before": before,
        "alt": alt.text,
        "language": alt.language,
        "record": alt.record,
    }


def _difference(path: Path, old: str, new: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(
        old.split("\n"), new.split("\n"), f"{path}", f"{path}", lineterm=""
    )
    return tuple(line.rstrip("\r") for line in lines)


def save(change: Change) -> None:
    """Replace the file at once, so that it is never half written. Raises UsageError."""
    path = change.path.resolve()  # behind a link, its file
    part: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            part = Path(file.name)
            file.write(change.data)
        part.chmod(path.stat().st_mode & 0o7777)
        part.replace(path)
    except OSError as error:
        if part is not None:
            part.unlink(missing_ok=True)
        raise UsageError(
            f"{change.path} cannot be written: {error.strerror}.",
            next="It is as it was; make its folder writable and run this again.",
        ) from None

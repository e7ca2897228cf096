"""The models that are pulled: a folder each, with a manifest that says what is in it and whence."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from visiontools.errors import ConfigurationError, UsageError
from visiontools.models.local.only_one import only_one

MANIFEST = "manifest.json"
UNFINISHED = ".unfinished"
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_MB = 1e6


class PulledFile(BaseModel):
    """One file of a model. ``checked``: its source announced this checksum beforehand."""

    model_config = ConfigDict(frozen=True)

    name: str
    source: str
    size: int
    sha256: str
    checked: bool


class Licence(BaseModel):
    """A licence and when the person accepted it, in UTC."""

    model_config = ConfigDict(frozen=True)

    name: str
    accepted: datetime


class Manifest(BaseModel):
    """What a pulled model is. ``revision`` is the hub's commit, where it came from there."""

    model_config = ConfigDict(frozen=True)

    format: Literal[1] = 1
    name: str
    source: str
    revision: str | None = None
    licence: Licence
    pulled: datetime
    architecture: str = ""
    context: int | None = None
    bytes_a_token: int = 0
    model: str = Field(description="the file to load; the first, where there are several")
    projector: str | None = Field(default=None, description="what makes it see pictures")
    files: tuple[PulledFile, ...]

    @property
    def sees(self) -> bool:
        """Whether it takes pictures."""
        return self.projector is not None

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(file.size for file in self.files)


def check_name(name: str) -> None:
    """UsageError where a model cannot be called so."""
    if not _NAME.fullmatch(name) or name.endswith(UNFINISHED):
        raise UsageError(
            f"'{name}' cannot name a model.",
            next="Use small letters, digits, '.', '-' and '_', a letter or digit first.",
        )


class Shelf:
    """The folder of all pulled models, which need not exist."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __iter__(self) -> Iterator[Manifest]:
        """All of them, by name; a folder without a manifest is none."""
        for path in sorted(self.folder.glob(f"*/{MANIFEST}")):
            if not path.parent.name.endswith(UNFINISHED):
                yield self._read(path)

    def get(self, name: str) -> Manifest | None:
        """The model of that name."""
        check_name(name)
        path = self.folder / name / MANIFEST
        return self._read(path) if path.is_file() else None

    def path(self, manifest: Manifest, file: str) -> Path:
        """Where one of a model's files lies."""
        return self.folder / manifest.name / file

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Keep other processes from pulling or removing it. UsageError where one is at it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with only_one(self.folder / f"{name}.lock"):
                yield
        except BlockingIOError:
            raise UsageError(
                f"Another process is pulling or removing '{name}'.", next="Wait until it is done."
            ) from None

    def remove(self, name: str) -> int:
        """Delete a model and what is left of an unfinished pull of it; the bytes freed.

        Raises UsageError where there is nothing of that name.
        """
        check_name(name)
        folders = [self.folder / name, self.folder / f"{name}{UNFINISHED}"]
        there = [folder for folder in folders if folder.is_dir()]
        if not there:
            pulled = ", ".join(m.name for m in self)
            raise UsageError(
                f"No model named '{name}' is pulled.",
                next=f"There are: {pulled}." if pulled else "None is.",
            )
        freed = sum(f.stat().st_size for folder in there for f in folder.iterdir() if f.is_file())
        try:
            with self.held(name):
                for folder in there:
                    shutil.rmtree(folder)
        except OSError as error:
            raise ConfigurationError(
                f"{error.filename} cannot be deleted: {error.strerror}.",
                next="Close the program that uses it, or delete the folder by hand.",
            ) from None
        return freed

    def _read(self, path: Path) -> Manifest:
        try:
            return Manifest.model_validate(json.loads(path.read_bytes()))
        except (OSError, ValueError, ValidationError):
            raise ConfigurationError(
                f"{path} is no manifest that can be read.",
                next=f"Delete it: visiontools models remove {path.parent.name}; then pull again.",
            ) from None


def shown_size(count: int) -> str:
    """Bytes for a person: ``812 MB``, ``2.1 GB``."""
    mb = count / _MB
    return f"{mb / 1000:.1f} GB" if mb >= 1000 else f"{mb:.0f} MB" if mb >= 1 else f"{count} bytes"

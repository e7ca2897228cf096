"""What a person asked to pull: a name of the catalogue, a hub repository, a folder or a URL."""

from __future__ import annotations

import difflib
import glob
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from visiontools.errors import UsageError
from visiontools.models.local.catalogue import QUANTISATIONS, Known, known
from visiontools.models.local.hub import HubSource, hub_token, hub_url, is_repo
from visiontools.models.local.pull import Plan, plan
from visiontools.models.local.shelf import check_name
from visiontools.models.local.sources import FolderSource, Source, UrlSource, file_of
from visiontools.models.local.web import Web
from visiontools.models.policy import FaultError

Kind = Literal["hub", "url", "folder"]


@dataclass(frozen=True, slots=True)
class Asked:
    """A model by the name it gets here, and where to get it.

    ``whence`` is ``owner/name`` on the hub, a URL or a folder; ``pattern`` says which of the files
    there. ``known`` is its entry in the catalogue.
    """

    name: str
    kind: Kind
    whence: str
    pattern: str | None
    known: Known | None


def asked(name: str, whence: str | None) -> Asked:
    """What ``name`` and ``--from`` mean together. Raises UsageError."""
    entry = known().get(name)
    if whence is not None:
        check_name(name)
        return Asked(name, *_place(whence), entry)
    if entry is not None:
        return Asked(name, "hub", entry.repo, None, entry)
    repo, _, pattern = name.partition(":")
    if is_repo(repo):
        return Asked(_name_of(repo, pattern), "hub", repo, pattern or None, None)
    near = difflib.get_close_matches(name, known(), n=1)
    raise UsageError(
        f"The catalogue has no model '{name}'.",
        next=f"Did you mean '{near[0]}'?"
        if near
        else f"It has: {', '.join(known())}. Others come with --from, or as owner/name.",
    )


def planned(wanted: Asked) -> Plan:
    """Look there and say what would come. Raises a VisiontoolsError."""
    with opened(wanted) as source:
        quantisations = wanted.known.quantisations if wanted.known else QUANTISATIONS
        sees = wanted.known is not None and wanted.known.sees
        return plan(wanted.name, source, quantisations, wanted.pattern, sees=sees)


@contextmanager
def opened(wanted: Asked) -> Iterator[Source]:
    """The source, with its connections until the end; faults are raised as our errors."""
    try:
        if wanted.kind == "folder":
            yield FolderSource(Path(wanted.whence))
        elif wanted.kind == "url":
            with Web() as web:
                yield UrlSource(web, wanted.whence)
        else:
            with Web(hub_url(), hub_token()) as web:
                yield HubSource(web, wanted.whence)
    except FaultError as fault:
        raise fault.error from None


def _place(whence: str) -> tuple[Kind, str, str | None]:
    """Where, and which file there: a file stands for its folder and itself."""
    if whence.startswith(("http:", "https:")):
        only = file_of(whence)
        return "url", whence, glob.escape(only) if only else None
    path = Path(whence).expanduser()
    with suppress(OSError):  # too long to be a path
        if path.is_file():
            return "folder", str(path.parent), glob.escape(path.name)
        repo, _, pattern = whence.partition(":")
        if not path.exists() and is_repo(repo):
            return "hub", repo, pattern or None
    return "folder", whence, None


def _name_of(repo: str, pattern: str) -> str:
    """A short name for a repository's model."""
    words = re.sub(r"[-_.]?gguf$", "", repo.partition("/")[2], flags=re.IGNORECASE)
    form = re.sub(r"[^\w.-]|\.gguf$", "", pattern)
    name = f"{words}-{form}" if form and form.lower() not in words.lower() else words
    name = re.sub(r"[^a-z0-9._-]", "-", name.lower()).strip("-._")[:60]
    check_name(name)
    return name

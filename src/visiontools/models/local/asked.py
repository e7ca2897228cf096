"""What a person asked to pull: a name of the catalogue, a hub repository, a folder or a URL."""

from __future__ import annotations

import difflib
import glob
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from visiontools.errors import UsageError
from visiontools.models.local.catalogue import QUANTISATIONS, Known, known
from visiontools.models.local.hub import HubSource, hub_token, hub_url, is_repo
from visiontools.models.local.pull import Plan, plan
from visiontools.models.local.shelf import check_name
from visiontools.models.local.sources import FolderSource, Source, UrlSource
from visiontools.models.local.web import Web
from visiontools.models.policy import FaultError


@dataclass(frozen=True, slots=True)
class Asked:
    """A model by the name it gets here, and where to get it.

    ``whence`` is ``owner/name`` on the hub, a folder, a file or a URL; ``pattern`` says which of
    the files there. ``known`` is its entry in the catalogue.
    """

    name: str
    whence: str
    pattern: str | None
    known: Known | None


def asked(name: str, whence: str | None) -> Asked:
    """What ``name`` and ``--from`` mean together. Raises UsageError."""
    entry = known().get(name)
    if whence is None and entry is None and is_repo(name.partition(":")[0]):
        repo, _, pattern = name.partition(":")
        return Asked(_name_of(repo, pattern), repo, pattern or None, None)
    if whence is None and entry is None:
        near = difflib.get_close_matches(name, known(), n=1)
        raise UsageError(
            f"The catalogue has no model '{name}'.",
            next=f"Did you mean '{near[0]}'?"
            if near
            else f"It has: {', '.join(known())}. Others come with --from, or as owner/name.",
        )
    check_name(name)
    if whence is None and entry is not None:
        return Asked(name, entry.repo, None, entry)
    return Asked(name, *_split(whence or ""), entry)


def planned(wanted: Asked) -> Plan:
    """Look there and say what would come. Raises a VisiontoolsError."""
    with opened(wanted) as source:
        quantisations = wanted.known.quantisations if wanted.known else QUANTISATIONS
        sees = wanted.known is not None and wanted.known.sees
        return plan(wanted.name, source, quantisations, wanted.pattern, sees=sees)


@contextmanager
def opened(wanted: Asked) -> Iterator[Source]:
    """The source, with its connections until the end; faults are raised as our errors."""
    whence = wanted.whence
    url = whence.startswith(("http:", "https:"))
    on_hub = not url and not Path(whence).expanduser().exists() and is_repo(whence)
    try:
        with Web(hub_url(), hub_token()) if on_hub else Web() as web:
            if on_hub:
                yield HubSource(web, whence)
            elif url:
                yield UrlSource(web, *_file(whence))
            else:
                yield FolderSource(Path(whence))
    except FaultError as fault:
        raise fault.error from None


def _split(whence: str) -> tuple[str, str | None]:
    """Where, and which file there: a file stands for its folder and itself."""
    if whence.startswith(("http:", "https:")):
        only = _file(whence)[1]
        return whence, glob.escape(only) if only else None
    path = Path(whence).expanduser()
    if path.is_file():
        return str(path.parent), glob.escape(path.name)
    repo, _, pattern = whence.partition(":")
    if not path.exists() and is_repo(repo):
        return repo, pattern or None
    return whence, None


def _file(url: str) -> tuple[str, str | None]:
    """A URL's folder, and the file where it names a GGUF one."""
    last = urlsplit(url).path.rpartition("/")[2]
    if last.lower().endswith(".gguf"):
        return urljoin(url, "."), unquote(last)
    return url, None


def _name_of(repo: str, pattern: str) -> str:
    """A short name for a repository's model."""
    words = re.sub(r"[-_.]?gguf$", "", repo.partition("/")[2], flags=re.IGNORECASE)
    form = re.sub(r"[^\w.-]|\.gguf$", "", pattern)
    name = f"{words}-{form}" if form and form.lower() not in words.lower() else words
    name = re.sub(r"[^a-z0-9._-]", "-", name.lower()).strip("-._")[:60]
    check_name(name)
    return name

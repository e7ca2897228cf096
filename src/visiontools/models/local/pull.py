"""Pulling a model: what is to come, then bringing it here, checked, and all of it or nothing."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from visiontools.errors import StorageError, UnavailableError
from visiontools.models.local.choose import Choice, choose
from visiontools.models.local.gguf import BadGgufError, Header, read_header
from visiontools.models.local.shelf import (
    MANIFEST,
    UNFINISHED,
    Licence,
    Manifest,
    PulledFile,
    Shelf,
    shown_size,
)
from visiontools.models.local.sources import Offered, Source

_MARK = "source.json"
_SPARE = 100_000_000
"""Bytes that are to stay free on the disk."""

Progress = Callable[[Offered, int], None]
"""Is told how many bytes of which file are here."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a pull will bring."""

    name: str
    source: Source
    choice: Choice

    @property
    def licence(self) -> str:
        """What the source or the file itself says; "" where neither does."""
        return self.source.licence or self.choice.weights[0].licence

    @property
    def size(self) -> int | None:
        """Bytes in all; None where the source does not say."""
        sizes = [each.size for each in self.choice.files]
        return None if None in sizes else sum(size or 0 for size in sizes)


def plan(
    name: str, source: Source, wanted: Sequence[str], pattern: str | None, *, sees: bool
) -> Plan:
    """Look at what the source has. ``sees``: it is no good without a projector.

    Raises a VisiontoolsError or FaultError.
    """
    choice = choose(source.offers(), wanted, pattern, source.whence)
    if sees and choice.projector is None:
        raise UnavailableError(
            f"{source.whence} has no projector (a .gguf file with mmproj in its name), so the "
            "model could not see.",
            next="Pull it from another place with --from.",
        )
    measured = source.measured(choice.files)
    weights = measured[: len(choice.weights)]
    projector = measured[-1] if choice.projector else None
    return Plan(name, source, Choice(tuple(weights), projector))


def pull(plan: Plan, shelf: Shelf, licence: str, progress: Progress) -> Manifest:
    """Bring the files here and write the manifest; a pull that broke off goes on.

    Raises UsageError while another process pulls the same model, StorageError, or FaultError.
    """
    folder = shelf.folder / f"{plan.name}{UNFINISHED}"
    try:
        with shelf.held(plan.name):
            if (there := shelf.get(plan.name)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                return there  # another process has just pulled it
            folder.mkdir(exist_ok=True)
            return _pull(plan, shelf, folder, licence, progress)
    except OSError as error:
        raise StorageError(
            f"{error.filename or folder} cannot be written: {error.strerror}.",
            next="Make room, or set another data_folder.",
        ) from None


def _pull(plan: Plan, shelf: Shelf, folder: Path, licence: str, progress: Progress) -> Manifest:
    _start_over_if_other(plan, folder)
    _check_room(plan, folder)
    pulled = [_brought(plan.source, each, folder, progress) for each in plan.choice.files]
    head = _head(folder / plan.choice.weights[0].name, projector=False)
    if plan.choice.projector:
        _head(folder / plan.choice.projector.name, projector=True)
    now = dt.datetime.now(dt.UTC).replace(microsecond=0)
    manifest = Manifest(
        name=plan.name,
        source=plan.source.whence,
        revision=plan.source.revision,
        licence=Licence(name=licence, accepted=now),
        pulled=now,
        architecture=head.architecture,
        context=head.context,
        bytes_a_token=head.bytes_a_token,
        model=plan.choice.weights[0].name,
        projector=plan.choice.projector.name if plan.choice.projector else None,
        files=tuple(pulled),
    )
    (folder / _MARK).unlink()
    (folder / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", "utf-8")
    folder.rename(shelf.folder / plan.name)
    return manifest


def _brought(source: Source, offered: Offered, folder: Path, progress: Progress) -> PulledFile:
    path = folder / offered.name
    arrived = source.fetch(offered, path, lambda here: progress(offered, here))
    return PulledFile(
        name=offered.name,
        source=source.where(offered),
        size=arrived.size,
        sha256=arrived.sha256,
        checked=offered.sha256 is not None,
    )


def _start_over_if_other(plan: Plan, folder: Path) -> None:
    """What an earlier pull left is of use only if it was of the same files."""
    files = [[each.path, each.size, each.sha256] for each in plan.choice.files]
    mark = json.dumps([plan.source.whence, plan.source.revision, files])
    path = folder / _MARK
    with suppress(OSError, UnicodeDecodeError):
        if path.read_text("utf-8") == mark:
            return
    shutil.rmtree(folder)
    folder.mkdir()
    path.write_text(mark, "utf-8")


def _check_room(plan: Plan, folder: Path) -> None:
    here = sum(path.stat().st_size for path in folder.iterdir())
    wanted = sum(each.size or 0 for each in plan.choice.files) - here
    free = shutil.disk_usage(folder).free
    if wanted + _SPARE > free:
        raise StorageError(
            f"'{plan.name}' needs {shown_size(max(wanted, 0) + _SPARE)} of disk, and "
            f"{shown_size(free)} are free in {folder.parent}.",
            next="Make room ('visiontools models remove' frees some), or set another data_folder.",
        )


def _head(path: Path, *, projector: bool) -> Header:
    """The head of a file that arrived; a file that is not what it should be is deleted."""
    try:
        head = read_header(path)
        if head.is_projector is projector:
            return head
        what = "a projector, not a model" if head.is_projector else "a model, not a projector"
    except BadGgufError as error:
        what = f"no GGUF file that can be read: {error}"
    path.unlink()
    raise UnavailableError(f"{path.name} is {what}.", next="Pull another file or model.")

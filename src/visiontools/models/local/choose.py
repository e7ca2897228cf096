"""Which of a source's files make up a model: the weights in the wanted form, and a projector."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from visiontools.errors import UsageError
from visiontools.models.local.catalogue import PROJECTORS
from visiontools.models.local.sources import Offered

_PART = re.compile(r"-(\d{5})-of-(\d{5})(?=\.gguf$)", re.IGNORECASE)
_MOST_LISTED = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """The files of the model, the one to load first, and its projector."""

    weights: tuple[Offered, ...]
    projector: Offered | None

    @property
    def files(self) -> tuple[Offered, ...]:
        """All of them."""
        return (*self.weights, *((self.projector,) if self.projector else ()))


def choose(
    offers: Sequence[Offered], wanted: Sequence[str], pattern: str | None, whence: str
) -> Choice:
    """The first of the ``wanted`` quantisations among the files that fit the pattern.

    Raises UsageError, which names ``whence`` they come, where there is no model, or no telling
    which.
    """
    models = _groups([each for each in offers if not each.projector])
    if not models:
        raise UsageError(
            f"There is no GGUF model in {whence}.",
            next="Name a folder, a URL or a repository with .gguf files.",
        )
    fitting = {name: group for name, group in models.items() if _fits(name, pattern)}
    if not fitting:
        raise UsageError(
            f"No model file in {whence} fits '{pattern}'.", next=f"There are: {_listed(models)}."
        )
    name = _preferred(list(fitting), wanted)
    if name is None:
        raise UsageError(
            f"There are several model files in {whence}: {_listed(fitting)}.",
            next="Name one of them after the repository, as in owner/name:Q4_K_M, or with --from.",
        )
    projectors = {each.path: each for each in offers if each.projector}
    projector = _preferred(list(projectors), PROJECTORS) or min(projectors, default=None)
    return Choice(tuple(fitting[name]), projectors[projector] if projector else None)


def _groups(models: Sequence[Offered]) -> dict[str, list[Offered]]:
    """Models by name; the parts of one that comes in several files belong together."""
    groups: dict[str, list[Offered]] = {}
    for each in sorted(models, key=lambda each: each.path):
        groups.setdefault(_PART.sub("", each.path), []).append(each)
    for name, group in groups.items():
        first = _PART.search(group[0].path)
        if first and (int(first[1]) != 1 or int(first[2]) != len(group)):
            raise UsageError(f"Not all parts of {name} are there: {len(group)} of {int(first[2])}.")
    return groups


def _fits(name: str, pattern: str | None) -> bool:
    """A pattern with wildcards fits all of a name, one without any part of it."""
    if pattern is None:
        return True
    name, pattern = name.lower(), pattern.lower()
    if any(c in pattern for c in "*?["):
        return fnmatchcase(name, pattern) or fnmatchcase(name.rpartition("/")[2], pattern)
    return pattern in name


def _preferred(names: Sequence[str], wanted: Sequence[str]) -> str | None:
    """The one name, or the one of the first form on the list; None where there is no telling."""
    if len(names) == 1:
        return names[0]
    for form in wanted:
        word = re.compile(rf"(?<![A-Za-z0-9]){re.escape(form)}(?![A-Za-z0-9_])", re.IGNORECASE)
        if found := [name for name in names if word.search(name)]:
            return found[0] if len(found) == 1 else None
    return None


def _listed(names: Sequence[str] | dict[str, list[Offered]]) -> str:
    shown = list(names)
    return ", ".join(shown[:_MOST_LISTED]) + (", ..." if len(shown) > _MOST_LISTED else "")

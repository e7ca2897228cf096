"""The profiles there are: ours, those that other packages bring, and a user's own file."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from visiontools.errors import ConfigurationError
from visiontools.models import profiles as folder
from visiontools.models.endpoint import Endpoint
from visiontools.models.profile import Profile

ENTRY_POINTS = "visiontools.profiles"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Found:
    """The profiles that can be used, and why another package's cannot, both by name."""

    usable: dict[str, Profile]
    faults: dict[str, ConfigurationError]


def profiles() -> dict[str, Profile]:
    """The profiles that can be used, by name, in order; what is wrong with others is logged."""
    return found().usable


@cache
def found() -> Found:
    usable = {profile.name: profile for profile in _built_in()}
    faults: dict[str, ConfigurationError] = {}
    for point in entry_points(group=ENTRY_POINTS):
        try:
            profile = _from_outside(point)
            if profile.name in usable:
                raise _fault(point, f"there is a profile named '{profile.name}' already")
        except ConfigurationError as error:  # one package's fault leaves all others as they are
            _log.warning("%s", error)
            faults[point.name] = error
        else:
            usable[profile.name] = profile
    return Found(dict(sorted(usable.items())), faults)


def profile_of(endpoint: Endpoint) -> Profile:
    """The profile an endpoint names; ConfigurationError where it cannot be used as it is set up."""
    profile = find_profile(endpoint.profile)
    if not endpoint.url and profile.transport is None:
        raise ConfigurationError(
            f"Endpoint '{endpoint.name}' has no url.",
            next='Set it in visiontools.toml, like url = "http://localhost:8000/v1".',
        )
    return profile


def find_profile(name: str) -> Profile:
    """The profile of that name, or in that file where the name ends in ``.py``.

    Raises ConfigurationError where there is none, or none that can be used.
    """
    if name.endswith(".py"):
        return _in_file(Path(name).expanduser())
    known = profiles()
    if name not in known:
        if fault := found().faults.get(name):
            raise fault
        raise ConfigurationError(
            f"There is no profile '{name}'.", next=f"There are: {', '.join(known)}."
        )
    return known[name]


@cache
def _in_file(path: Path) -> Profile:
    if not path.is_absolute():  # a working folder that somebody sent must not bring code along
        raise ConfigurationError(
            f"The profile '{path}' is a file without its folder.", next="Write its whole path."
        )
    try:
        loader = SourceFileLoader(f"visiontools_own_profile_{path.stem}", str(path))
        module = ModuleType(loader.name)
        loader.exec_module(module)
    except (Exception, SystemExit) as error:  # a user's file may raise anything
        raise ConfigurationError(
            f"The profile {path} cannot be loaded: {type(error).__name__}: {error}.",
            next="Correct that file.",
        ) from None
    return _checked(str(path), getattr(module, "PROFILE", None))


def _checked(where: str, profile: object) -> Profile:
    if not isinstance(profile, Profile):
        raise ConfigurationError(f"{where} exports PROFILE, but it is no Profile.")
    return profile


def _built_in() -> Iterator[Profile]:
    for module in pkgutil.iter_modules(folder.__path__):
        name = f"{folder.__name__}.{module.name}"
        yield _checked(name, getattr(importlib.import_module(name), "PROFILE", None))


def _from_outside(point: EntryPoint) -> Profile:
    """What an entry point names: a Profile, or a module that exports PROFILE."""
    try:
        loaded = point.load()
        exported = getattr(loaded, "PROFILE", loaded)
    except (Exception, SystemExit) as error:  # a stranger's module may raise anything
        raise _fault(point, f"{type(error).__name__}: {error}") from None
    if not isinstance(exported, Profile):
        raise _fault(point, f"{point.value} is no Profile")
    return exported


def _fault(point: EntryPoint, what: str) -> ConfigurationError:
    package = f"the package '{point.dist.name}'" if point.dist else "a package"
    return ConfigurationError(
        f"The profile '{point.name}' of {package} cannot be used: {what.rstrip('.')}.",
        next="Update or uninstall that package, or use another profile.",
    )

"""The profiles there are: ours, those that other packages bring, and a user's own file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.machinery import SourceFileLoader
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from visiontools.errors import ConfigurationError
from visiontools.models import profiles as folder
from visiontools.models.endpoint import Endpoint
from visiontools.models.profile import Profile

ENTRY_POINTS = "visiontools.profiles"


@cache
def profiles() -> dict[str, Profile]:
    """All profiles by name, in order. Raises ConfigurationError where one is not usable."""
    found: dict[str, Profile] = {}
    for where, exported in [*_built_in(), *_from_outside()]:
        profile = _checked(where, exported)
        if profile.name in found:
            raise ConfigurationError(
                f"{where} brings a second profile named '{profile.name}'.",
                next="Rename it, or uninstall the package that brings it.",
            )
        found[profile.name] = profile
    return dict(sorted(found.items()))


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


def _built_in() -> Iterator[tuple[str, object]]:
    for module in pkgutil.iter_modules(folder.__path__):
        name = f"{folder.__name__}.{module.name}"
        yield name, getattr(importlib.import_module(name), "PROFILE", None)


def _from_outside() -> Iterator[tuple[str, object]]:
    """An entry point may name a Profile, or a module that exports PROFILE."""
    for point in entry_points(group=ENTRY_POINTS):
        try:
            loaded = point.load()
        except (Exception, SystemExit) as error:  # a stranger's module may raise anything
            raise ConfigurationError(
                f"The profile '{point.name}' ({point.value}) cannot be loaded: {error}.",
                next="Reinstall or uninstall the package that brings it.",
            ) from None
        yield point.value, getattr(loaded, "PROFILE", loaded)

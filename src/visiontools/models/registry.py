"""The profiles there are: ours and those that other packages bring, through the same door."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points

from visiontools.errors import ConfigurationError
from visiontools.models import profiles as folder
from visiontools.models.endpoint import Endpoint
from visiontools.models.profile import Profile

ENTRY_POINTS = "visiontools.profiles"


@cache
def profiles() -> dict[str, Profile]:
    """All profiles by name, in order. Raises ConfigurationError where one is not usable."""
    found: dict[str, Profile] = {}
    for where, profile in [*_built_in(), *_from_outside()]:
        if not isinstance(profile, Profile):
            raise ConfigurationError(f"{where} exports PROFILE, but it is no Profile.")
        if profile.name in found:
            raise ConfigurationError(
                f"{where} brings a second profile named '{profile.name}'.",
                next="Rename it, or uninstall the package that brings it.",
            )
        found[profile.name] = profile
    return dict(sorted(found.items()))


def profile_of(endpoint: Endpoint) -> Profile:
    """The profile an endpoint names; ConfigurationError where it cannot be used as it is set up."""
    known = profiles()
    if endpoint.profile not in known:
        raise ConfigurationError(
            f"Endpoint '{endpoint.name}' names the profile '{endpoint.profile}', which there is "
            "not.",
            next=f"There are: {', '.join(known)}.",
        )
    profile = known[endpoint.profile]
    if not endpoint.url and profile.transport is None:
        raise ConfigurationError(
            f"Endpoint '{endpoint.name}' has no url.",
            next='Set it in visiontools.toml, like url = "http://localhost:8000/v1".',
        )
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
        except Exception as error:  # a stranger's module may raise anything
            raise ConfigurationError(
                f"The profile '{point.name}' ({point.value}) cannot be loaded: {error}.",
                next="Reinstall or uninstall the package that brings it.",
            ) from None
        yield point.value, getattr(loaded, "PROFILE", loaded)

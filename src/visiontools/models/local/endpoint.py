"""The endpoint that is built in under the name ``local``: a pulled model, answering here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from visiontools.errors import ConfigurationError
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.catalogue import known, reading, seeing
from visiontools.models.local.shelf import Manifest, Shelf

LOCAL = "local"
PROFILE = "local"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the settings say about it: where models are kept, and how one is run."""

    folder: Path
    model: str | None
    context: int | None
    threads: int | None
    deadline_s: float


def is_local(name: str) -> bool:
    """Whether an endpoint's name means a pulled model: ``local`` or ``local:NAME``."""
    return name.partition(":")[0] == LOCAL


def local_endpoint(name: str, wanted: Wanted, *, to_see: bool = True) -> Endpoint:
    """The endpoint behind ``local`` or ``local:NAME``; ConfigurationError says what is missing.

    ``to_see`` says whether it is to look at a picture, so that what can is named.
    """
    asked = name.partition(":")[2] or wanted.model
    manifest = _chosen(asked, Shelf(wanted.folder), to_see=to_see)
    return _endpoint(name, manifest, wanted)


def local_endpoints(wanted: Wanted) -> dict[str, Endpoint]:
    """All models that are pulled, as ``local:NAME``, and whether each takes pictures."""
    found = {f"{LOCAL}:{manifest.name}": manifest for manifest in Shelf(wanted.folder)}
    return {
        name: _endpoint(name, manifest, wanted).model_copy(update={"vision": manifest.sees})
        for name, manifest in found.items()
    }


def _endpoint(name: str, manifest: Manifest, wanted: Wanted) -> Endpoint:
    return Endpoint(
        name=name,
        profile=PROFILE,
        model=manifest.name,
        folder=wanted.folder,
        context=wanted.context,
        threads=wanted.threads,
        deadline_s=wanted.deadline_s,
        concurrency=1,  # one answer at a time is as fast as several that share the processor
    )


def _chosen(asked: str | None, shelf: Shelf, *, to_see: bool) -> Manifest:
    pulled = list(shelf)
    if asked is None:
        if len(pulled) == 1:
            return pulled[0]
        raise _unclear(pulled, to_see=to_see) if pulled else _none(to_see=to_see)
    found = next((each for each in pulled if each.name == asked), None)
    if found is not None:
        return found
    if asked in known():
        next_step = f"Pull it: visiontools models pull {asked}"
    elif pulled:
        next_step = f"There are: {', '.join(each.name for each in pulled)}."
    else:
        next_step = "'visiontools models list' names some that can be."
    raise ConfigurationError(f"The model '{asked}' is not pulled.", next=next_step)


def _none(*, to_see: bool) -> ConfigurationError:
    if to_see:
        fits = f"that sees, such as: visiontools models pull smolvlm-500m ({seeing()})"
    else:
        fits = f"for texts, such as: visiontools models pull llama-3.2-3b ({reading()})"
    return ConfigurationError("No model is on this machine yet.", next=f"Pull one {fits}.")


def _unclear(pulled: list[Manifest], *, to_see: bool) -> ConfigurationError:
    names = ", ".join(each.name for each in pulled)
    # Those that see come first for a picture, those that only read for a text.
    best = min(pulled, key=lambda each: each.sees != to_see).name
    return ConfigurationError(
        f"Several models are pulled: {names}.",
        next=f'Name one: --endpoint {LOCAL}:{best}, or local_model = "{best}" in visiontools.toml.',
    )

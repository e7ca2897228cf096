"""The models this program knows by name (data/models.toml)."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from visiontools.data import load_toml

QUANTISATIONS = ("Q4_K_M", "Q8_0", "Q4_K_S", "Q5_K_M", "Q4_0", "Q6_K", "F16", "BF16")
"""Which file is taken where a repository has several: four bits first, for memory's sake."""
PROJECTORS = ("Q8_0", "F16", "BF16", "F32")
"""The same for projectors, which are small and suffer more."""


class Known(BaseModel):
    """A model of the catalogue. ``ran``: whether this very one was run with visiontools."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    repo: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    about: str
    sees: bool
    licence: str
    gated: bool
    ran: bool
    quantisations: tuple[str, ...] = QUANTISATIONS


@cache
def known() -> dict[str, Known]:
    """The catalogue by name."""
    found = [Known.model_validate(each) for each in load_toml("models.toml")["models"]]
    return {each.name: each for each in found}


def seeing() -> str:
    """The names of those that see, for a person who has to choose."""
    return ", ".join(each.name for each in known().values() if each.sees)


def reading() -> str:
    """The names of those made for texts alone, which a person with a text may want."""
    return ", ".join(each.name for each in known().values() if not each.sees)

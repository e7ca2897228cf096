"""The rate table a cost is computed from: the shipped example, or a workshop's own TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from visiontools.answers.damage import PartName
from visiontools.data import data_path, load_toml
from visiontools.errors import UsageError

SHIPPED = "rates.toml"
LARGEST_FILE = 1_000_000
"""Bytes; a rate table is a few kilobytes."""


def _ascending(value: tuple[float, float, float]) -> tuple[float, float, float]:
    if not value[0] <= value[1] <= value[2]:
        raise ValueError("the three figures must rise: [low, expected, high]")
    return value


Amount = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Hours = Annotated[float, Field(ge=0, le=1_000, allow_inf_nan=False)]
Triple = Annotated[tuple[Amount, Amount, Amount], AfterValidator(_ascending)]
"""[low, expected, high]."""


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Region(_Table):
    """What an hour of work costs somewhere, in that place's currency; paint with its material."""

    currency: str = Field(pattern="^[A-Z]{3}$")
    body_hour: Triple
    paint_hour: Triple


class PartRates(_Table):
    """Work and price for one part.

    ``replace_hours`` to fit a new one, ``repair_hours`` of body work for each step of severity,
    ``paint_hours`` to paint it once (0 for what is not painted), ``price`` of a new part by
    currency.
    """

    replace_hours: Hours
    repair_hours: Hours
    paint_hours: Hours = 0
    price: dict[str, Triple]


class Rates(_Table):
    """A whole rate table; ``label`` says in words what its figures are worth."""

    label: str = Field(min_length=1, max_length=200)
    example: bool = False
    default_region: str
    hours_spread: Triple = (0.8, 1.0, 1.3)
    inspection_hours: Hours = 0.5
    paint_setup_hours: Hours = 0.5
    blend_share: float = Field(default=0.4, ge=0, le=1, description="of a neighbour's paint hours")
    regions: dict[str, Region] = Field(min_length=1)
    parts: dict[PartName, PartRates]

    @model_validator(mode="after")
    def _complete(self) -> Rates:
        if self.default_region not in self.regions:
            raise ValueError(f"default_region '{self.default_region}' is not among regions")
        for part, rates in self.parts.items():
            for name, region in self.regions.items():
                if region.currency not in rates.price:
                    raise ValueError(
                        f"parts.{part}.price has no {region.currency}, which region '{name}' needs"
                    )
        return self

    def region(self, name: str | None, currency: str | None) -> tuple[str, Region]:
        """The region asked for, or the first that is priced in the currency asked for.

        Raises UsageError where there is none: amounts are never converted between currencies.
        """
        if name is not None:
            region = self.regions.get(name)
            if region is None:
                raise UsageError(
                    f"The rate table has no region '{name}'.",
                    next=f"It has {', '.join(self.regions)}.",
                )
            if currency is not None and region.currency != currency:
                raise UsageError(
                    f"Region '{name}' is priced in {region.currency}, not in {currency}.",
                    next="Leave one of the two options out; amounts are not converted.",
                )
            return name, region
        if currency is None:
            return self.default_region, self.regions[self.default_region]
        return self._priced_in(currency)

    def _priced_in(self, currency: str) -> tuple[str, Region]:
        ordered = sorted(self.regions.items(), key=lambda item: item[0] != self.default_region)
        for name, region in ordered:
            if region.currency == currency:
                return name, region
        known = ", ".join(sorted({region.currency for region in self.regions.values()}))
        raise UsageError(
            f"The rate table has no prices in {currency}.",
            next=f"It has {known}; amounts are not converted between currencies.",
        )


def shipped_rates() -> Rates:
    """The example table that comes with the package."""
    return Rates.model_validate(load_toml(SHIPPED))


def read_rates(path: str) -> Rates:
    """A workshop's own table. Raises UsageError naming the file and the key to mend."""
    start = f"Start from a copy of the shipped table: {data_path(SHIPPED)}"
    try:
        return Rates.model_validate(_parse(Path(path).expanduser()))
    except OSError as error:
        reason = error.strerror or "it is not a file that can be read"
        raise UsageError(f"The rate table {path} cannot be read: {reason}.", next=start) from None
    except UnicodeDecodeError:
        raise UsageError(f"The rate table {path} is not a text file.", next=start) from None
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"The rate table {path} is no valid TOML: {error}.", next=start) from None
    except ValidationError as error:
        raise UsageError(f"The rate table {path}: {first_fault(error)}.", next=start) from None


def _parse(path: Path) -> Mapping[str, Any]:
    # devices and pipes are no files: opening one could wait for ever
    if path.exists() and not path.is_file():
        raise IsADirectoryError(0, "it is not a file")
    with path.open("rb") as file:
        raw = file.read(LARGEST_FILE + 1)
    if len(raw) > LARGEST_FILE:
        raise OSError(0, "it is larger than 1 MB")
    return tomllib.loads(raw.decode("utf-8"))


def first_fault(error: ValidationError) -> str:
    """The first fault as "parts.bonnet.paint_hours: ..."; never the value that was found there."""
    faults = error.errors(include_url=False, include_input=False, include_context=False)
    key = ".".join(str(step) for step in faults[0]["loc"] if step != "[key]")
    text = faults[0]["msg"].removeprefix("Value error, ")
    text = text[:1].lower() + text[1:]
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return f"{key}: {text}{more}" if key else f"{text}{more}"

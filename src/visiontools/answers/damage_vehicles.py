"""Which car a damage belongs to, and which car a person means."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from visiontools.answers.damage import SeenCar, SeenDamage, SeenVehicle

_WORST: dict[str, tuple[str, ...]] = {
    "size": ("cannot_tell", "small", "medium", "large", "whole_part"),
    "depth": ("cannot_tell", "none", "shallow", "deep"),
    "paint": ("unpainted", "cannot_tell", "intact", "broken"),
    "opened": ("cannot_tell", "no", "yes"),
    "visibility": ("unclear", "partly", "clear"),
}


@dataclass(frozen=True, slots=True)
class Assigned:
    """The cars, each damage with its car's id, and the damages whose car is not told."""

    vehicles: tuple[SeenVehicle, ...]
    damages: tuple[SeenDamage, ...]
    astray: tuple[SeenDamage, ...]

    @property
    def damaged(self) -> tuple[SeenVehicle, ...]:
        ids = {damage.vehicle for damage in self.damages}
        return tuple(vehicle for vehicle in self.vehicles if vehicle.id in ids)


def assign(seen: SeenCar) -> Assigned:
    """Give every damage its car: the only one, or the one it names."""
    vehicles = {vehicle.id.strip().casefold(): vehicle for vehicle in seen.vehicles}
    if not vehicles:
        vehicles = {"a": SeenVehicle(id="A")}
    only = next(iter(vehicles.values())) if len(vehicles) == 1 else None
    damages, astray = [], []
    for damage in seen.damages:
        owner = only or vehicles.get((damage.vehicle or "").strip().casefold())
        if owner is None:
            astray.append(damage)
        else:
            damages.append(damage.model_copy(update={"vehicle": owner.id}))
    return Assigned(tuple(vehicles.values()), tuple(merge(damages)), tuple(astray))


def merge(damages: Iterable[SeenDamage]) -> list[SeenDamage]:
    """One entry for each car, part, side and kind of damage: the worst facts, all evidence."""
    merged: dict[tuple[str | None, ...], SeenDamage] = {}
    for damage in damages:
        key = (damage.vehicle, damage.part, damage.side, damage.damage_type)
        merged[key] = _worse(merged[key], damage) if key in merged else damage
    return list(merged.values())


def _worse(one: SeenDamage, other: SeenDamage) -> SeenDamage:
    facts = {
        name: max(getattr(one, name), getattr(other, name), key=order.index)
        for name, order in _WORST.items()
    }
    said = dict.fromkeys(text.strip() for text in (one.evidence, other.evidence))
    return one.model_copy(update={**facts, "evidence": " ".join(said)})


def choose(vehicles: Iterable[SeenVehicle], wanted: str) -> SeenVehicle | None:
    """The one car a person means by its letter, place, colour, make or model; None if not one."""
    word = wanted.strip().casefold()
    cars = list(vehicles)
    for car in cars:
        if car.id.strip().casefold() == word:
            return car
    found = [car for car in cars if word and word in _described(car)]
    return found[0] if len(found) == 1 else None


def _described(car: SeenVehicle) -> set[str]:
    """Every word, and every whole phrase, that a person may use for this car."""
    phrases = [p.casefold() for p in (car.position, car.colour, car.make, car.model) if p]
    return {*phrases, " ".join(phrases[1:]), *(w for p in phrases for w in p.split())}


def name_of(car: SeenVehicle) -> str:
    """``"A (red Fiat Panda, left)"``, as far as it is known."""
    looks = " ".join(p for p in (car.colour, car.make, car.model) if p)
    known = ", ".join(p for p in (looks, car.position) if p)
    return f"{car.id} ({known})" if known else car.id

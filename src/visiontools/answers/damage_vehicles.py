"""Which car a damage belongs to, and which car a person means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from visiontools.answers.damage import PartName, SeenCar, SeenDamage, SeenVehicle, SideName
from visiontools.answers.damage_rules import SINGLE

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
    cars, vehicles = _named(seen.vehicles or [SeenVehicle(id="A")])
    only = cars[0] if len(cars) == 1 else None
    damages, astray = [], []
    for damage in seen.damages:
        owner = only or vehicles.get((damage.vehicle or "").strip().casefold())
        if owner is None:
            astray.append(damage)
        else:
            damages.append(damage.model_copy(update={"vehicle": owner.id}))
    return Assigned(cars, tuple(merge(damages)), tuple(merge(astray)))


def _named(seen: Sequence[SeenVehicle]) -> tuple[tuple[SeenVehicle, ...], dict[str, SeenVehicle]]:
    """The cars, each with a letter of its own, and which of them an id names, if only one."""
    ids = [car.id.strip().casefold() for car in seen]
    cars = tuple(seen)
    if len(set(ids)) < len(ids):
        letters = (chr(ord("A") + n % 26) * (n // 26 + 1) for n in range(len(ids)))
        cars = tuple(
            car.model_copy(update={"id": id}) for car, id in zip(seen, letters, strict=True)
        )
    return cars, {id: car for id, car in zip(ids, cars, strict=True) if ids.count(id) == 1}


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


def may_be_the_same(damages: Iterable[SeenDamage]) -> list[str]:
    """Parts whose side is not told beside the same part whose side is: perhaps one and the same."""
    sides: dict[tuple[str | None, PartName], set[SideName]] = {}
    for damage in damages:
        if damage.part not in SINGLE:
            sides.setdefault((damage.vehicle, damage.part), set()).add(damage.side)
    return [
        f"{part.replace('_', ' ')} ({' or '.join(sorted(told - {'cannot_tell'}))})"
        for (_, part), told in sides.items()
        if "cannot_tell" in told and len(told) > 1
    ]


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

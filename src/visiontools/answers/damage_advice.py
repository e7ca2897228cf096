"""What visible damage means for safety, and which photos would settle what is open: by rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from visiontools.answers.cost import words
from visiontools.answers.damage import DamageTypeName, Hazard, SeenCar, SeenDamage
from visiontools.answers.damage_rules import MATERIAL, Judgement

Judged = tuple[SeenDamage, Judgement]

_HAZARDS: dict[Hazard, str] = {
    "airbag_deployed": "An airbag has gone off: do not drive the car, have it recovered.",
    "fluid_on_the_ground": "Fluid is leaking: do not drive or start the car; it may be brake "
    "fluid, coolant or fuel.",
    "smoke_or_fire": "There is smoke or fire: keep away and call the fire service.",
    "wheel_out_of_line": "A wheel stands out of line: do not drive, steering or suspension may "
    "be damaged.",
    "part_hanging": "A part is hanging loose: secure or remove it before driving.",
    "exposed_wires": "Wires are exposed: do not touch them, and have them checked before driving.",
    "broken_glass": "There is broken glass: mind the sharp edges.",
}
_LAMPS = {
    "headlight": "do not drive at night or in poor sight",
    "tail_light": "do not drive at night; traffic behind may not see you brake",
    "fog_light": "do not count on it in fog",
    "indicator": "others may not see you turn",
}
_HARMLESS: frozenset[DamageTypeName] = frozenset({"scratch", "paint_chip"})
_VIEWS = ("front", "rear", "left", "right")


def safety_flags(damages: Iterable[Judged], hazards: Iterable[Hazard]) -> list[str]:
    """Sentences about driving on, worst hazards first; each once."""
    flags = [text for hazard, text in _HAZARDS.items() if hazard in set(hazards)]
    flags += [flag for damage, judged in damages if (flag := _flag(damage, judged.severity))]
    return list(dict.fromkeys(flags))


def _flag(damage: SeenDamage, severity: int) -> str:
    if damage.damage_type in _HARMLESS and damage.opened != "yes":
        return ""
    name = words(damage.part, damage.side)
    material = MATERIAL[damage.part]
    if material == "lamp" and severity >= 3:
        return f"The {name} is damaged: {_LAMPS[damage.part]}."
    if material == "tyre":
        return "A tyre is damaged: do not drive until it has been checked."
    if material == "wheel" and severity >= 3:
        return "A wheel is damaged: do not drive until it has been checked; it may lose air."
    if material == "structure" and severity >= 3:
        return f"The {name} carries the body: have it measured before driving on."
    return _flag_of_other(damage, severity, name)


def _flag_of_other(damage: SeenDamage, severity: int, name: str) -> str:
    part, kind = damage.part, damage.damage_type
    if part == "windscreen":
        return "The windscreen is damaged: it may spread into view; have it checked before driving."
    if part in ("rear_window", "side_window") and severity >= 3:
        return f"The {name} is broken: mind loose glass, and do not drive with a blocked view."
    if part == "wing_mirror" and severity >= 3:
        return f"The {name} is damaged: check that you can still see behind you."
    if part == "bonnet" and (severity >= 4 or kind == "loose"):
        return "The bonnet latch may not hold: do not drive before it is checked."
    if part in ("front_door", "rear_door") and severity >= 4:
        return f"The {name} is heavily damaged: check that it opens, closes and locks."
    if part in ("front_bumper", "rear_bumper") and (severity >= 4 or kind == "loose"):
        return f"The {name} may come off: check that it holds before driving."
    return ""


def photos_wanted(seen: SeenCar, damages: Sequence[Judged]) -> list[str]:
    """Which photos would settle what this picture leaves open, most useful first."""
    if not damages:
        return _photos_of_whole(seen)
    wanted = [
        f"{words(damage.part, damage.side)}: straight on from about a metre, in daylight"
        for damage, judged in damages
        if damage.visibility != "clear" or judged.at_least
    ]
    wanted += [
        f"{words(damage.part, damage.side)}: from one end along the surface, to show its depth"
        for damage, _ in damages
        if damage.depth == "cannot_tell" and MATERIAL[damage.part] in ("panel", "structure")
    ]
    wanted += [
        f"{words(damage.part)}: with its surroundings, so that its side can be told"
        for damage, _ in damages
        if damage.side == "cannot_tell"
    ]
    wanted += _unseen(seen)
    return list(dict.fromkeys(wanted))


def _photos_of_whole(seen: SeenCar) -> list[str]:
    if seen.damage_visible == "no":
        return _unseen(seen)
    return [
        "the whole car from each of its four sides, in daylight and without flash",
        "the place you mean: straight on from about a metre",
    ]


def _unseen(seen: SeenCar) -> list[str]:
    sides = [view for view in _VIEWS if view not in seen.views]
    if not sides or not seen.views:
        return []
    return [f"the car's {_and(sides)}: out of view here"]


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"

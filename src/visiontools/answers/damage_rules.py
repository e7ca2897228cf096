"""The rules that turn the visible facts of a damage into a severity and an operation.

Severity is a sum held to 1..5: the kind of damage gives the start, its extent adds to it.

====================================  =====
fact                                  steps
====================================  =====
scratch, paint chip                   1
dent, rust, loose, other              2
crack, flat                           3
torn, broken, crushed                 4
missing                               5
larger than a third of the part       +1
nearly the whole part                 +2
deep, or with a sharp crease          +1
cracked, holed or torn right through  +1
====================================  =====

A fact that cannot be told adds nothing, and the severity is then "at least". The operation
follows from the severity and from what the part is made of: every material is repaired up to a
severity and replaced above it, and a surface scratch on a painted part is painted. A part is
inspected where the picture is not enough to choose: it is unclear, loose, structural, or not one
we know. The rules are ours, made for a first estimate; they are no repair method of any maker.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from visiontools.answers.damage import DamageTypeName, PartName, SeenDamage, SideName

Operation = Literal["paint", "repair", "replace", "inspect"]
Material = Literal[
    "panel", "plastic", "structure", "glass", "lamp", "wheel", "tyre", "plate", "unknown"
]

MATERIAL: dict[PartName, Material] = {
    "front_bumper": "plastic",
    "rear_bumper": "plastic",
    "bonnet": "panel",
    "boot_lid": "panel",
    "front_door": "panel",
    "rear_door": "panel",
    "front_wing": "panel",
    "rear_wing": "panel",
    "sill": "structure",
    "roof": "structure",
    "pillar": "structure",
    "windscreen": "glass",
    "rear_window": "glass",
    "side_window": "glass",
    "headlight": "lamp",
    "tail_light": "lamp",
    "fog_light": "lamp",
    "indicator": "lamp",
    "wing_mirror": "plastic",
    "grille": "plastic",
    "wheel": "wheel",
    "tyre": "tyre",
    "number_plate": "plate",
    "other": "unknown",
}
REPAIRED_UP_TO: dict[Material, int] = {
    "panel": 3,
    "plastic": 3,
    "structure": 4,
    "glass": 1,
    "lamp": 2,
    "wheel": 2,
    "tyre": 0,
    "plate": 2,
    "unknown": 3,
}
"""The highest severity at which a part of this material is still repaired."""

PAINTED: frozenset[PartName] = frozenset(
    part
    for part, material in MATERIAL.items()
    if material in ("panel", "plastic", "structure") and part != "grille"
)
SINGLE: frozenset[PartName] = frozenset(
    {
        "front_bumper",
        "rear_bumper",
        "bonnet",
        "boot_lid",
        "roof",
        "windscreen",
        "rear_window",
        "grille",
        "number_plate",
    }
)
"""Parts a car has one of: their side says where on them the damage is."""

_START: dict[DamageTypeName, int] = {
    "scratch": 1,
    "paint_chip": 1,
    "dent": 2,
    "rust": 2,
    "loose": 2,
    "other": 2,
    "crack": 3,
    "flat": 3,
    "torn": 4,
    "broken": 4,
    "crushed": 4,
    "missing": 5,
}
_SIZE_STEPS = {"small": 0, "medium": 0, "large": 1, "whole_part": 2, "cannot_tell": 0}
_SURFACE: frozenset[DamageTypeName] = frozenset({"scratch", "paint_chip"})
_NEVER: dict[Material, frozenset[DamageTypeName]] = {
    "glass": frozenset({"dent", "rust", "flat"}),
    "lamp": frozenset({"dent", "rust", "flat"}),
    "panel": frozenset({"flat"}),
    "plastic": frozenset({"rust", "flat"}),
    "structure": frozenset({"flat"}),
    "tyre": frozenset({"rust", "paint_chip"}),
    "wheel": frozenset({"flat"}),
    "plate": frozenset({"flat"}),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the rules say about one damage.

    ``severity`` is 1 to 5, ``at_least`` that some fact could not be told, ``operation`` what to
    do, ``at_face_value`` what it would be if the picture were enough, ``why`` the rule in words.
    """

    severity: int
    at_least: bool
    operation: Operation
    at_face_value: Operation
    why: str


def judge(damage: SeenDamage) -> Judgement:
    """Severity and operation of one damage, by the rules at the top of this module."""
    level = severity(damage)
    face = operation_at_face_value(damage.part, damage.damage_type, damage.depth, level)
    doubt = reason_to_inspect(damage, level)
    return Judgement(
        severity=level,
        at_least=_untold(damage) and level < 5,
        operation="inspect" if doubt else face,
        at_face_value=face,
        why=doubt or _reason(damage, face),
    )


def severity(damage: SeenDamage) -> int:
    """1 (cosmetic) to 5 (destroyed or gone), from the visible facts alone."""
    steps = _START[damage.damage_type] + _SIZE_STEPS[damage.size]
    steps += damage.depth == "deep"
    steps += damage.opened == "yes"
    return min(steps, 5)


def operation_at_face_value(
    part: PartName, damage_type: DamageTypeName, depth: str, level: int
) -> Operation:
    """Paint, repair or replace, if the facts are as they look."""
    if level > REPAIRED_UP_TO[MATERIAL[part]]:
        return "replace"
    if part in PAINTED and damage_type in _SURFACE and depth != "deep":
        return "paint"
    return "repair"


def reason_to_inspect(damage: SeenDamage, level: int) -> str:
    """Why the picture is not enough to choose an operation; empty where it is."""
    material = MATERIAL[damage.part]
    if damage.visibility == "unclear":
        return "It cannot be seen clearly enough to choose a repair."
    if not fits(damage):
        return f"A {material} part does not usually show this kind of damage."
    if damage.damage_type == "loose":
        return "What holds it is out of sight."
    if material == "structure" and level >= 3:
        return "It carries the body: it has to be measured before a repair is chosen."
    if material == "unknown" or damage.damage_type == "other":
        return "There is no rule for it."
    return ""


def fits(damage: SeenDamage) -> bool:
    """Whether a part of this material can show this kind of damage at all."""
    return damage.damage_type not in _NEVER.get(MATERIAL[damage.part], frozenset())


def unit(part: PartName, side: SideName) -> tuple[PartName, SideName | None]:
    """What is repaired or replaced as one: the side only tells paired parts apart."""
    return (part, None) if part in SINGLE else (part, side)


def _untold(damage: SeenDamage) -> bool:
    material = MATERIAL[damage.part]
    bends = material in ("panel", "plastic", "structure", "wheel")
    return (
        damage.size == "cannot_tell"
        or damage.opened == "cannot_tell"
        or (bends and damage.depth == "cannot_tell")
    )


def _reason(damage: SeenDamage, face: Operation) -> str:
    material = MATERIAL[damage.part]
    limit = REPAIRED_UP_TO[material]
    if face == "replace" and limit == 0:
        return f"A damaged {material} is always replaced."
    if face == "replace":
        return f"A {material} part is replaced above severity {limit}."
    if face == "paint":
        return "The surface is scratched and keeps its shape."
    return f"A {material} part is repaired up to severity {limit}."

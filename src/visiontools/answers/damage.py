"""The vocabulary of damaged cars: what a model or a person reports from a picture of one."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, BeforeValidator, Field

from visiontools.tooling import Observation

PartName = Literal[
    "front_bumper",
    "rear_bumper",
    "bonnet",
    "boot_lid",
    "front_door",
    "rear_door",
    "front_wing",
    "rear_wing",
    "sill",
    "roof",
    "pillar",
    "windscreen",
    "rear_window",
    "side_window",
    "headlight",
    "tail_light",
    "fog_light",
    "indicator",
    "wing_mirror",
    "grille",
    "wheel",
    "tyre",
    "number_plate",
    "other",
]
PARTS: tuple[PartName, ...] = get_args(PartName)
SideName = Literal["left", "right", "centre", "cannot_tell"]
DamageTypeName = Literal[
    "scratch",
    "paint_chip",
    "dent",
    "rust",
    "loose",
    "flat",
    "crack",
    "torn",
    "broken",
    "crushed",
    "missing",
    "other",
]
ViewName = Literal["front", "rear", "left", "right", "roof", "interior", "underneath", "close_up"]
Hazard = Literal[
    "airbag_deployed",
    "fluid_on_the_ground",
    "smoke_or_fire",
    "wheel_out_of_line",
    "part_hanging",
    "exposed_wires",
    "broken_glass",
]
Size = Literal["small", "medium", "large", "whole_part", "cannot_tell"]
Depth = Literal["none", "shallow", "deep", "cannot_tell"]
Paint = Literal["intact", "broken", "unpainted", "cannot_tell"]
YesNo = Literal["yes", "no", "cannot_tell"]
Visibility = Literal["clear", "partly", "unclear"]

_PART_WORDS: dict[str, PartName] = {
    "hood": "bonnet",
    "trunk": "boot_lid",
    "trunk_lid": "boot_lid",
    "boot": "boot_lid",
    "tailgate": "boot_lid",
    "door": "front_door",
    "fender": "front_wing",
    "front_fender": "front_wing",
    "wing": "front_wing",
    "rear_fender": "rear_wing",
    "quarter_panel": "rear_wing",
    "rear_quarter_panel": "rear_wing",
    "rocker_panel": "sill",
    "windshield": "windscreen",
    "rear_windshield": "rear_window",
    "rear_windscreen": "rear_window",
    "window": "side_window",
    "front_window": "side_window",
    "headlamp": "headlight",
    "front_light": "headlight",
    "taillight": "tail_light",
    "rear_light": "tail_light",
    "turn_signal": "indicator",
    "mirror": "wing_mirror",
    "side_mirror": "wing_mirror",
    "grill": "grille",
    "rim": "wheel",
    "front_wheel": "wheel",
    "rear_wheel": "wheel",
    "tire": "tyre",
    "front_tyre": "tyre",
    "rear_tyre": "tyre",
    "license_plate": "number_plate",
    "licence_plate": "number_plate",
}
_TYPE_WORDS: dict[str, DamageTypeName] = {
    "scrape": "scratch",
    "scuff": "scratch",
    "paint_damage": "paint_chip",
    "chip": "paint_chip",
    "corrosion": "rust",
    "misaligned": "loose",
    "detached": "loose",
    "puncture": "flat",
    "hole": "torn",
    "shattered": "broken",
    "smashed": "broken",
    "deformed": "crushed",
    "bent": "dent",
}
_SIDE_WORDS: dict[str, SideName] = {
    "center": "centre",
    "middle": "centre",
    "front": "centre",
    "rear": "centre",
    "top": "centre",
    "unknown": "cannot_tell",
    "unclear": "cannot_tell",
}


def _word(value: Any) -> Any:
    """``" Front-Left Door"`` -> ``"front_left_door"``; anything but text is left alone."""
    return re.sub(r"[\s\-_/]+", "_", value.strip().lower()) if isinstance(value, str) else value


def _part(value: Any) -> Any:
    word = _word(value)
    if isinstance(word, str):
        # "rear_left_door" says the side as well; the side has its own field
        word = re.sub(r"(^|_)(left|right|driver_side|passenger_side)(?=_|$)", "", word).strip("_")
    return _PART_WORDS.get(word, word) if isinstance(word, str) else word


def _damage_type(value: Any) -> Any:
    word = _word(value)
    return _TYPE_WORDS.get(word, word) if isinstance(word, str) else word


def _side(value: Any) -> Any:
    word = _word(value)
    if isinstance(word, str):
        for side in ("left", "right"):
            if side in word.split("_"):
                return side
        return _SIDE_WORDS.get(word, word)
    return "cannot_tell" if word is None else word


Part = Annotated[PartName, BeforeValidator(_part)]
Side = Annotated[SideName, BeforeValidator(_side)]
DamageType = Annotated[DamageTypeName, BeforeValidator(_damage_type)]


class SeenVehicle(BaseModel):
    """One car in the picture; null where it cannot be told, never a guess."""

    id: str = Field(description="a letter you give it: A, B, ... from left to right", max_length=40)
    position: str | None = Field(default=None, description="where in the picture, such as 'left'")
    make: str | None = Field(default=None, description="only if a badge or name is readable")
    model: str | None = Field(default=None, description="only if a badge or name is readable")
    colour: str | None = None


class SeenDamage(BaseModel):
    """One kind of damage on one part, described by what is visible."""

    vehicle: str | None = Field(default=None, description="id of the car it is on")
    part: Part
    side: Side = Field(
        default="cannot_tell",
        description="the car's own side, as if you sat in it facing forward; 'centre' for a part "
        "in the middle",
    )
    damage_type: DamageType
    size: Size = Field(
        default="cannot_tell",
        description="small: smaller than a hand; medium: about a hand; large: more than a third "
        "of the part; whole_part: nearly all of it",
    )
    depth: Depth = Field(
        default="cannot_tell",
        description="none: the surface keeps its shape; shallow: pushed in by less than a "
        "finger's width; deep: more, or with a sharp crease",
    )
    paint: Paint = Field(
        default="cannot_tell",
        description="broken: another colour, primer, metal or plastic shows through",
    )
    opened: YesNo = Field(
        default="cannot_tell",
        description="yes if a crack, hole or tear goes right through, or pieces are gone",
    )
    visibility: Visibility = Field(
        default="clear",
        description="how well this damage can be seen; 'unclear' if it may be a reflection, "
        "shadow or dirt",
    )
    evidence: str = Field(description="one sentence: what you see there", max_length=600)


class SeenCar(Observation):
    """The cars in a picture and the damage that can be seen on them."""

    vehicles: list[SeenVehicle] = Field(default_factory=list)
    damage_visible: YesNo = "cannot_tell"
    damages: list[SeenDamage] = Field(
        default_factory=list, description="one entry for each part and kind of damage"
    )
    views: list[ViewName] = Field(
        default_factory=list, description="which sides of the car the picture shows"
    )
    hazards: list[Hazard] = Field(default_factory=list, description="only those plainly visible")

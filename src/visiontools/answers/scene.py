"""Regions of a map, a plan or a plot, as cells of the grid drawn over it, made boxes by code."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from visiontools.answers.fields import one_line, said
from visiontools.answers.grid import Cell, Grid, is_one_piece, name_of
from visiontools.tooling import Observation
from visiontools.types import Provenance

SceneKind = Literal["map", "plan", "plot", "other"]


def _cells(value: Any) -> Any:
    """``"B2, B3"`` as a list; small models write lists so."""
    return (
        [each for each in re.split(r"[,;]", value) if each.strip()]
        if isinstance(value, str)
        else value
    )


class SeenRegion(BaseModel):
    """One thing with a place of its own."""

    name: Annotated[str, BeforeValidator(one_line), Field(min_length=1, max_length=80)] = Field(
        description="what it is, in a few words: 'station', 'lake', 'the rising red line'"
    )
    words: Annotated[Annotated[str, Field(max_length=200)] | None, BeforeValidator(said)] = Field(
        default=None,
        description="the words in the picture that refer to it, letter by letter; null if none do",
    )
    cells: Annotated[
        list[Annotated[str, Field(max_length=12)]], BeforeValidator(_cells), Field(max_length=64)
    ] = Field(
        default_factory=list,
        description="every cell of the grid it lies in: 'B3', or 'B3:D4' for a rectangle; empty "
        "if you cannot tell",
    )


class SeenScene(Observation):
    """What is where, by the cells of the grid."""

    kind: SceneKind = Field(default="other", description="map, floor plan or site plan, or plot")
    regions: list[SeenRegion] = Field(default_factory=list, max_length=60)


class PixelBox(BaseModel):
    """A box in pixels of the picture as it was handed in, from its upper left corner."""

    model_config = ConfigDict(extra="forbid")
    left: int
    top: int
    right: int
    bottom: int


class Region(BaseModel):
    """A region with its cells, and the box round them."""

    model_config = ConfigDict(extra="forbid")
    name: str
    words: Annotated[str | None, Provenance.READ]
    cells: list[str]
    box: Annotated[PixelBox, Provenance.COMPUTED]
    verified: Annotated[Literal[False], Provenance.COMPUTED] = Field(
        default=False, description="always false: nobody measured where it is"
    )


class Placed:
    """The regions that have a place; the rest is said: ``outside``, ``nowhere``, ``torn``, ...

    Two reports under one name are one region where they touch, else the later gets a number.
    """

    def __init__(self, seen: Sequence[SeenRegion], grid: Grid) -> None:
        self.outside: list[str] = []
        self.nowhere: list[str] = []
        self.torn: list[str] = []
        self.again: list[str] = []
        self.cells: dict[str, list[Cell]] = {}
        self._words: dict[str, str | None] = {}
        self._grid = grid
        for region in seen:
            self._place(region)
        self.torn = [name for name, cells in self.cells.items() if not is_one_piece(cells)]

    @property
    def regions(self) -> list[Region]:
        return [self._region(name, cells) for name, cells in self.cells.items()]

    def _place(self, region: SeenRegion) -> None:
        cells: list[Cell] = []
        for named in region.cells:
            read = self._grid.read(named)
            if not read:
                self.outside.append(f"{named.strip()} ({region.name})")
            cells += [cell for cell in read if cell not in cells]
        if not cells:
            self.nowhere.append(region.name)
            return
        name = region.name
        same = next((known for known in self.cells if known.casefold() == name.casefold()), None)
        if same is not None:
            self.again.append(name)
            together = [*self.cells[same], *(c for c in cells if c not in self.cells[same])]
            if is_one_piece(together):
                self.cells[same] = together
                return
            name = f"{name} ({sum(k.startswith(same) for k in self.cells) + 1})"
        self.cells[name] = cells
        self._words[name] = region.words

    def _region(self, name: str, cells: list[Cell]) -> Region:
        left, top, right, bottom = self._grid.around(cells)
        return Region(
            name=name,
            words=self._words[name],
            cells=[name_of(cell) for cell in sorted(cells, key=lambda cell: (cell[1], cell[0]))],
            box=PixelBox(left=left, top=top, right=right, bottom=bottom),
        )

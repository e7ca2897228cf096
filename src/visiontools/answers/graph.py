"""The vocabulary of flow diagrams: what the reader or a model reports from one."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from visiontools.tooling import Observation

Shape = Literal[
    "box", "rounded", "oval", "circle", "diamond", "parallelogram", "double_box", "other"
]
"""``oval`` includes stadiums (fully rounded ends); ``double_box`` has a second bar at each side."""


class SeenNode(BaseModel):
    """One shape with the text inside it, as written."""

    id: str = Field(description="a short name you give it, such as n1")
    label: str
    shape: Shape = "box"


class SeenEdge(BaseModel):
    """One arrow, from the tail to the head, with the text beside it."""

    model_config = ConfigDict(populate_by_name=True)

    source: str = Field(alias="from", description="id of the shape the arrow leaves")
    target: str = Field(alias="to", description="id of the shape the arrowhead touches")
    label: str | None = None


class SeenDiagram(Observation):
    """A flow diagram's shapes and arrows, as drawn."""

    nodes: list[SeenNode] = Field(default_factory=list)
    edges: list[SeenEdge] = Field(default_factory=list)

"""The shapes that hold text: flat areas of one colour whose outline is a standard one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visiontools.answers.graph import Shape
from visiontools.errors import CannotTellError
from visiontools.reader.diagram.areas import Area, area_around, find_areas, flatness
from visiontools.reader.diagram.canvas import Canvas, Mask
from visiontools.reader.diagram.patches import find_patches, text_box
from visiontools.reader.diagram.rims import ADVICE, rims
from visiontools.reader.ocr import Line


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """A shape of the diagram; ``mask`` covers it with its outline, ``lines`` index the text."""

    shape: Shape
    contour: NDArray[Any]
    colour: NDArray[np.float64]
    box: tuple[int, int, int, int]
    lines: tuple[int, ...]
    outline: float

    @property
    def center(self) -> tuple[float, float]:
        x, y, w, h = self.box
        return x + w / 2, y + h / 2


def find_nodes(canvas: Canvas) -> tuple[list[Node], list[Area]]:
    """The nodes, and the patches that lie under edge labels. Raises CannotTellError."""
    flat = flatness(canvas.rgb)
    far = canvas.off_page()
    areas = find_areas(canvas, flat)
    areas = [*areas, *_with_bars(areas, canvas)]
    patches = find_patches(areas, canvas)
    shaped = _holding_text(areas, patches, canvas)
    # Wide text may split its shape: look again, with the text made flat, for what is left.
    known = {i for a in (*shaped, *patches) for i in a.lines}
    unknown = [line for i, line in enumerate(canvas.lines) if i not in known]
    again = [a for line in unknown if (a := area_around(canvas, flat, line))]
    again = [a for a in again if not known & set(a.lines)]
    again = list({a.lines: a for a in again}.values())
    chosen = _outermost([*shaped, *_holding_text(again, patches, canvas)], canvas)
    _check_kinds(chosen, canvas)
    nodes = [_node(area, far, canvas.em) for area in chosen]
    _check_outlines(nodes, canvas)
    return sorted(nodes, key=lambda n: (n.center[1], n.center[0])), patches


def _holding_text(areas: Sequence[Area], patches: Sequence[Area], canvas: Canvas) -> list[Area]:
    return [
        a for a in areas
        if a.shape and a.lines and _centred(a, canvas.lines)
        and not any(a is p for p in patches)
    ]  # fmt: skip


def _centred(area: Area, lines: Sequence[Line]) -> bool:
    """Whether the text stands in the middle, as in a node; a label in a face seldom does."""
    x0, y0, x1, y1 = text_box([lines[i] for i in area.lines])
    x, y, w, h = area.box
    off_x, off_y = abs((x0 + x1) / 2 - x - w / 2), abs((y0 + y1) / 2 - y - h / 2)
    if area.filled:
        return off_x < 0.35 * w and off_y < 0.35 * h
    return off_x < 0.14 * w + 3 and off_y < 0.2 * h + 3


def _with_bars(areas: Sequence[Area], canvas: Canvas) -> list[Area]:
    """Boxes with a second bar at each side, joined from their three parts."""
    joined = []
    for middle in areas:
        if middle.shape != "box" or not middle.lines:
            continue
        x, y, w, h = middle.box
        sides = [
            a for a in areas
            if a is not middle and not a.lines and a.box[2] < 0.3 * w
            and abs(a.box[1] - y) <= 4 and abs(a.box[1] + a.box[3] - y - h) <= 4
        ]  # fmt: skip
        near = 0.5 * canvas.em
        left = [a for a in sides if 0 <= x - a.box[0] - a.box[2] < near]
        right = [a for a in sides if 0 <= a.box[0] - x - w < near]
        if len(left) == 1 and len(right) == 1:
            x0, x1 = left[0].box[0], right[0].box[0] + right[0].box[2] - 1
            corners = np.array([[[x0, y]], [[x1, y]], [[x1, y + h - 1]], [[x0, y + h - 1]]])
            box = (x0, y, x1 - x0 + 1, h)
            joined.append(
                replace(middle, contour=corners.astype(np.int32), box=box, shape="double_box")
            )
    return joined


def _outermost(areas: Sequence[Area], canvas: Canvas) -> list[Area]:
    """One area a node: the outer of two that share their text; frames are refused."""
    kept: list[Area] = []
    for area in sorted(areas, key=lambda a: -a.area):
        inside = [k for k in kept if set(k.lines) & set(area.lines)]
        if not inside:
            kept.append(area)
            continue
        outer = inside[0]
        if set(outer.lines) != set(area.lines) or area.area < 0.5 * outer.area:
            raise CannotTellError(
                f"The shape around '{canvas.lines[outer.lines[0]].text}' holds other shapes.",
                next="Give a diagram without frames, or fill in what you see yourself.",
            )
        if _ring(outer, area) > 3 and outer.shape == area.shape == "box":
            kept[kept.index(outer)] = replace(outer, shape="double_box", colour=area.colour)
    return kept


def _ring(outer: Area, inner: Area) -> float:
    """How far the inner outline lies within the outer one, in pixels."""
    return min(outer.box[2] - inner.box[2], outer.box[3] - inner.box[3]) / 2


def _node(area: Area, far: Mask, em: float) -> Node:
    rings = rims(area, far, em)
    shape = area.shape or "other"
    if len(rings) > 1 and shape == "box":
        shape = "double_box"
    return Node(shape, area.contour, area.colour, area.box, area.lines, rings[-1])


def _check_kinds(areas: Sequence[Area], canvas: Canvas) -> None:
    """A rounded box is a step and an oval an end: one that may be either is refused."""
    for area in areas:
        if not area.sure:
            raise CannotTellError(
                f"The shape around '{canvas.lines[area.lines[0]].text}' is between a rounded box "
                "and an oval.",
                next=ADVICE,
            )


def _check_outlines(nodes: Sequence[Node], canvas: Canvas) -> None:
    """A box drawn much thicker than the rest may have two outlines that ran together."""
    usual = float(np.median([node.outline for node in nodes])) if nodes else 0.0
    for node in nodes:
        if node.shape in ("box", "rounded") and node.outline > 1.5 * usual + 1:
            raise CannotTellError(
                f"The outline of '{canvas.lines[node.lines[0]].text}' may be one line or two.",
                next=ADVICE,
            )

"""The shapes that hold text: flat areas of one colour whose outline is a standard one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.answers.graph import Shape
from visiontools.errors import CannotTellError
from visiontools.reader.diagram.canvas import LEAST_CONTRAST, Canvas, Mask, believable, distance
from visiontools.reader.diagram.outlines import classify
from visiontools.reader.ocr import Line, Pixels

STROKES = frozenset("-\u2013\u2014_|. ")
"""What the end of an arrow's line beside a label is read as."""
FLAT = 22
"""The largest difference within 3 x 3 pixels that still counts as one colour."""


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A flat area, holes filled: its outline, colour and bounding box (x, y, w, h)."""

    contour: NDArray[Any]
    colour: NDArray[np.float64]
    box: tuple[int, int, int, int]
    shape: Shape | None
    filled: bool
    lines: tuple[int, ...]

    @property
    def area(self) -> float:
        return float(cv2.contourArea(self.contour))


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


def free_lines(canvas: Canvas, nodes: Sequence[Node], patches: Sequence[Area]) -> list[Line]:
    """The lines of text that stand in no node, without misread arrowheads and strokes."""
    used = {i for node in nodes for i in node.lines}
    free = []
    for i, line in enumerate(canvas.lines):
        if i in used:
            continue
        for patch in patches:
            if cv2.pointPolygonTest(patch.contour, line.center, False) > 0:
                line = _within(line, patch.box)
        line = bare(line)
        if believable(line.text):
            free.append(line)
    return free


def _within(line: Line, box: tuple[int, int, int, int]) -> Line:
    """What of the line stands on the patch below it: beside it run strokes."""
    x0, x1, soft = line.x0, line.x1, 0.15 * line.height
    start, stop = (box[0] - soft - x0) / (x1 - x0), (box[0] + box[2] + soft - x0) / (x1 - x0)
    kept = [i for i, x in enumerate(line.at) if start <= x <= stop]
    return _part(line, kept[0], kept[-1], max(0.0, start), min(1.0, stop)) if kept else line


def bare(line: Line) -> Line:
    """The line without the ends of strokes that were read as dashes, or lie within its box."""
    kept = [i for i, c in enumerate(line.text) if c not in STROKES]
    if not kept or len(line.at) != len(line.text) or not line.width:
        return line
    first, last = kept[0], kept[-1]
    step = (line.at[last] - line.at[first]) / max(last - first, 1)
    slack = max(0.85 * step, 0.5 * line.height / line.width)
    start, stop = max(0.0, line.at[first] - slack), min(1.0, line.at[last] + slack)
    return _part(line, first, last, start, stop)


def _part(line: Line, first: int, last: int, start: float, stop: float) -> Line:
    """Characters ``first`` to ``last`` of a line, between two fractions of its width."""
    a, b, c, d = line.quad
    top, bottom = b - a, c - d
    quad = np.array([a + top * start, a + top * stop, d + bottom * stop, d + bottom * start])
    chosen = slice(first, last + 1)
    at = tuple((x - start) / (stop - start) for x in line.at[chosen])
    return replace(line, text=line.text[chosen], quad=quad, at=at, sure=line.sure[chosen])


def find_nodes(canvas: Canvas) -> tuple[list[Node], list[Area]]:
    """The nodes, and the patches that lie under edge labels. Raises CannotTellError."""
    flat = flatness(canvas.rgb)
    page = (canvas.off_page() < LEAST_CONTRAST).astype(np.uint8)
    areas = find_areas(canvas, flat)
    areas = [*areas, *_with_bars(areas, canvas)]
    patches = [a for a in areas if a.filled and _is_patch(a, canvas)]
    shaped = _holding_text(areas, patches, canvas)
    # Wide text may split its shape: look again, with the text made flat, for what is left.
    known = {i for a in (*shaped, *patches) for i in a.lines}
    unknown = [line for i, line in enumerate(canvas.lines) if i not in known]
    again = [a for line in unknown if (a := _area_around(canvas, flat, line))]
    again = [a for a in again if not known & set(a.lines)]
    again = list({a.lines: a for a in again}.values())
    chosen = _outermost([*shaped, *_holding_text(again, patches, canvas)], canvas)
    nodes = [_node(area, page, canvas.em) for area in chosen]
    _check_outlines(nodes, canvas)
    return sorted(nodes, key=lambda n: (n.center[1], n.center[0])), patches


def flatness(rgb: Pixels) -> Mask:
    """1 where the 3 x 3 neighbourhood is of one colour."""
    kernel = np.ones((3, 3), np.uint8)
    steps = cv2.morphologyEx(rgb, cv2.MORPH_GRADIENT, kernel).max(axis=2)
    return np.asarray(steps <= FLAT, dtype=np.uint8)


def _holding_text(areas: Sequence[Area], patches: Sequence[Area], canvas: Canvas) -> list[Area]:
    return [
        a for a in areas
        if a.shape and a.lines and _centred(a, canvas.lines)
        and not any(a is p for p in patches)
    ]  # fmt: skip


def _area_around(canvas: Canvas, flat: Mask, line: Line) -> Area | None:
    """The flat area a line of text stands in, where the page is not reached from the text."""
    along = (line.quad[1] - line.quad[0]) / max(line.width, 1.0)
    down = (line.quad[3] - line.quad[0]) / max(line.height, 1.0)
    ends, edge = 0.3 * line.height, 0.25 * line.height
    if line.width <= 2.5 * ends:
        return None
    core = line.quad + np.array(
        [along * ends + down * edge, -along * ends + down * edge,
         -along * ends - down * edge, along * ends - down * edge]
    )  # fmt: skip
    opened = flat.copy()
    cv2.fillConvexPoly(opened, np.round(core).astype(np.int32), 1)
    found = np.zeros((flat.shape[0] + 2, flat.shape[1] + 2), np.uint8)
    seed = (round(line.center[0]), round(line.center[1]))
    _, _, _, (x, y, w, h) = cv2.floodFill(opened, found, seed, 2, flags=4)
    if x == 0 or y == 0 or x + w == flat.shape[1] or y + h == flat.shape[0]:
        return None
    return _area(canvas, opened[y : y + h, x : x + w] == 2, (x, y, w, h))


def find_areas(canvas: Canvas, flat: Mask) -> list[Area]:
    """Every flat area large enough to hold a letter, apart from the page around all."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(flat, connectivity=4)
    height, width = flat.shape
    least = 0.14 * canvas.em
    dark = 0.6 * float(np.percentile(canvas.off_page(), 99.5))
    areas = []
    for i in range(1, count):
        x, y, w, h, size = (int(v) for v in stats[i])
        if min(w, h) < least or max(w, h) < 1.1 * canvas.em or size < 0.15 * canvas.em**2:
            continue
        if x == 0 or y == 0 or x + w == width or y + h == height:
            continue
        mask = labels[y : y + h, x : x + w] == i
        if size < 0.35 * w * h and _is_pen(canvas, mask, (x, y), dark):
            continue
        areas.append(_area(canvas, mask, (x, y, w, h)))
    return areas


def _is_pen(canvas: Canvas, mask: NDArray[np.bool_], at: tuple[int, int], dark: float) -> bool:
    """Whether an area is a stroke wide enough to look flat, such as a thick outline."""
    window = canvas.rgb[at[1] : at[1] + mask.shape[0], at[0] : at[0] + mask.shape[1]]
    colour = np.median(window[mask], axis=0)
    return float(np.abs(colour - canvas.page).max()) > dark


def _area(canvas: Canvas, mask: NDArray[np.bool_], box: tuple[int, int, int, int]) -> Area:
    x, y, w, h = box
    contours, _ = cv2.findContours(
        mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(x, y)
    )
    contour = max(contours, key=cv2.contourArea)
    colour = np.median(canvas.rgb[y : y + h, x : x + w][mask], axis=0)
    contour = _mended(contour, canvas.lines)
    x, y, w, h = (int(v) for v in cv2.boundingRect(contour))
    box = (x, y, w, h)
    fit = classify(contour)
    filled = float(np.abs(colour - canvas.page).max()) > 5
    inside = tuple(
        i for i, line in enumerate(canvas.lines)
        if cv2.pointPolygonTest(contour, line.center, False) > 0
        and (believable(line.text) or _encloses(contour, line, 0.15 * canvas.em))
    )  # fmt: skip
    return Area(contour, colour, box, fit.shape if fit else None, filled, inside)


def _encloses(contour: NDArray[Any], line: Line, slack: float) -> bool:
    """Whether a whole line of text lies inside: an arrowhead at the outline does not."""
    return all(
        cv2.pointPolygonTest(contour, (float(x), float(y)), True) > -slack for x, y in line.quad
    )


def _mended(contour: NDArray[Any], lines: Sequence[Line]) -> NDArray[Any]:
    """The outline without the bites that text standing close to it takes out of it."""
    hull = cv2.convexHull(contour)
    if cv2.contourArea(contour) > 0.97 * cv2.contourArea(hull):
        return contour
    x, y, w, h = cv2.boundingRect(hull)
    area, limit = np.zeros((h, w), np.uint8), np.zeros((h, w), np.uint8)
    cv2.drawContours(area, [contour - [x, y]], -1, 1, -1)
    cv2.drawContours(limit, [hull - [x, y]], -1, 1, -1)
    for line in lines:
        if cv2.pointPolygonTest(contour, line.center, False) > 0:
            cv2.fillConvexPoly(area, np.round(line.quad - [x, y]).astype(np.int32), 1)
    contours, _ = cv2.findContours(
        area & limit, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE, offset=(x, y)
    )
    return max(contours, key=cv2.contourArea)


def _is_patch(area: Area, canvas: Canvas) -> bool:
    """Whether a filled area hugs its text as the background of an edge label does."""
    if area.shape != "box" or not area.lines:
        return False
    x0, y0, x1, y1 = _text_box([canvas.lines[i] for i in area.lines])
    x, y, w, h = area.box
    slack = 0.32 * canvas.em
    tight = x0 - x < slack and x + w - x1 < slack and y0 - y < slack and y + h - y1 < slack
    return tight and not _has_border(area, canvas)


def _has_border(area: Area, canvas: Canvas) -> bool:
    """Whether a stroke unlike both inside and page runs all around the area."""
    far_in = distance(canvas.rgb, area.colour)
    both = np.minimum(far_in, canvas.off_page())
    ring = np.zeros(both.shape, np.uint8)
    cv2.drawContours(ring, [area.contour], -1, 1, 5)
    x, y, w, h = area.box
    window = np.s_[max(0, y - 5) : y + h + 5, max(0, x - 5) : x + w + 5]
    # Halfway between the patch and the page lies the soft edge of the patch itself.
    soft = 0.6 * float(np.abs(area.colour - canvas.page).max())
    strong = (both[window] > max(LEAST_CONTRAST, soft)) & (ring[window] > 0)
    return float(strong.sum()) > 0.8 * cv2.arcLength(area.contour, True)


def _text_box(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    return (
        min(n.x0 for n in lines), min(n.y0 for n in lines),
        max(n.x1 for n in lines), max(n.y1 for n in lines),
    )  # fmt: skip


def _centred(area: Area, lines: Sequence[Line]) -> bool:
    """Whether the text stands in the middle, as in a node; a label in a face seldom does."""
    x0, y0, x1, y1 = _text_box([lines[i] for i in area.lines])
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


def _node(area: Area, page: Mask, em: float) -> Node:
    rings = _rings(area, page, em)
    shape = area.shape or "other"
    if len(rings) > 1 and shape == "box":
        shape = "double_box"
    return Node(shape, area.contour, area.colour, area.box, area.lines, rings[-1])


def _check_outlines(nodes: Sequence[Node], canvas: Canvas) -> None:
    """A box drawn much thicker than the rest may have two outlines that ran together."""
    usual = float(np.median([node.outline for node in nodes])) if nodes else 0.0
    for node in nodes:
        if node.shape in ("box", "rounded") and node.outline > 1.5 * usual + 1:
            raise CannotTellError(
                f"The outline of '{canvas.lines[node.lines[0]].text}' may be one line or two.",
                next="Give a sharper or larger picture, or fill in what you see yourself.",
            )


def _rings(area: Area, page: Mask, em: float) -> list[float]:
    """How far outside the area the page begins, in pixels, behind its outline.

    A second number follows where a second outline runs all around within half a text height.
    """
    x, y, w, h = area.box
    pad = int(max(40, 1.2 * em))
    y0, x0 = max(0, y - pad), max(0, x - pad)
    window = np.s_[y0 : y + h + pad, x0 : x + w + pad]
    inside = np.zeros(page[window].shape, np.uint8)
    cv2.drawContours(inside, [area.contour - [x0, y0]], -1, 1, -1)
    outward = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    pages = (page[window] > 0) & (inside == 0)
    ends: list[float] = []
    # The area stops a little short of its outline: a fill close to the page's colour comes first.
    drawn = False
    for reach in np.arange(0.5, 0.8 * em, 0.5):
        band = (outward > reach) & (outward <= reach + 1)
        free = float(pages[band].mean()) if band.any() else 0.0
        if drawn and free > 0.5:
            ends.append(float(reach))
        drawn = free < 0.2 if not drawn else free <= 0.5
    return ends[:2] or [3.0]

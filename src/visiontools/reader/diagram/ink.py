"""What is drawn outside the shapes: strokes and arrowheads, told apart from the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.reader.diagram.areas import Area
from visiontools.reader.diagram.canvas import LEAST_CONTRAST, Canvas, Mask, distance
from visiontools.reader.diagram.free_text import free_lines
from visiontools.reader.diagram.shapes import Node
from visiontools.reader.diagram.thin import thin
from visiontools.reader.ocr import Line

HALO = 3
"""How far the soft rim of a shape may reach beyond its outline, in pixels."""

SEAM = 5
"""One more than the widest crack in a line that is closed, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class Ink:
    """``strokes`` (0/1) are lines and heads outside nodes and text, ``width`` the usual line's.

    ``owner`` holds the node number + 1 at the pixels a node covers, ``texts`` are the lines of
    text outside the nodes.
    """

    strokes: Mask
    width: float
    owner: Mask
    texts: tuple[Line, ...]


def find_ink(canvas: Canvas, nodes: Sequence[Node], patches: Sequence[Area]) -> Ink:
    """Separate strokes from nodes, text and the patches under edge labels."""
    far = canvas.off_page()
    for patch in patches:
        _clear_patch(far, patch)
    owner = node_mask(far.shape, nodes)
    free = far.copy()
    free[owner > 0] = 0
    outside = free_lines(canvas, nodes, patches)
    rough = (free > LEAST_CONTRAST).astype(np.uint8)
    rough = _without_text(rough, outside, canvas.em)
    level = _stroke_contrast(free, rough)
    # A thin line that falls between two rows of pixels has half the contrast of one that does not.
    mask = _connected(free, max(LEAST_CONTRAST, 0.36 * level), max(LEAST_CONTRAST, 0.45 * level))
    bare = _without_halos(_without_text(mask, outside, canvas.em), owner)
    whole = _without_seams(bare, stroke_width(bare))
    strokes = _fill_small_holes(whole, owner, canvas.em)
    texts = tuple(line for line in outside if not _drawn(line, canvas.off_page(), strokes))
    return Ink(strokes, stroke_width(strokes), owner, texts)


def unread_ink(canvas: Canvas, node: Node) -> int:
    """How many pixels inside a node are drawn but lie in none of its lines of text.

    The soft zone along the outline and the bars of a double box do not count.
    """
    x, y, w, h = node.box
    window = np.s_[y : y + h, x : x + w]
    inside: Mask = np.zeros((h, w), np.uint8)
    cv2.drawContours(inside, [node.contour - [x, y]], -1, 1, -1)
    margin = max(3, int(0.12 * canvas.em)) | 1
    kernel = np.ones((margin, margin), np.uint8)
    shrunk = cv2.erode(inside, kernel, borderType=cv2.BORDER_CONSTANT, borderValue=0)
    inside = np.asarray(shrunk, dtype=np.uint8)
    if node.shape == "double_box":
        edge = int(0.5 * canvas.em)
        inside[:edge] = inside[-edge:] = 0
        inside[:, : int(0.2 * w)] = 0
        inside[:, int(0.8 * w) :] = 0
    for i in node.lines:
        quad = canvas.lines[i].quad - [x, y]
        grown = quad + 0.1 * canvas.em * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
        cv2.fillConvexPoly(inside, np.round(grown).astype(np.int32), 0)
    far = distance(np.ascontiguousarray(canvas.rgb[window]), node.colour)
    return int(((far > 2 * LEAST_CONTRAST) & (inside > 0)).sum())


def node_mask(shape: tuple[int, ...], nodes: Sequence[Node]) -> Mask:
    """Each pixel's node number + 1, the outline's soft edge included; 0 outside."""
    owner = np.zeros(shape[:2], np.uint8)
    for i, node in enumerate(nodes):
        whole = np.zeros(shape[:2], np.uint8)
        cv2.drawContours(whole, [node.contour], -1, 1, -1)
        size = 2 * round(node.outline + 1) + 1
        pen = cv2.MORPH_RECT if node.shape in ("box", "double_box") else cv2.MORPH_ELLIPSE
        grown = cv2.dilate(whole, cv2.getStructuringElement(pen, (size, size)))
        if node.shape in ("diamond", "parallelogram"):
            cv2.fillConvexPoly(grown, _mitred(node.contour, node.outline + 1), 1)
        owner[grown > 0] = i + 1
    return owner


def _mitred(contour: NDArray[Any], width: float) -> NDArray[np.int32]:
    """A four-sided shape grown by ``width`` with its sharp corners kept, as a pen draws them."""
    hull = cv2.convexHull(contour)
    corners = _corners(hull)
    if len(corners) != 4:
        return np.asarray(hull[:, 0], dtype=np.int32)
    center = corners.mean(axis=0)
    sides = []
    for a, b in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        normal = np.array([b[1] - a[1], a[0] - b[0]], dtype=np.float64)
        normal /= np.linalg.norm(normal)
        if normal @ (a - center) < 0:
            normal = -normal
        sides.append((normal, float(normal @ a) + width))
    grown = [
        np.linalg.solve(np.array([m, n]), np.array([c, d]))
        for (m, c), (n, d) in zip(sides, sides[1:] + sides[:1], strict=True)
    ]
    return np.round(np.array(grown)).astype(np.int32)


def _corners(hull: NDArray[Any]) -> NDArray[np.float64]:
    """The four corners of an outline, as coarsely as it takes; others where there are not four."""
    around = cv2.arcLength(hull, True)
    for share in (0.03, 0.02, 0.012, 0.008):
        corners = cv2.approxPolyDP(hull, share * around, True)[:, 0]
        if len(corners) >= 4:
            break
    return np.asarray(corners, dtype=np.float64)


def _clear_patch(far: Mask, patch: Area) -> None:
    """Only a label is written on its patch: lines run behind it."""
    whole = np.zeros(far.shape, np.uint8)
    cv2.drawContours(whole, [patch.contour], -1, 1, -1)
    far[cv2.dilate(whole, np.ones((7, 7), np.uint8)) > 0] = 0


def _without_text(mask: Mask, lines: Sequence[Line], em: float) -> Mask:
    """The mask without what is written; strokes that only pass by a text stay whole."""
    zone = np.zeros(mask.shape[:2], np.uint8)
    for line in lines:
        grown = line.quad + 0.12 * em * np.array([[-1, 0], [1, 0], [1, 0], [-1, 0]])
        cv2.fillConvexPoly(zone, np.round(grown).astype(np.int32), 1)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    covered = np.bincount(labels[zone > 0].ravel(), minlength=count)
    text = covered >= 0.85 * stats[:, cv2.CC_STAT_AREA]
    text &= stats[:, cv2.CC_STAT_HEIGHT] < 1.2 * em
    text[0] = False
    cleared = mask.copy()
    cleared[text[labels]] = 0
    return cleared


def _without_halos(mask: Mask, owner: Mask) -> Mask:
    """The mask without the soft rims of shapes: what stands close to one and leads nowhere."""
    close = cv2.dilate((owner > 0).astype(np.uint8), _disc(HALO))
    leading = cv2.dilate(np.where(close > 0, 0, mask).astype(np.uint8), _disc(HALO + 1))
    kept = (mask > 0) & ((close == 0) | (leading > 0))
    return np.asarray(kept, dtype=np.uint8)


def _drawn(line: Line, far: Mask, strokes: Mask) -> bool:
    """Whether what was read as one letter is a head or a crossing: its ink is the lines'."""
    if len(line.text.strip()) > 1:
        return False
    inside = np.zeros(far.shape, np.uint8)
    cv2.fillConvexPoly(inside, np.round(line.quad).astype(np.int32), 1)
    ink = (inside > 0) & (far > 2 * LEAST_CONTRAST)
    return bool(strokes[ink].mean() > 0.7) if ink.any() else True


def _disc(radius: int) -> Mask:
    size = 2 * radius + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), dtype=np.uint8)


def _stroke_contrast(far: Mask, mask: Mask) -> float:
    """How far a stroke's middle usually is from the page's colour, 0 to 255."""
    if not mask.any():
        return 255.0
    ridge = (mask > 0) & (far == cv2.dilate(far, np.ones((3, 3), np.uint8)))
    return float(np.median(far[ridge])) if ridge.any() else 255.0


def _connected(far: Mask, low: float, high: float) -> Mask:
    """Pixels above ``low`` that hang together with one above ``high``."""
    weak = (far > low).astype(np.uint8)
    count, labels = cv2.connectedComponents(weak, connectivity=8)
    strong = np.zeros(count, bool)
    strong[np.unique(labels[far > high])] = True
    strong[0] = False
    return np.asarray(strong[labels], dtype=np.uint8)


def _without_seams(mask: Mask, width: float) -> Mask:
    """Lines made whole where a renderer drew the shaft a pixel short of its head."""
    mended = mask.copy()
    for kernel in (np.ones((1, SEAM), np.uint8), np.ones((SEAM, 1), np.uint8)):
        closed = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, kernel)
        cracks = ((closed > 0) & (mask == 0)).astype(np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats(cracks, connectivity=8)
        wide, high, area = (stats[:, k] for k in (2, 3, 4))
        across = high if kernel.shape[0] == 1 else wide
        # A crack is as long as the line is wide; a notch of a head comes to a point.
        seam = (across >= 0.6 * width) & (across <= 1.4 * width + 1) & (area > 0.8 * wide * high)
        seam[0] = False
        mended[seam[labels]] = 1
    return mended


def _fill_small_holes(mask: Mask, owner: Mask, em: float) -> Mask:
    """Hollow arrowheads filled, also where their tip lies in a node; faces are larger."""
    free = ((mask == 0) & (owner == 0)).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(free, connectivity=4)
    small = stats[:, cv2.CC_STAT_AREA] < (0.45 * em) ** 2
    small &= ~_wedges(mask, owner, labels, stats[:, cv2.CC_STAT_AREA])
    small[0] = False
    filled = mask.copy()
    filled[small[labels]] = 1
    return filled


def _wedges(
    mask: Mask, owner: Mask, labels: NDArray[Any], areas: NDArray[Any]
) -> NDArray[np.bool_]:
    """Which holes lie between a shape, a filled head and the line beside it.

    A whole side of such a hole is the shape's, another the head's.
    """
    size = int(1.8 * stroke_width(mask) + 2) | 1
    heads = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((size, size), np.uint8))
    beside = [
        np.bincount(labels[cv2.dilate(thing, _disc(reach)) > 0], minlength=len(areas))
        for thing, reach in (((owner > 0).astype(np.uint8), 1), (heads, 3))
    ]
    side = np.maximum(0.5 * areas**0.5, 3)
    return np.asarray((beside[0] > side) & (beside[1] > side))


def stroke_width(strokes: Mask) -> float:
    """The usual width of the strokes in pixels."""
    if not strokes.any():
        return 1.0
    middle = thin(strokes)
    inside = cv2.distanceTransform(strokes, cv2.DIST_L2, 5)
    return max(1.5, 2 * float(np.median(inside[middle > 0])) - 0.5)

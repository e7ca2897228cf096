"""Patches: the plain backgrounds that edge labels stand on, so that their lines run behind."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from visiontools.reader.diagram.areas import Area
from visiontools.reader.diagram.canvas import Canvas, commonest, distance
from visiontools.reader.diagram.rims import has_border
from visiontools.reader.ocr import Line

TIGHT = 0.32
"""How far a patch reaches beyond its text at most, in text heights."""
LEAST_TINT = 5.0
"""How far a patch is off the page's colour at least, of 255."""


def find_patches(areas: Sequence[Area], canvas: Canvas) -> list[Area]:
    """The flat areas that hug a text, and those too pale to stand out as areas."""
    patches = [a for a in areas if a.filled and a.shape == "box" and _is_patch(a, canvas)]
    known = {i for patch in patches for i in patch.lines}
    for i in range(len(canvas.lines)):
        if i in known:
            continue
        pale = _pale(canvas, i)
        if pale and _is_patch(pale, canvas):
            patches.append(pale)
    return patches


def text_box(lines: Sequence[Line]) -> tuple[float, float, float, float]:
    return (
        min(n.x0 for n in lines), min(n.y0 for n in lines),
        max(n.x1 for n in lines), max(n.y1 for n in lines),
    )  # fmt: skip


def _is_patch(area: Area, canvas: Canvas) -> bool:
    """Whether a filled area hugs its text as the background of an edge label does."""
    if not area.lines:
        return False
    x0, y0, x1, y1 = text_box([canvas.lines[i] for i in area.lines])
    x, y, w, h = area.box
    slack = TIGHT * canvas.em
    tight = x0 - x < slack and x + w - x1 < slack and y0 - y < slack and y + h - y1 < slack
    return tight and not has_border(area, canvas)


def _pale(canvas: Canvas, index: int) -> Area | None:
    """The box of one colour behind a line of text, where that is not the page's."""
    line, reach = canvas.lines[index], int(0.6 * canvas.em)
    x0, y0 = max(0, int(line.x0) - reach), max(0, int(line.y0) - reach)
    window = canvas.rgb[y0 : int(line.y1) + reach, x0 : int(line.x1) + reach]
    window = np.ascontiguousarray(window)
    written = np.zeros(window.shape[:2], np.uint8)
    cv2.fillConvexPoly(written, np.round(line.quad - [x0, y0]).astype(np.int32), 1)
    colour = commonest(window[written > 0])
    tint = float(np.abs(colour - canvas.page).max())
    if tint < LEAST_TINT:
        return None
    alike = (distance(window, colour) <= min(12.0, 0.5 * tint)).astype(np.uint8)
    # A tint's soft rim, a pixel wide, must not lead on to the page or to a shape nearby.
    core = cv2.morphologyEx(alike, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(core, connectivity=4)
    parts = [k for k in range(1, count) if (written[labels == k]).any()]
    if not parts:
        return None
    left, top = stats[parts, 0].min(), stats[parts, 1].min()
    right = (stats[parts, 0] + stats[parts, 2]).max()
    bottom = (stats[parts, 1] + stats[parts, 3]).max()
    height, width = alike.shape
    if left == 0 or top == 0 or right == width or bottom == height:
        return None
    # Letters may touch the edge, but most of it must be there: else it is no box.
    letters = (written > 0) & (distance(window, canvas.page) > 1.5 * tint)
    edge = (np.isin(labels, parts) | letters)[top:bottom, left:right]
    if min(edge[1].mean(), edge[-2].mean(), edge[:, 1].mean(), edge[:, -2].mean()) < 0.5:
        return None
    box = (int(x0 + left), int(y0 + top), int(right - left), int(bottom - top))
    x, y, w, h = box
    corners = np.array([[[x, y]], [[x + w - 1, y]], [[x + w - 1, y + h - 1]], [[x, y + h - 1]]])
    return Area(corners.astype(np.int32), colour, box, "box", True, (index,))

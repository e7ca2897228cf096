"""What runs around an area: no outline, one, or two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.areas import Area
from visiontools.reader.diagram.canvas import LEAST_CONTRAST, Canvas, Mask, distance

ADVICE = "Give a sharper or larger picture, or fill in what you see yourself."
REACH = 4
"""How far on either side of an area's edge its border is looked for, in pixels."""
PALE, DRAWN = 0.25, 0.5
"""How strong a rim is beside the strongest: below the first it is none, from the second it is."""


@dataclass(frozen=True, slots=True)
class _Rim:
    """``end`` is where the page begins behind it, ``peak`` how far it is off the page's colour."""

    end: float
    peak: float


def has_border(area: Area, canvas: Canvas) -> bool:
    """Whether a stroke unlike both inside and page runs along every side of a box.

    Letters and lines that touch a side cover little of it, or leave another side free.
    """
    x, y, w, h = area.box
    top, left = max(0, y - REACH), max(0, x - REACH)
    window = np.s_[top : y + h + REACH, left : x + w + REACH]
    rgb = np.ascontiguousarray(canvas.rgb[window])
    both = np.minimum(distance(rgb, area.colour), distance(rgb, canvas.page))
    # Halfway between the patch and the page lies the soft edge of the patch itself.
    soft = 0.6 * float(np.abs(area.colour - canvas.page).max())
    strong = both > max(LEAST_CONTRAST, soft)
    across, down = strong[y - top : y - top + h], strong[:, x - left : x - left + w]
    band = 2 * REACH
    sides = (across[:, :band].any(axis=1), across[:, -band:].any(axis=1),
             down[:band].any(axis=0), down[-band:].any(axis=0))  # fmt: skip
    return min(float(side.mean()) for side in sides) > 0.6


def rims(area: Area, far: Mask, em: float) -> list[float]:
    """How far outside the area the page begins, in pixels, behind its outline.

    ``far`` is each pixel's distance from the page's colour. A second number follows where a second
    outline runs all around within half a text height. Raises CannotTellError where it may be one.
    """
    x, y, w, h = area.box
    pad = int(max(40, 1.2 * em))
    y0, x0 = max(0, y - pad), max(0, x - pad)
    off = far[y0 : y + h + pad, x0 : x + w + pad]
    inside = np.zeros(off.shape, np.uint8)
    cv2.drawContours(inside, [area.contour - [x0, y0]], -1, 1, -1)
    outward = cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    found: list[_Rim] = []
    # The area stops a little short of its outline: a fill close to the page's colour comes first.
    drawn, peak = False, 0.0
    for reach in np.arange(0.5, 0.8 * em, 0.5):
        band = off[(outward > reach) & (outward <= reach + 1)]
        free = float((band < LEAST_CONTRAST).mean()) if band.size else 0.0
        peak = max(peak, float(np.median(band)) if band.size else 0.0)
        if drawn and free > 0.5:
            found.append(_Rim(float(reach), peak))
            peak = 0.0
        drawn = free < 0.2 if not drawn else free <= 0.5
    return [rim.end for rim in _outlines(found)[:2]] or [3.0]


def _outlines(found: Sequence[_Rim]) -> list[_Rim]:
    """The rims that are drawn: beside a sharp outline sharpening and JPEG leave a pale one."""
    strongest = max((rim.peak for rim in found), default=0.0)
    if any(PALE * strongest < rim.peak < DRAWN * strongest for rim in found):
        raise CannotTellError("The outline of a shape may be one line or two.", next=ADVICE)
    return [rim for rim in found if rim.peak >= DRAWN * strongest]

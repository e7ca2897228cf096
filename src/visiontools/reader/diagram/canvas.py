"""The picture made ready for measuring: straight, of a known text height, its page colour known."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.reader.ocr import Line, Pixels, read_lines
from visiontools.reader.upright import read_upright

Mask = NDArray[np.uint8]
TEXT_HEIGHT = 32.0
"""Pixels a line of text is brought to: thin strokes are then 2 to 6 pixels wide."""
MOST_PIXELS = 9_000_000
LEAST_CONTRAST = 22
"""Of 255: what differs less from the page than this is taken for noise or shading."""


STROKE_LIKE = frozenset("VvAΛ^∧∨|IlLi1-—–_=<>«»↓↑→←/\\.,:;'`´\"·•*+YyTtJjrf7()[]{}~oO0°")
"""What arrowheads and bits of lines are read as; alone they are never believed to be text."""


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """``em`` is the usual height of a line of text in pixels; ``page`` the colour drawn upon."""

    rgb: Pixels
    lines: tuple[Line, ...]
    em: float
    page: NDArray[np.float64]

    def off_page(self) -> Mask:
        """How far each pixel is from the page's colour, 0 to 255 (the worst channel)."""
        return distance(self.rgb, self.page)


def distance(rgb: Pixels, colour: NDArray[Any]) -> Mask:
    """The largest difference of a channel from ``colour`` at every pixel."""
    whole = np.broadcast_to(np.round(colour).astype(np.uint8), rgb.shape)
    return np.asarray(cv2.absdiff(rgb, np.ascontiguousarray(whole)).max(axis=2), dtype=np.uint8)


def make_canvas(rgb: Pixels) -> Canvas:
    """Read the text, turn the picture straight and enlarge it until its text is easy to measure."""
    rgb, lines = read_upright(rgb)
    em = _text_height(lines)
    slope = slant(rgb, em)
    if abs(slope) > 0.35:
        rgb = rotate(rgb, slope)
        lines = read_lines(rgb)
        em = _text_height(lines)
    scale = float(np.clip(TEXT_HEIGHT / em, 1.6, 3.0))
    scale = min(scale, max(1.0, (MOST_PIXELS / (rgb.shape[0] * rgb.shape[1])) ** 0.5))
    if scale > 1.05:
        rgb = _enlarge(rgb, scale)
        lines = [replace(line, quad=line.quad * scale) for line in lines]
        em *= scale
    page = page_colour(rgb)
    lines = [
        line for line in lines if len(line.text.strip()) > 2 or not _is_stroke(rgb, line, em, page)
    ]
    return Canvas(rgb, tuple(lines), em, page)


def _is_stroke(rgb: Pixels, line: Line, em: float, page: NDArray[np.float64]) -> bool:
    """Whether what was read as a letter or two is a head or a crossing: it runs on as a line."""
    pad = 0.7 * em
    x0, y0 = max(0, int(line.x0 - pad)), max(0, int(line.y0 - pad))
    window = rgb[y0 : int(line.y1 + pad) + 1, x0 : int(line.x1 + pad) + 1]
    inside = np.zeros(window.shape[:2], np.uint8)
    cv2.fillConvexPoly(inside, np.round(line.quad - [x0, y0]).astype(np.int32), 1)
    window = np.ascontiguousarray(window)
    ground = commonest(window[inside > 0])
    off = np.minimum(distance(window, ground), distance(window, page))
    ink = (off > 2 * LEAST_CONTRAST).astype(np.uint8)
    _, labels = cv2.connectedComponents(ink, connectivity=8)
    frame = np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])
    running = np.isin(labels, frame[frame > 0])
    text = (inside > 0) & (ink > 0)
    return bool(running[text].mean() > 0.6) if text.any() else False


def commonest(colours: NDArray[np.uint8]) -> NDArray[np.float64]:
    """The most common colour, of N x 3, to within a dozen steps."""
    keys = (colours.astype(np.int64) // 12) @ np.array([1, 64, 4096])
    values, counts = np.unique(keys, return_counts=True)
    return np.asarray(np.median(colours[keys == values[counts.argmax()]], axis=0), dtype=np.float64)


def believable(text: str) -> bool:
    """Whether a text cannot be a misread arrowhead or line: it has a letter or digit unlike one.

    Scripts other than Latin, Greek and Cyrillic only ever come from strokes: the recogniser reads
    few others well enough for a diagram.
    """
    letters = [c for c in text if c.isalnum()]
    return bool(set(letters) - STROKE_LIKE or len(letters) > 3) and all(
        ord(c) < 0x530 for c in letters
    )


def _text_height(lines: list[Line]) -> float:
    return float(np.median([n.height for n in lines if len(n.text) > 1] or [TEXT_HEIGHT]))


def slant(rgb: Pixels, em: float) -> float:
    """The drawing's slope in degrees, clockwise positive, from its long straight strokes."""
    grey = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    edges = cv2.Canny(grey, 40, 120)
    least = int(max(2.5 * em, 30))
    found = cv2.HoughLinesP(edges, 1, np.pi / 1440, least, minLineLength=least, maxLineGap=2)
    if found is None:
        return 0.0
    steps = np.asarray(found, dtype=np.float64).reshape(-1, 4)
    dx, dy = steps[:, 2] - steps[:, 0], steps[:, 3] - steps[:, 1]
    angles = (np.degrees(np.arctan2(dy, dx)) + 45) % 90 - 45
    near = np.abs(angles) < 7
    if near.sum() < 4:
        return 0.0
    order = np.argsort(angles[near])
    running = np.cumsum(np.hypot(dx, dy)[near][order])
    return float(angles[near][order][int(np.searchsorted(running, running[-1] / 2))])


def rotate(rgb: Pixels, degrees: float) -> Pixels:
    """Turned anticlockwise about the middle, on a page large enough to keep every corner."""
    height, width = rgb.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    new_width, new_height = int(height * sin + width * cos), int(height * cos + width * sin)
    matrix[:, 2] += [(new_width - width) / 2, (new_height - height) / 2]
    page = [float(v) for v in page_colour(rgb)]
    turned = cv2.warpAffine(
        rgb, matrix, (new_width, new_height), flags=cv2.INTER_CUBIC, borderValue=page
    )
    return np.asarray(turned, dtype=np.uint8)


def page_colour(rgb: Pixels) -> NDArray[np.float64]:
    """The most common colour along the picture's edge."""
    edge = max(2, min(rgb.shape[:2]) // 60)
    frame = np.concatenate(
        [rgb[:edge].reshape(-1, 3), rgb[-edge:].reshape(-1, 3),
         rgb[:, :edge].reshape(-1, 3), rgb[:, -edge:].reshape(-1, 3)]
    )  # fmt: skip
    return commonest(frame)


def _enlarge(rgb: Pixels, scale: float) -> Pixels:
    """Enlarged sharply, but never beyond the colours around: rims beside lines look like lines."""
    size = (round(rgb.shape[1] * scale), round(rgb.shape[0] * scale))
    large = cv2.resize(rgb, size, interpolation=cv2.INTER_CUBIC)
    around = np.ones((3, 3), np.uint8)
    low = cv2.resize(cv2.erode(rgb, around), size, interpolation=cv2.INTER_NEAREST)
    high = cv2.resize(cv2.dilate(rgb, around), size, interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.clip(large, low, high), dtype=np.uint8)

"""The text of nodes and arrows: which belongs to which, believed once two looks agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from visiontools.errors import CannotTellError
from visiontools.reader.diagram.canvas import Canvas, Mask
from visiontools.reader.diagram.follow import Arrow
from visiontools.reader.diagram.free_text import STROKES
from visiontools.reader.diagram.shapes import Node
from visiontools.reader.ocr import Line, Pixels, Text, cut, read_crops

ADVICE = "Give a sharper or larger picture, or fill in what you see yourself."
REACH = 1.5
"""How far from its arrow a label may stand, in text heights."""
LEAD = 0.3
"""By how much the best way to share out the labels must beat the next, in text heights."""


@dataclass(frozen=True, slots=True, eq=False)
class Caption:
    """Lines that stand together outside the nodes: an arrow's label, or a heading."""

    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        return " ".join(line.text.strip() for line in self.lines)

    def gap(self, arrow: Arrow) -> float:
        """The distance from the writing to the arrow's line, in pixels."""
        best = np.inf
        for line in self.lines:
            inset = 0.15 * line.height
            low = line.quad.min(axis=0) + inset
            high = line.quad.max(axis=0) - inset
            off = np.maximum(np.maximum(low - arrow.path, arrow.path - high), 0)
            best = min(best, float(np.linalg.norm(off, axis=1).min()))
        return best


def captions(lines: Sequence[Line], em: float) -> list[Caption]:
    """Lines outside the nodes, those above each other taken together."""
    groups: list[list[Line]] = []
    for line in sorted(lines, key=lambda n: n.y0):
        for group in groups:
            last = group[-1]
            below = -0.4 * em < line.y0 - last.y1 < 0.3 * em
            overlap = min(line.x1, last.x1) - max(line.x0, last.x0)
            if below and overlap > 0.5 * min(line.width, last.width):
                group.append(line)
                break
        else:
            groups.append([line])
    return [Caption(tuple(group)) for group in groups]


def assign(
    texts: Sequence[Caption], arrows: Sequence[Arrow], nodes: Sequence[Node], em: float
) -> dict[int, int]:
    """Arrow index for each caption index: the cheapest one-to-one match with a clear lead."""
    options = [_candidates(text, arrows, nodes, em) for text in texts]
    if len(options) > 8:
        options = [near[:2] for near in options]
    matches = sorted(
        (sum(cost for cost, _ in way), [i for _, i in way])
        for way in product(*options)
        if len({i for _, i in way}) == len(way)
    )
    if not matches:
        raise CannotTellError("The texts beside the arrows could not be shared out.", next=ADVICE)
    if len(matches) > 1 and matches[1][0] - matches[0][0] < LEAD:
        doubt = next(t for t, *ways in zip(texts, *(m[1] for m in matches[:2]), strict=True)
                     if ways[0] != ways[1])  # fmt: skip
        raise CannotTellError(f"The text '{doubt.text}' lies between two arrows.", next=ADVICE)
    return dict(enumerate(matches[0][1]))


def _candidates(
    text: Caption, arrows: Sequence[Arrow], nodes: Sequence[Node], em: float
) -> list[tuple[float, int]]:
    """The nearest arrows with their cost in text heights; labels mostly stand at decisions."""
    near = []
    for i, arrow in enumerate(arrows):
        gap = text.gap(arrow) / em
        if gap <= REACH:
            near.append((gap + (0.0 if nodes[arrow.source].shape == "diamond" else 0.6), i))
    if not near:
        raise CannotTellError(f"The text '{text.text}' belongs to no arrow.", next=ADVICE)
    return sorted(near)[:4]


def without_strokes(canvas: Canvas, strokes: Mask) -> Pixels:
    """The picture with the arrows painted over, so that they are not read with their labels."""
    hidden = cv2.dilate(strokes, np.ones((5, 5), np.uint8)) > 0
    painted = canvas.rgb.copy()
    painted[hidden] = np.round(canvas.page).astype(np.uint8)
    return painted


def confirm(rgb: Pixels, lines: Sequence[Line], *, free: bool = False) -> list[tuple[str, bool]]:
    """Each line's text, and whether two of three looks at it said the same.

    ``free`` lines stand beside arrows: where the first look saw more than the others, their pieces
    may be cut too short, and a dash or bar at either end is a bit of the arrow.
    """
    first = [_said(line, free) for line in lines]
    second = [(_said(text, free), whole) for text, whole in _look(rgb, lines, height=64, pad=0.12)]
    said = [(other, whole and same(one, other))
            for one, (other, whole) in zip(first, second, strict=True)]  # fmt: skip
    doubtful = [i for i, (_, agreed) in enumerate(said) if not agreed]
    third = _look(rgb, [lines[i] for i in doubtful], height=96, pad=0.2)
    for i, (text, whole) in zip(doubtful, third, strict=True):
        last = _said(text, free)
        # What only the first look saw is there: the other two are cut alike, and err alike.
        others = (first[i],) if free or _within(last, first[i]) else (first[i], second[i][0])
        agreed = whole and any(same(last, other) for other in others)
        said[i] = (last if agreed else first[i], agreed)
    return said


def _within(short: str, whole: str) -> bool:
    """Whether ``whole`` is ``short`` with some letters more."""
    rest = iter("".join(whole.split()))
    return not same(short, whole) and all(c in rest for c in "".join(short.split()))


def _said(text: Text, free: bool) -> str:
    return text.text.strip("".join(STROKES)) if free else text.text.strip()


def _look(rgb: Pixels, lines: Sequence[Line], height: int, pad: float) -> list[tuple[Text, bool]]:
    """Each line read from its own enlarged piece, and whether all that is written there was."""
    crops = []
    for line in lines:
        piece = cut(rgb, line.quad, pad=pad)
        scale = height / max(piece.shape[0], 1)
        large = cv2.resize(piece, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
        crops.append(np.asarray(large, dtype=np.uint8))
    return [(text, covers(crop, text)) for crop, text in zip(crops, read_crops(crops), strict=True)]


def covers(crop: NDArray[Any], text: Text) -> bool:
    """Whether every word-like lump of ink in a line's crop has a character read from it.

    A lone sign between spaces, such as the ``<`` of ``n < 3``, is what the recogniser leaves out.
    """
    height, width = crop.shape[:2]
    page = np.median(crop.reshape(-1, 3), axis=0)
    far = np.abs(crop[int(0.15 * height) : int(0.85 * height)].astype(np.float64) - page).max(
        axis=2
    )
    inked = (far > 0.45 * far.max()).sum(axis=0) >= 2
    centers = np.array(text.at) * width
    slack = 0.14 * height
    lumps = _runs(inked, 0.16 * height)
    return all(
        bool(((centers > a - slack) & (centers < b + slack)).any())
        for a, b in lumps
        if b - a > 0.1 * height and a > 0.1 * height and b < width - 0.1 * height
    )


def _runs(inked: NDArray[np.bool_], bridge: float) -> list[tuple[int, int]]:
    """Stretches of inked columns; blanks narrower than ``bridge`` do not part them."""
    runs: list[tuple[int, int]] = []
    for x in np.nonzero(inked)[0]:
        if runs and x - runs[-1][1] <= bridge:
            runs[-1] = (runs[-1][0], int(x))
        else:
            runs.append((int(x), int(x)))
    return runs


def same(one: str, other: str) -> bool:
    """Whether two readings agree but for spaces."""
    return "".join(one.split()) == "".join(other.split())

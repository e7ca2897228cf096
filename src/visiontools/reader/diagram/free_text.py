"""The text outside the shapes, without the bits of strokes that were read with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from visiontools.reader.diagram.areas import Area
from visiontools.reader.diagram.canvas import Canvas, believable
from visiontools.reader.diagram.shapes import Node
from visiontools.reader.ocr import Line

STROKES = frozenset("-\u2013\u2014_|. ")
"""What the end of an arrow's line beside a label is read as."""


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

"""Lines of text as a label means them: a unit that was found apart goes back to its number."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

import numpy as np

from visiontools.reader.ocr import Line, Quad

_UNIT = re.compile(r"(g|mg|ml|l|kj|kcal|[µμ]g|mcg)\W*", re.IGNORECASE)


def with_units(lines: Sequence[Line]) -> list[Line]:
    """The lines, each lone unit joined to the number close on its left ("per 100" and "g")."""
    kept = list(lines)
    for unit in [line for line in lines if _UNIT.fullmatch(line.text.strip())]:
        number = next((line for line in kept if _just_left(line, unit)), None)
        if number:
            kept.remove(unit)
            kept[kept.index(number)] = _joined(number, unit)
    return kept


def _just_left(line: Line, unit: Line) -> bool:
    if not line.text.rstrip()[-1:].isdigit():
        return False
    step = unit.quad[[0, 3]].mean(axis=0) - line.quad[[1, 2]].mean(axis=0)
    x, y = _direction(line.quad)
    gap, apart = x * step[0] + y * step[1], abs(x * step[1] - y * step[0])
    return bool(-0.5 < gap / line.height < 0.6 and apart < 0.4 * line.height)


def _direction(quad: Quad) -> Quad:
    along = quad[1] - quad[0]
    return np.asarray(along / max(float(np.linalg.norm(along)), 1e-6))


def _joined(line: Line, unit: Line) -> Line:
    """One line as high as the first and as long as both."""
    along = _direction(line.quad)
    ends = unit.quad[[1, 2]].mean(axis=0) - line.quad[[0, 3]].mean(axis=0)
    width = max(float(along @ ends), line.width)
    quad = line.quad.copy()
    quad[[1, 2]] = line.quad[[0, 3]] + along * width
    share, begins = line.width / width, 1 - unit.width / width
    at = (*(place * share for place in line.at), share,
          *(begins + place * (1 - begins) for place in unit.at))  # fmt: skip
    sure = (*line.sure, 1.0, *unit.sure) if line.sure and unit.sure else ()
    return dataclasses.replace(
        line,
        text=f"{line.text} {unit.text}",
        confidence=min(line.confidence, unit.confidence),
        at=at,
        sure=sure,
        quad=quad,
    )

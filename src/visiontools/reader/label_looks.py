"""Second looks: each figure is cut out again, enlarged, and must say the same twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from visiontools.reader.label_amounts import amounts
from visiontools.reader.label_table import Fact
from visiontools.reader.ocr import Pixels, Text, cut, read_crops

Reader = Callable[[Sequence[Pixels]], list[Text]]
WEAK = 0.5
"""A figure whose least certain character is below this is disputed before any second look."""


def look_again(rgb: Pixels, facts: Sequence[Fact], read: Reader = read_crops) -> None:
    """Mark each fact confirmed or disputed by two readings of its enlarged crop."""
    crops = [crop for fact in facts for crop in (closer(rgb, fact), bolder(rgb, fact))]
    texts = iter(read(crops))
    for fact in facts:
        judge(fact, [next(texts), next(texts)])


def judge(fact: Fact, looks: Sequence[Text]) -> None:
    """Confirmed: no look says otherwise and at least one says the same. Else disputed."""
    votes = [vote for vote in (says(fact, look) for look in looks) if vote is not None]
    if not all(votes):
        fact.disputed = True
    elif votes and fact.confidence >= WEAK:
        fact.confirmed = True


def says(fact: Fact, look: Text) -> bool | None:
    """Whether a look agrees with a fact; None where it shows no amount at all."""
    found = [amount for amount in amounts(look.text) if amount.unit != "%"]
    if not found:
        return None
    amount = found[0]
    if amount.value is None or len(found) > 1:
        return False
    same_unit = amount.unit is None or amount.unit == fact.unit
    printed = fact.source.text[slice(*fact.span)]
    unit_lost = amount.unit is None and not printed.rstrip()[-1:].isdigit()
    digits = abs(amount.value - fact.amount) < 1e-9
    return digits and same_unit and not unit_lost


def closer(rgb: Pixels, fact: Fact) -> Pixels:
    """The figure at twice its size with a little room around it."""
    return _enlarged(cut(rgb, fact.quad, pad=0.06), 2.0)


def bolder(rgb: Pixels, fact: Fact) -> Pixels:
    """The figure at three times its size in black and white, with more room."""
    grown = _enlarged(cut(rgb, fact.quad, pad=0.12), 3.0)
    if not grown.size:
        return grown
    grey = cv2.cvtColor(grown, cv2.COLOR_RGB2GRAY)
    low, high = int(grey.min()), int(grey.max())
    stretched = (grey.astype(np.float32) - low) * (255.0 / max(1, high - low))
    border = np.concatenate([stretched[0], stretched[-1], stretched[:, 0], stretched[:, -1]])
    if np.median(border) < 128:
        stretched = 255 - stretched
    # Softly: a hard threshold breaks thin strokes of small print.
    lifted = np.clip((stretched - 90) * 1.9, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(lifted, cv2.COLOR_GRAY2RGB), dtype=np.uint8)


def _enlarged(piece: Pixels, factor: float) -> Pixels:
    if not piece.size:
        return piece
    grown = cv2.resize(piece, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
    return np.asarray(grown, dtype=np.uint8)

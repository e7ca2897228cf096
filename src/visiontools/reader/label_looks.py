"""Second looks: each figure is cut out again, enlarged, and must say the same twice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import cv2
import numpy as np

from visiontools.reader.label_amounts import Amount, amounts
from visiontools.reader.label_facts import Fact, allowed_units
from visiontools.reader.ocr import Pixels, Text, cut, read_crops

Reader = Callable[[Sequence[Pixels]], list[Text]]
G_LOOKALIKES = ("9", "8", "0", "6", "q")
WEAK = 0.5
"""A figure whose least certain character is below this is disputed before any second look."""


def look_again(rgb: Pixels, facts: Sequence[Fact], read: Reader = read_crops) -> None:
    """Mark each fact confirmed or disputed by readings of its enlarged crop: two, or three."""
    crops = [crop for fact in facts for crop in (closer(rgb, fact), bolder(rgb, fact))]
    texts = iter(read(crops))
    for fact in facts:
        looks = [next(texts), next(texts)]
        judge(fact, looks)
        if fact.disputed and any(vote(fact, look) for look in looks):
            judge(fact, [*looks, *read([wider(rgb, fact)])])


def judge(fact: Fact, looks: Sequence[Text]) -> None:
    """Confirmed: a look says the same and none says otherwise, or two of three do. Else disputed.

    A figure that was not clear at first (no unit, a spoilt number) needs two looks to agree on
    a number with its unit, and is then what they say.
    """
    if fact.unclear:
        _mend(fact, [amount_in(look) for look in looks[:2]])
        return
    votes = [vote(fact, look) for look in looks]
    fact.otherwise = tuple(
        _value(look) for look, agrees in zip(looks, votes, strict=True) if agrees is False
    )
    against = votes.count(False)
    fact.disputed = against > (1 if votes.count(True) >= 2 else 0)
    fact.confirmed = not fact.disputed and True in votes and fact.confidence >= WEAK


def vote(fact: Fact, look: Text) -> bool | None:
    """Whether a look agrees; None where it shows no amount, or only failed to see the unit."""
    amount = amount_in(look)
    if amount is None or look.confidence < WEAK:
        return None
    if amount.value is not None and amount.unit == fact.unit:
        return abs(amount.value - fact.amount) < 1e-9
    if amount.unit is None:
        if not _prints_unit(fact):
            return amount.value is not None and abs(amount.value - fact.amount) < 1e-9
        # A small g is easily taken for a 9: the same digits and one more say nothing.
        seen, first = _digits(look.text), _digits(fact.printed)
        if seen == first or (seen[:-1] == first and seen[-1:] in G_LOOKALIKES):
            return None
    return False


def _value(look: Text) -> float | None:
    amount = amount_in(look)
    return None if amount is None else amount.value


def _prints_unit(fact: Fact) -> bool:
    return any(character.isalpha() for character in fact.printed)


def _digits(text: str) -> str:
    """The digits of an amount, with o for nought and any separator as a point."""
    plain = text.strip().lower().replace(",", ".").replace("o", "0").lstrip("<")
    return re.sub(r"[^0-9.q]", "", plain)


def _mend(fact: Fact, seen: Sequence[Amount | None]) -> None:
    first, *others = seen
    fact.disputed = True
    if first is None or first.value is None or first.unit not in allowed_units(fact.nutrient):
        return
    if all(o and (o.value, o.unit) == (first.value, first.unit) for o in others):
        fact.amount, fact.unit = first.value, first.unit or fact.unit
        fact.slack, fact.less_than = first.slack, fact.less_than or first.less_than
        fact.disputed, fact.unclear, fact.confirmed = False, False, True


def amount_in(look: Text) -> Amount | None:
    """The one amount a look shows; None where it shows none, unclear where it shows several."""
    found = [amount for amount in amounts(look.text) if amount.unit != "%"]
    if not found:
        return None
    return found[0] if len(found) == 1 else replace(found[0], value=None)


def closer(rgb: Pixels, fact: Fact) -> Pixels:
    """The figure at twice its size with a little room around it."""
    return _enlarged(cut(rgb, fact.quad, pad=0.06), 2.0)


def wider(rgb: Pixels, fact: Fact) -> Pixels:
    """The figure a little enlarged with much room around it."""
    return _enlarged(cut(rgb, fact.quad, pad=0.2), 1.5)


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

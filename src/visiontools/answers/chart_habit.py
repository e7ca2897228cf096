"""How numbers are printed in one picture, told by what its figures prove of each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from visiontools.answers.chart_numbers import (
    CHARACTERS,
    CURRENCIES,
    SCALES,
    Habit,
    Mark,
    Parts,
    figure,
    parts_of,
    readings_of,
    under,
)


def habit_of(
    texts: Iterable[str | None],
    ticks: Sequence[Sequence[str]] = (),
    pairs: Iterable[tuple[str | None, float | None]] = (),
) -> Habit:
    """What the printed numbers of a picture tell of each other.

    ``ticks`` are the numbers along each axis, ``pairs`` printed numbers with what was estimated
    for them. Where they contradict each other, nothing is told.
    """
    told: set[Mark] = set()
    known = [parts for text in texts if text and (parts := parts_of(text))]
    known += [parts for axis in ticks for text in axis if (parts := parts_of(text))]
    scaled = any(word.casefold() in SCALES for each in known for word in each.after)
    for each in known:
        told |= _tells(each)
    if not told:
        told = {mark for axis in ticks if (mark := _by_steps(axis))}
    if not told:
        told = {mark for text, near in pairs if (mark := _by_estimate(text, near))}
    if not told and any(re.fullmatch(r"[1-9]\d\d", each.digits) for each in known):
        told = {mark for each in known if (mark := _as_grouped(each.digits))}
    return Habit(told.pop() if len(told) == 1 else None, scaled)


def _tells(parts: Parts) -> set[Mark]:
    """Which decimal mark a number proves, if it can be read in one way only."""
    fits: list[Mark] = [mark for mark in CHARACTERS if under(parts.digits, mark) is not None]
    if len(fits) == 1:
        return set(fits)
    words = (*parts.before, *parts.after)  # "$1.250M" may well have three decimals
    if words and all(word in CURRENCIES for word in words) and (mark := _as_grouped(parts.digits)):
        return {mark}
    return set()


def _as_grouped(digits: str) -> Mark | None:
    """The decimal mark where the one mark in "1,250" groups thousands."""
    if len(readings_of(digits)) < 2:
        return None
    return "point" if "," in digits else "comma"


def _by_steps(ticks: Sequence[str]) -> Mark | None:
    """The reading in which the steps of an axis are even, where only one has that."""
    even: list[Mark] = []
    for mark in CHARACTERS:
        values = [figure(text, Habit(mark)).value for text in ticks]
        known = [value for value in values if value is not None]
        if len(known) == len(ticks) and _is_even([b - a for a, b in pairwise(known)]):
            even.append(mark)
    return even[0] if len(even) == 1 else None


def _is_even(steps: Sequence[float]) -> bool:
    """Whether there are several steps of one size."""
    if len(steps) < 2 or not steps[0]:
        return False
    return all(abs(step - steps[0]) <= abs(steps[0]) * 1e-6 for step in steps)


def _by_estimate(text: str | None, near: float | None) -> Mark | None:
    """The reading that is near what was estimated, where the other is far from it."""
    if not text or not near:
        return None
    fits: list[Mark] = []
    for mark in CHARACTERS:
        value = figure(text, Habit(mark)).value
        if value is not None and abs(value - near) <= 0.25 * abs(near):
            fits.append(mark)
    return fits[0] if len(fits) == 1 else None


def grain(text: str | None, habit: Habit) -> float:
    """What the last digit of a printed number stands for: 100,000 in "1.2M", 0.01 in "3.50"."""
    parts = parts_of(text) if text else None
    if parts is None:
        return 1.0
    mark = habit.mark or next(iter(_tells(parts)), None)
    plain = under(parts.digits, mark) if mark else None
    if mark is None or plain is None:
        mark, plain = "point", under(parts.digits, "point")
    value = figure(text, habit).value
    scale = abs(value / plain) if value and plain else 1.0
    return scale * 10.0 ** -len(parts.digits.partition(CHARACTERS[mark])[2])

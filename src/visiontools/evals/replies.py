"""How a reply is compared with the ones that are right, as public sets of questions do. Pure.

``relaxed``: ChartQA's relaxed accuracy, a number may be off by 5 % (Masry et al. 2022, section 5).
``anls``: DocVQA's normalised Levenshtein similarity, nothing below one half (Biten et al. 2019).
``vqa``: VQAv2's accuracy, right where three of ten people said it (Antol et al. 2015), here as
right or wrong at one half. ``choice``: the letter of an option, as in AI2D and MMMU.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from visiontools.errors import UsageError

_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_LETTER = re.compile(r"\b([A-J])\b")
_OFF = 0.05
_HALF = 0.5


def reply_is_right(reply: str, wanted: Sequence[str], by: str) -> bool:
    """Whether a reply counts as right. Raises UsageError for a measure there is not."""
    try:
        measure = MEASURES[by]
    except KeyError:
        raise UsageError(
            f"There is no measure of replies named '{by}'.", next=f"Take {', '.join(MEASURES)}."
        ) from None
    return measure(reply, wanted) >= _HALF


def exact(reply: str, wanted: Sequence[str]) -> float:
    """1 where the reply is, or holds as whole words, one of the right ones."""
    said = f" {_plain(reply)} "
    return float(any(f" {_plain(each)} " in said for each in wanted))


def relaxed(reply: str, wanted: Sequence[str]) -> float:
    """1 for the right words, or for a number at most 5 % off."""
    return max((_relaxed(reply, each) for each in wanted), default=0.0)


def _relaxed(reply: str, wanted: str) -> float:
    number = _number(wanted)
    if number is None:
        return exact(reply, (wanted,))
    said = [value for found in _NUMBER.findall(reply) if (value := _number(found)) is not None]
    if number == 0:
        return float(0 in said)
    return float(any(abs(value - number) / abs(number) <= _OFF for value in said))


def _number(text: str) -> float | None:
    plain = text.strip().rstrip("%").replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None


def anls(reply: str, wanted: Sequence[str]) -> float:
    """The best similarity, 0 where it is below one half."""
    best = max((_similarity(_spaced(reply), _spaced(each)) for each in wanted), default=0.0)
    return best if best >= _HALF else 0.0


def _similarity(one: str, other: str) -> float:
    longer = max(len(one), len(other))
    return 1.0 if not longer else 1 - edits(one, other) / longer


def edits(one: str, other: str) -> int:
    """Levenshtein's distance in characters."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]


def vqa(reply: str, wanted: Sequence[str]) -> float:
    """min(people who said it / 3, 1); ``wanted`` are what all ten said."""
    said = _plain(reply)
    return min(sum(_plain(each) == said for each in wanted) / 3, 1.0)


def choice(reply: str, wanted: Sequence[str]) -> float:
    """1 where the last letter named is the right one."""
    named = _LETTER.findall(reply)
    return float(bool(named) and named[-1] in wanted)


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s.%-]", " ", text.casefold()).split()).strip(".")


def _spaced(text: str) -> str:
    return " ".join(text.casefold().split())


MEASURES = {"exact": exact, "relaxed": relaxed, "anls": anls, "vqa": vqa, "choice": choice}

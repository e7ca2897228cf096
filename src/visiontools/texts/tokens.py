"""How many tokens a text takes at most, without any model's vocabulary.

The rates were fitted to Llama 3's tokenizer, which cuts a text into words, groups of up to three
digits, marks and white space before it cuts further. Each rate lies above what ordinary text of
its script takes, so that the sum is never below the truth for texts of the eight languages; it
is up to twice the truth.
"""

from __future__ import annotations

import math
import re
from collections import Counter

_PART = re.compile(r"[^\W\d_]+| ?\d+|\s+|[^\w\s]+|_+")
_PLAIN = re.compile(r"[A-Za-z]?[a-z]*")
_LATIN_ENDS = 0x250
_SURE = 1.12
_A_TEXT = 8
_RATES = (
    (0x0370, 0x0600, 0.6),  # Greek, Cyrillic, Armenian, Hebrew
    (0x0600, 0x0900, 0.75),  # Arabic and its neighbours
    (0x0900, 0x0980, 0.8),  # Devanagari
    (0x0E00, 0x0E80, 0.65),  # Thai
    (0x3040, 0xD7B0, 1.4),  # Japanese, Chinese, Korean
)
"""Tokens a character, by the first and the one after the last of a script."""


def most_tokens(text: str) -> int:
    """No fewer tokens than ``text`` takes."""
    return math.ceil(weight(text)) + _A_TEXT


def weight(text: str) -> float:
    """The same for a part of a text: parts weigh together what the text weighs."""
    parts = Counter(_PART.findall(text))
    return _SURE * sum(_of(part) * times for part, times in parts.items())


def _of(part: str) -> float:
    if part[-1].isdecimal():
        return _digits(part)
    if part.isspace():
        return _space(part)
    if part[0].isalpha():
        return _letters(part)
    return sum(1.0 if ord(c) < 0x80 else _script(c) for c in part)


def _digits(part: str) -> float:
    """A space before them is a token of its own."""
    return math.ceil(len(part.strip()) / 3) + 1.0 if part.isascii() else float(len(part.encode()))


def _space(part: str) -> float:
    """One space goes with the word after it."""
    return 0.0 if part == " " else len(part) / 3 + 1


def _letters(part: str) -> float:
    latin = [c for c in part if ord(c) < _LATIN_ENDS]
    accents = sum(ord(c) > 0x7F for c in latin)
    others = sum(_script(c) for c in part if ord(c) >= _LATIN_ENDS)
    if not latin:
        return others
    plain = "".join(c for c in latin if ord(c) < 0x80)
    if not _PLAIN.fullmatch(plain):  # capitals throughout, or no word at all
        return len(latin) * 0.85 + accents + others
    return max(1.0, 1 + (len(latin) - 3) * 0.3) + accents * 0.5 + others


def _script(character: str) -> float:
    code = ord(character)
    for first, end, rate in _RATES:
        if first <= code < end:
            return rate
    return float(len(character.encode("utf-8", "replace")))

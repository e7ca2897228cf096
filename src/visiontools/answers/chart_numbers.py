"""Numbers as people print them, parsed; what can be read in two ways is said, not guessed.

"1,250" is twelve hundred and fifty in London and one and a quarter in Berlin. Which it is here is
told by the other figures of the same picture (``chart_habit``): "3.50" or "1,234,567" beside it, an
axis whose steps are only even in one reading. Where nothing tells, the figure has no value.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Mark = Literal["point", "comma"]
CHARACTERS: dict[Mark, str] = {"point": ".", "comma": ","}

CURRENCIES = frozenset("€$£¥₹₩₽₺฿₫₴₦₱") | {
    "EUR", "USD", "GBP", "JPY", "CNY", "INR", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF",
    "THB", "BRL", "MXN", "CAD", "AUD", "NZD", "ZAR", "KRW", "TRY", "SGD", "HKD", "Fr.", "CHF.",
    "kr", "Kr", "zł", "R$", "US$", "A$", "C$", "NZ$", "HK$", "S$", "Rs", "Rs.",
}  # fmt: skip
SCALES = {
    "k": 1e3, "tsd": 1e3, "tsd.": 1e3, "thousand": 1e3, "thousands": 1e3,
    "mn": 1e6, "mio": 1e6, "mio.": 1e6, "million": 1e6, "millions": 1e6,
    "bn": 1e9, "mrd": 1e9, "mrd.": 1e9, "billion": 1e9, "billions": 1e9,
    "tn": 1e12, "trillion": 1e12, "trillions": 1e12,
}  # fmt: skip
_CAPITALS = {"M": 1e6, "B": 1e9}
_UNCLEAR = {"m": 1e6, "mm": 1e6, "b": 1e9, "T": 1e12}
"""Also metres, millimetres, bits and teslas: scales only of money, or beside a k."""
_ABOUT = frozenset(("~", "≈", "ca.", "ca", "c.", "about", "approx."))
_NO_UNITS = frozenset(("st", "nd", "rd", "th", "o", "i"))
"""Ordinals, and what a nought or a one is misread as."""
_MINUS = str.maketrans(dict.fromkeys("−‐‑‒–﹣-", "-"))
_SPACES = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ´`", "'"))
_CORE = re.compile(r"(?:\d[\d.,']*(?: \d{3}(?!\d)[\d.,']*)*|[.,]\d+)")
_WORD = re.compile(r"(?:US|R|A|C|NZ|HK|S)\$|[^\W\d_]+\.?|[€$£¥₹₩₽₺฿₫₴₦₱%‰~≈]|[^\s\w]")
_BESIDE = re.compile(r"(.*\d.*?) ?\([^()]*\d[^()]*\)")
"""A second number in brackets, such as a slice's share behind its amount: "120 (35 %)"."""
_GROUPED = re.compile(r"\d{1,3}(?:(?:,\d{3})+|(?:\.\d{3})+|(?:'\d{3})+|(?: \d{3})+)")
_LAKHS = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_MOST = 60


@dataclass(frozen=True, slots=True)
class Figure:
    """A number: its value with the scale worked in, and the unit printed with it.

    ``value`` is None where the text is no single number, or ``doubt`` says in which ways it can
    be read.
    """

    value: float | None
    unit: str | None = None
    doubt: str | None = None


@dataclass(frozen=True, slots=True)
class Habit:
    """How numbers are printed in one picture: its decimal mark, and whether 5m is five million."""

    mark: Mark | None = None
    scaled: bool = False


NOTHING = Figure(None)


@dataclass(frozen=True, slots=True)
class Parts:
    digits: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    negative: bool


_UNKNOWN = Habit()


def figure(text: str | None, habit: Habit = _UNKNOWN) -> Figure:
    """The number a text is. "12–15", "3/4" and dates are none; "n/a" and "" are none either."""
    parts = parts_of(text) if text else None
    if parts is None:
        return NOTHING
    unit, factor = _unit(parts, habit)
    readings = readings_of(parts.digits)
    if len(readings) > 1 and _is_money(unit) and factor == 1:
        readings = [readings[0]]  # no price has three decimals
    if len(readings) > 1 and habit.mark and (told := under(parts.digits, habit.mark)) is not None:
        readings = [told]
    if not readings:
        return NOTHING
    sign = -1.0 if parts.negative else 1.0
    values = [sign * value * factor + 0.0 for value in readings]
    if len(values) > 1:
        whole, part = values
        return Figure(None, unit, f"'{_short(text)}' is {whole:,.12g} or {part:,.12g}")
    return Figure(round(values[0], 9), unit)


def has_number(text: str | None) -> bool:
    """Whether a text is a single number in some reading."""
    parts = parts_of(text) if text else None
    return parts is not None and bool(readings_of(parts.digits))


def parts_of(text: str) -> Parts | None:
    """A text taken apart round its one number; None where it has none, several, or a bound."""
    if len(text) > _MOST:
        return None
    plain = _plain(text)
    if beside := _BESIDE.fullmatch(plain):
        plain = beside[1]
    found = list(_CORE.finditer(plain))
    if len(found) != 1:
        return None
    core = found[0]
    head, tail = plain[: core.start()].strip(), plain[core.end() :].strip()
    digits = core[0]
    while digits[-1] in ".,'":  # a full stop after it
        digits = digits[:-1]
    negative = False
    opened, closed = head.count("("), tail.count(")")
    if opened or closed:
        if not (opened == closed == 1):
            return None
        negative, head, tail = True, head.replace("(", " "), tail.replace(")", " ")
    before, after = _WORD.findall(head), _WORD.findall(tail)
    if before.count("-") + after.count("-") > 1 or (after.count("-") and after[0] != "-"):
        return None
    negative = negative != ("-" in before or "-" in after)
    before = [word for word in before if word not in ("-", "+") and word.casefold() not in _ABOUT]
    after = [word for word in after if word != "-"]
    if any(word not in CURRENCIES for word in before) or not _is_a_unit(after):
        return None
    return Parts(digits, tuple(before), tuple(after), negative)


def _is_a_unit(words: Sequence[str]) -> bool:
    """Whether what follows a number is a unit: "kg", "€/l", and no "th", "+" or second power."""
    if not words:
        return True
    if words[0].casefold() in _NO_UNITS or words[0][0].isnumeric():
        return False
    if any(sign in words for sign in "<>=:+#"):
        return False
    strokes = words.count("/")
    return not strokes or (strokes == 1 and 0 < words.index("/") < len(words) - 1)


def _plain(text: str) -> str:
    """Digits of any script, spaces, minus signs and apostrophes as ASCII has them."""
    spaced = _SPACES.sub(" ", text).translate(_MINUS).translate(_APOSTROPHES)
    return "".join(_digit(character) for character in spaced)


def _digit(character: str) -> str:
    if character.isascii():
        return character
    value = unicodedata.decimal(character, None)
    return character if value is None else f"{value}"


def _unit(parts: Parts, habit: Habit) -> tuple[str | None, float]:
    """The unit, and what the number is multiplied by: "€ 1.2 bn" is in €, times a billion."""
    money = any(word in CURRENCIES for word in (*parts.before, *parts.after))
    after, factor = list(parts.after), 1.0
    if after and "/" not in after:
        scale = _scale(after[0], money=money, scaled=habit.scaled)
        if scale is not None:
            factor, after = scale, after[1:]
    words = [*parts.before, *after]
    unit = "".join(words) if "/" in words else " ".join(words)
    return unit or None, factor


def _scale(word: str, *, money: bool, scaled: bool) -> float | None:
    if word in _CAPITALS:
        return _CAPITALS[word]
    if word in _UNCLEAR:
        return _UNCLEAR[word] if money or scaled else None
    return SCALES.get(word.casefold())


def _is_money(unit: str | None) -> bool:
    return unit is not None and unit in CURRENCIES


def readings_of(digits: str) -> list[float]:
    """Every value the digits can have: none, one, or the whole number and the decimal one."""
    values = [
        value
        for mark in CHARACTERS
        if (value := under(digits, mark)) is not None
    ]  # fmt: skip
    return sorted(set(values), reverse=True)


def under(digits: str, mark: Mark) -> float | None:
    """The value where ``mark`` is the decimal mark; None where the digits do not fit that."""
    character = CHARACTERS[mark]
    whole, point, part = digits.partition(character)
    if point and not (part.isascii() and part.isdigit()):
        return None
    if not whole:
        whole = "0"
    if not whole.isdigit():
        grouped = _GROUPED.fullmatch(whole) or (mark == "point" and _LAKHS.fullmatch(whole))
        if not grouped or character in whole or whole.startswith("0"):
            return None
        whole = re.sub(r"[.,' ]", "", whole)
    return float(f"{whole}.{part or 0}")


def _short(text: str | None) -> str:
    return " ".join((text or "").split())

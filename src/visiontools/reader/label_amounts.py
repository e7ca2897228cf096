"""Amounts in read text: a number with its unit, and where on the line it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass

from visiontools.answers.label import Quantity
from visiontools.reader.label_words import LESS_THAN

_UNIT = r"kcal|kca[l1i]?|calories|cal|kj|mg|mcg|[µμ]g|ug|g|%"
AMOUNT = re.compile(
    rf"(?:(?<![\w.,])|(?<=\dg)(?=\d))"
    rf"(?P<number>(?:\d{{1,3}}(?:[ .,]\d{{3}})+|\d+)(?:\s?[.,]\s?\d+)?|[oO](?:[.,]\d+)?)"
    rf"(?:\s*(?P<unit>{_UNIT})(?![a-zA-Z])|(?![\w.,]\w))",
    re.IGNORECASE,
)
_LEADING_UNIT = re.compile(r"(?<![^\W\d])(?:kcal|kj|mg|mcg|[µμ]g|g)(?![^\W\d])", re.IGNORECASE)
_UNITS = {
    "kcal": "kcal", "kcai": "kcal", "kca1": "kcal", "kca": "kcal", "cal": "kcal",
    "calories": "kcal", "kj": "kJ", "mg": "mg", "mcg": "µg", "µg": "µg", "μg": "µg", "ug": "µg",
    "g": "g", "%": "%",
}  # fmt: skip
_QUANTITY = re.compile(
    r"(?<![\w.,])(?P<number>\d+(?:[.,]\d+)?)\s*(?P<unit>fl\.?\s*oz|oz|ml|m1|cl|l|kg|gr?)(?![\w])",
    re.IGNORECASE,
)
_QUANTITY_UNITS = {"ml": "ml", "m1": "ml", "cl": "cl", "l": "l", "kg": "kg", "g": "g", "gr": "g"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as read; ``unit`` is None where none is printed beside it.

    ``start`` and ``end`` are character positions in the text, from the number to its unit.
    ``value`` is None where the digits allow two readings (1.046 g) or are clearly spoilt (05).
    """

    value: float | None
    unit: str | None
    start: int
    end: int
    places: int = 0
    less_than: bool = False

    @property
    def slack(self) -> float:
        """Half a unit of the last place printed: what rounding may have hidden."""
        return float(0.5 * 10.0**-self.places)


def amounts(text: str) -> list[Amount]:
    """Every amount in a line of text, left to right."""
    found: list[Amount] = []
    for match in AMOUNT.finditer(text):
        start, unit = match.start(), _UNITS.get((match["unit"] or "").lower())
        if unit is None:
            start, unit = _unit_before(text, found[-1].end if found else 0, start)
        number = match["number"]
        if number in "oO" and unit is None:
            continue
        value, places = number_of(number, unit)
        end = match.end()
        alone = unit or not text[:start].strip()
        if not match["unit"] and alone and re.fullmatch(r"[.,]\s*", text[end:]):
            # "g 6," has lost its decimals; the comma after "Calories 190," ends a phrase.
            value, end = None, len(text)
        less = bool(LESS_THAN.search(text[:start]) or LESS_THAN.search(text[: match.start()]))
        found.append(Amount(value, unit, start, end, places, less))
    return found


def _unit_before(text: str, begin: int, end: int) -> tuple[int, str | None]:
    """Where an amount begins whose unit stands before it (kJ 1533), and that unit.

    Two units there ("kJ/kcal 1533/364") name the row, not the number.
    """
    lead = text[begin:end]
    units = list(_LEADING_UNIT.finditer(lead))
    if len(units) != 1 or not re.fullmatch(r"[\s.:<≤]*", lead[units[0].end() :]):
        return end, None
    return begin + units[0].start(), _UNITS[units[0][0].lower()]


def unit_at_start(text: str) -> str | None:
    """The unit a text begins with, where the number stands at the end of the line above."""
    match = re.match(rf"\s*({_UNIT})(?![\w])", text, re.IGNORECASE)
    return _UNITS.get(match[1].lower()) if match else None


def number_of(text: str, unit: str | None) -> tuple[float | None, int]:
    """A printed number and its decimal places; None where it can be read in two ways.

    A letter O stands for a nought. Three digits after a separator are thousands for kJ, kcal and
    mg, decimals after a leading nought, and otherwise nobody knows.
    """
    if re.search(r"\d\s+\d", text) and unit not in ("kJ", "kcal", "mg"):
        return None, 0
    bare = re.sub(r"\s", "", text).replace("o", "0").replace("O", "0")
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", bare) and not bare.startswith("0"):
        if unit in ("kJ", "kcal", "mg", "µg"):
            return float(re.sub(r"[.,]", "", bare)), 0
        return None, 0
    whole, _, decimals = bare.replace(",", ".").partition(".")
    if "." in decimals or (len(whole) > 1 and whole.startswith("0")):
        return None, 0
    return float(f"{whole}.{decimals or 0}"), len(decimals)


def quantities(text: str) -> list[Quantity]:
    """Quantities such as 330 ml, 12 fl oz or 1,5 l in a text, metric ones first."""
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(text.replace("mI", "ml")):
        unit = re.sub(r"[\s.]", "", match["unit"].lower())
        name = {"floz": "fl_oz", "oz": "oz"}.get(unit) or _QUANTITY_UNITS[unit]
        value, _ = number_of(match["number"], None)
        if value:
            found.append(Quantity.model_validate({"amount": value, "unit": name}))
    return sorted(found, key=lambda quantity: quantity.unit in ("fl_oz", "oz"))


def only_size(text: str) -> bool:
    """Whether a text is one quantity and nothing else."""
    return len(quantities(text)) == 1 and _QUANTITY.fullmatch(text.strip(" *()")) is not None


def base_amount(quantity: Quantity) -> tuple[float, str]:
    """A quantity in ml or in g."""
    factors = {
        "ml": (1.0, "ml"), "cl": (10.0, "ml"), "l": (1000.0, "ml"), "fl_oz": (29.5735, "ml"),
        "g": (1.0, "g"), "kg": (1000.0, "g"), "oz": (28.3495, "g"),
    }  # fmt: skip
    factor, unit = factors[quantity.unit]
    return quantity.amount * factor, unit

"""Dates and numbers in the form of the language spoken now (Unicode's CLDR: short date, decimals).

What programs read keeps its own form: JSON, CSV, hidden fields and addresses never pass here.
"""

from __future__ import annotations

import datetime as dt
import re

from visiontools.translations import spoken

_DAYS = {
    "en": "{0.year:04}-{0.month:02}-{0.day:02}",
    "de": "{0.day:02}.{0.month:02}.{0.year:04}",
    "th": "{0.day}/{0.month}/{1}",
    "hi": "{0.day}/{0.month}/{0.year}",
    "es": "{0.day}/{0.month}/{0.year}",
}
_DAY_OF_OTHERS = "{0.day:02}/{0.month:02}/{0.year:04}"
_BUDDHIST = 543
_COMMA = {"de": ".", "es": ".", "it": ".", "pt": ".", "fr": "\u202f"}
"""Languages with a decimal comma, and what stands between their thousands."""
_NUMBER = re.compile(r"(?<![\w.,/:-])[-−]?\d{1,3}(?:(?:,\d{3})+|\d*)(?:\.\d+)?(?![\w/:-]|[.,]\d)")
_BY_TWO = re.compile(r"\d(?=(?:\d\d)+$)")


def moment(when: dt.datetime) -> str:
    """A moment for people, in UTC like everything that is kept. Thai counts years from Buddha."""
    at = when.astimezone(dt.UTC)
    day = _DAYS.get(spoken(), _DAY_OF_OTHERS).format(at, at.year + _BUDDHIST)
    return f"{day} {at:%H:%M} UTC"


def figures(text: str) -> str:
    """A text with its numbers as the language writes them: ``1,234.5 g`` is ``1.234,5 g``.

    Times, dates, versions and parts of words are left alone.
    """
    if spoken() in _COMMA or spoken() == "hi":
        return _NUMBER.sub(lambda found: _figure(found[0]), text)
    return text


def _figure(written: str) -> str:
    whole, point, rest = written.partition(".")
    between = _COMMA.get(spoken())
    if between is not None:
        return whole.replace(",", between) + ("," if point else "") + rest
    above, comma, last = whole.rpartition(",")
    above = _BY_TWO.sub(r"\g<0>,", above.replace(",", ""))  # 12,34,567
    return f"{above}{comma}{last}{point}{rest}"

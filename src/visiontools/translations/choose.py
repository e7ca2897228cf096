"""Which of the languages a browser asks for."""

from __future__ import annotations

from visiontools.translations import ENGLISH, NAMES

_MOST = 20
"""Languages of a header that are looked at."""


def asked_for(header: str) -> str:
    """The language of ours that an Accept-Language header (RFC 9110, 12.5.4) likes best."""
    best, weight = ENGLISH, 0.0
    for part in header.split(",")[:_MOST]:
        name, _, rest = part.partition(";")
        language = name.strip().lower().partition("-")[0]
        likes = _weight(rest)
        if language in NAMES and likes > weight:
            best, weight = language, likes
    return best


def _weight(parameter: str) -> float:
    """From 0 to 1; a weight that is none counts as not asked for."""
    name, _, value = parameter.strip().partition("=")
    if not name:
        return 1.0
    try:
        found = float(value)
    except ValueError:
        return 0.0
    return found if name.strip() == "q" and 0 <= found <= 1 else 0.0

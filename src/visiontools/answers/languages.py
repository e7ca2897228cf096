"""The eight languages of Llama 3.2's text models, and which one a text is in."""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

Language = Literal["en", "de", "fr", "it", "pt", "hi", "es", "th"]
NAMES: dict[str, str] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "it": "Italian",
    "pt": "Portuguese",
    "hi": "Hindi",
    "es": "Spanish",
    "th": "Thai",
}
_COMMON = {
    "en": "the and of to is are was were will has have with for that this not be they by on",
    "de": "der die das und ist sind wurde wird nicht mit für auf ein eine dass dem den von zu bis",
    "fr": "le les et est sont des une du pour dans que qui pas avec sur il elle au aux ont",
    "it": "il gli e è sono una del della per che non con di si ha hanno da nel alla lo",
    "pt": "o os e é são uma do da para que não com em foi ao dos das um pelo até",
    "es": "el los y es son una del la para que no con en fue al las un por se hasta",
}
_SCRIPTS = (("hi", "\u0900", "\u097f"), ("th", "\u0e00", "\u0e7f"))
_LEAST = 3
"""Common words that tell, or letters of a script of one's own."""


def language_of(text: str) -> str | None:
    """The language by its script or its commonest words; None where that does not tell."""
    letters = [character for character in text if character.isalpha()]
    for language, first, last in _SCRIPTS:
        own = sum(first <= character <= last for character in text)
        if own >= _LEAST and own * 2 > len(letters):
            return language
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    scores = {
        language: sum(words[common] for common in known.split())
        for language, known in _COMMON.items()
    }
    best, second = sorted(scores.values(), reverse=True)[:2]
    if best < _LEAST or best < second * 1.3:
        return None
    return max(scores, key=lambda language: scores[language])


def words_in(text: str) -> int:
    """About how many words; Thai writes none apart, and its words have about five signs."""
    thai = sum("\u0e00" <= character <= "\u0e7f" for character in text)
    return thai // 5 if thai * 2 > len(text) else len(text.split())

"""Letters and signs that a terminal cannot show, spelt with those it can."""

from __future__ import annotations

import codecs
import unicodedata
from typing import TextIO

_SPELT = {
    "“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "…": "...", "•": "-",
    "✓": "*", "≈": "~", "≥": ">=", "≤": "<=", "≠": "!=", "×": "x", "µ": "u", "€": "EUR",
    "ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss", "æ": "ae",
    "ø": "o", "ł": "l",
}  # fmt: skip
_HANDLER = "visiontools.spelt"


def spell(stream: TextIO) -> None:
    """Let a stream spell what it cannot show, '?' at the last, instead of failing."""
    codecs.register_error(_HANDLER, _spelt)
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors=_HANDLER)


def _spelt(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_letter(letter, error.encoding) for letter in text), error.end


def _letter(letter: str, encoding: str) -> str:
    bare = unicodedata.normalize("NFKD", letter)
    for said in (_SPELT.get(letter, ""), "".join(c for c in bare if not unicodedata.combining(c))):
        if said and _fits(said, encoding):
            return said
    return "?"


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

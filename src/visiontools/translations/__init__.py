"""The interface's own texts in eight languages: which one is spoken now, and a text in it.

The English text is the key. A catalogue is a .po file beside this one, as translators' programs
write it, and is read as it is. Whoever serves a person sets the language (``speaking``); where
nobody does, as at the command line, it is English.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

from visiontools.translations.po import Catalogue, read

NAMES = {
    "en": "English",
    "de": "Deutsch",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "it": "Italiano",
    "pt": "Português",
    "th": "ไทย",
}
"""The languages there are, as those who speak them call them."""
ENGLISH = "en"
_spoken: ContextVar[str] = ContextVar("visiontools_language", default=ENGLISH)


def spoken() -> str:
    """The language spoken now."""
    return _spoken.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language within, one of ``NAMES``."""
    before = _spoken.set(language if language in NAMES else ENGLISH)
    try:
        yield
    finally:
        _spoken.reset(before)


@cache
def catalogue(language: str) -> Catalogue:
    """The texts of a language; none for English, whose texts are the keys."""
    if language == ENGLISH:
        return Catalogue()
    return read((Path(__file__).parent / f"{language}.po").read_text("utf-8"))


def is_known(text: str) -> bool:
    """Whether the language spoken now has this text."""
    return spoken() == ENGLISH or text in catalogue(spoken()).texts


def tr(text: str, /, **values: object) -> str:
    """``text`` in the language spoken now, with the values put in for ``%(name)s``."""
    said = catalogue(spoken()).texts.get(text, text)
    return said % values if values else said


def trn(one: str, many: str, number: int, /, **values: object) -> str:
    """One of two texts by a number, which is ``%(num)s`` in them."""
    found = catalogue(spoken()).form(one, number)
    if found is None:
        found = one if number == 1 else many
    return found % {"num": number, **values}


def marked(text: str) -> str:
    """``text`` itself: it is translated where it is shown."""
    return text

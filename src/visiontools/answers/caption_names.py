"""Names that nobody printed: a caption says what is there, never who somebody is."""

from __future__ import annotations

import re

from visiontools.answers.caption_words import QUOTED, WORD

_GENERAL_WORDS = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june
july august september october november december christmas easter halloween i tv usb led dvd cd
pc uk us usa eu qr dna atm suv bbq t-shirt t-shirts x-ray x-rays a b c d e f g h victorian
gothic baroque roman greek european african asian american arctic english german french italian
spanish portuguese dutch swiss austrian danish swedish norwegian finnish polish russian turkish
indian hindi thai chinese japanese korean vietnamese mexican brazilian canadian australian
british irish scottish welsh arabic hebrew latin egyptian persian mediterranean labrador
dalmatian alsatian siamese christian buddhist hindu muslim jewish internet earth
"""
_PLACES_WORDS = """
tower bridge square street road avenue lane river lake sea ocean mount mountain mountains palace
cathedral castle station museum park island islands hall gate wall church temple stadium airport
beach canyon valley bay harbour harbor falls desert coast pier market opera house mosque
monastery fort pyramid pyramids
"""
_PEOPLE_WORDS = """
person people man men woman women boy boys girl girls child children baby babies face faces
portrait crowd player players couple family
"""
_OPENERS_WORDS = """
the a an this that these those in on at by with from behind below above beside between under
over near man woman boy girl president singer actor actress king queen person while as two three
four five six seven eight nine ten portrait drawing painting screenshot chart text
"""
_SMALL_WORDS = "the a an and or of with in on at by to is are named called s 's"
_SMALL = frozenset(_SMALL_WORDS.split())
"""What nobody means who names nothing with it."""
_GENERAL = frozenset(_GENERAL_WORDS.split())
"""Words with a capital that say what something is, not who somebody is."""
_PLACES = frozenset(_PLACES_WORDS.split())
"""What ends the name of a place."""
PEOPLE = frozenset(_PEOPLE_WORDS.split())
"""Words for people."""
_OPENERS = frozenset(_OPENERS_WORDS.split())
"""What begins a sentence before a name."""


def guessed_names(text: str, printed: frozenset[str]) -> list[str]:
    """Names a text gives that are not printed in the picture; places are no people.

    A name is a word with a capital that does not begin a sentence; a single name that does is
    taken for a common word. What stands in quotation marks is for another check.
    """
    plain = QUOTED.sub(lambda each: " " * len(each[0]), text)
    groups: list[list[re.Match[str]]] = []
    for match in WORD.finditer(plain):
        if not match[0][0].isupper() or _is_known(match[0], printed):
            continue
        before = groups[-1][-1] if groups else None
        if before is not None and plain[before.end() : match.start()] == " ":
            groups[-1].append(match)
        else:
            groups.append([match])
    return [name for group in groups if (name := _name(plain, group))]


def _name(text: str, group: list[re.Match[str]]) -> str:
    if _bare(group[-1][0]) in _PLACES:
        return ""
    if len(group) == 1 and _begins(text, group[0].start()):
        return ""
    if _begins(text, group[0].start()) and _bare(group[0][0]) in _OPENERS:
        group = group[1:]
    return text[group[0].start() : group[-1].end()]


def _begins(text: str, at: int) -> bool:
    return re.search(r"(?:^|[.!?:]\s)\W*$", text[:at]) is not None


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word.casefold())


def _is_known(word: str, printed: frozenset[str]) -> bool:
    return _bare(word) in _GENERAL or _bare(word) in printed or word.casefold() in printed


def without_names(phrase: str, names: list[str]) -> str | None:
    """A phrase with its names taken out; None where only small words are left."""
    for name in names:
        phrase = phrase.replace(name, " ")
    left = phrase.split()
    while left and left[-1].strip(",;").casefold() in _SMALL:
        left.pop()
    return " ".join(left).strip(" ,;") or None

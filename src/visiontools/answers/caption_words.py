"""Words of captions: words, quotations, and numbers in eight languages."""

from __future__ import annotations

import re

from visiontools.answers.messages_quotes import numbers_in

_NUMBERS = {
    "en": "two three four five six seven eight nine ten eleven twelve",
    "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
    "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
    "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
    "pt": "dois três quatro cinco seis sete oito nove dez onze doze",
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
    "hi": "दो तीन चार पाँच छह सात आठ नौ दस ग्यारह बारह",
    "th": "สอง สาม สี่ ห้า หก เจ็ด แปด เก้า สิบ สิบเอ็ด สิบสอง",
}
_ALSO = {"pt": {"duas": 2}, "hi": {"पांच": 5, "छः": 6, "दोनों": 2}, "de": {"beiden": 2, "beide": 2}}
_RUN_ON = ("th",)
"""Languages that put no spaces between words."""
_NO_NUMBERS = re.compile("เก้าอี้|สามี|สามารถ|สามัญ|สี่เหลี่ยม|สามเหลี่ยม|หกล้ม|หกเหลี่ยม|ห้าแยก|สี่แยก|สามแยก")
"""Thai words that begin like a number: chair, husband, can, square, ..."""
WORD = re.compile(r"[^\W\d_](?:[\w'’-]*\w)?")
QUOTED = re.compile(r'"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»')


def words_of(text: str) -> frozenset[str]:
    """The words of a text in lower case."""
    return frozenset(word.casefold() for word in WORD.findall(text))


def quoted(text: str) -> list[str]:
    """What stands in double quotation marks."""
    return [each[1:-1].strip() for each in QUOTED.findall(text)]


def number_word(number: int) -> str:
    """A number as English sentences write it: in letters up to twelve."""
    words = _NUMBERS["en"].split()
    return words[number - 2] if 2 <= number < len(words) + 2 else str(number)


def said_numbers(text: str, language: str = "en") -> set[int]:
    """Runs of digits, and words from two to twelve; "one" says too many other things."""
    found = {int(run) for run in numbers_in(text)}
    words = dict(zip(_NUMBERS[language].split(), range(2, 13), strict=True))
    words |= _ALSO.get(language, {})
    if language in _RUN_ON:
        longest_first = "|".join(sorted(words, key=len, reverse=True))
        told = re.findall(longest_first, _NO_NUMBERS.sub(" ", text))
        return found | {words[word] for word in told}
    marked = re.split(r"[^\w\u0900-\u097f]+", text.casefold())
    return found | {words[word] for word in marked if word in words}

"""The names of the data in a question, found and covered; what is left tells what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from visiontools.answers.chart_facts import Facts
from visiontools.answers.chart_words import CATEGORY, DAYS, MONTHS, NAME, OPERATIONS, SERIES, SMALL


@dataclass(frozen=True, slots=True)
class Asked:
    """The question with the names of the data covered, and those names in their order.

    ``words`` is in lower case, with one cover a name; ``left`` has the case and the places.
    """

    words: str
    series: tuple[str, ...]
    categories: tuple[str, ...]
    left: str


def asked_in(question: str, facts: Facts) -> Asked:
    """The longest name first, so that "May" of "May sales" is left alone."""
    covered = _Covered(" ".join(re.sub(NAME, " ", question).split()).rstrip(" ?!."))
    named = [*((name, SERIES) for name in facts.series), *((n, CATEGORY) for n in facts.categories)]
    for name, cover in sorted(named, key=lambda each: -len(each[0])):
        for pattern in _spellings(name):
            covered.take(pattern, cover, name)
    if facts.receipt:
        for pattern, name in _by_one_word(covered.words, facts.categories):
            covered.take(pattern, CATEGORY, name)
    return Asked(
        words=re.sub(rf"({NAME})\1*", r"\1", covered.words).casefold(),
        series=covered.names(SERIES),
        categories=covered.names(CATEGORY),
        left=covered.words,
    )


class _Covered:
    """A question whose names are covered one after the other."""

    def __init__(self, words: str) -> None:
        self.words = words
        self._spans: list[tuple[int, str, str]] = []

    def take(self, pattern: re.Pattern[str], cover: str, name: str) -> None:
        for match in pattern.finditer(self.words):
            self._spans.append((match.start(), cover, name))
            before, after = self.words[: match.start()], self.words[match.end() :]
            self.words = before + cover * len(match[0]) + after

    def names(self, cover: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for _, kind, name in sorted(self._spans) if kind == cover))


def _spellings(name: str) -> Iterator[re.Pattern[str]]:
    """A name in upper or lower case, in the plural, and months and days in short or long."""
    if len(name) <= 2:  # "A" is a name, "a" is an article
        yield re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        return
    plain = re.escape(name.strip())
    ending = "" if name.endswith("s") else "(?:e?s)?"
    yield re.compile(rf"(?<!\w){plain}{ending}(?!\w)", re.IGNORECASE)
    key = name.casefold().rstrip(".")
    for long in (*MONTHS, *DAYS):
        if key in (long, long[:3]):
            yield re.compile(rf"(?<!\w)(?:{long}|{long[:3]})(?!\w)", re.IGNORECASE)


def _by_one_word(words: str, names: Iterable[str]) -> Iterator[tuple[re.Pattern[str], str]]:
    """Goods named by a word that no others have: "bread" for "Wholemeal bread"."""
    for word in dict.fromkeys(re.findall(r"[^\W_]{4,}", words)):
        if stem(word) in SMALL or any(re.fullmatch(p, word.casefold()) for p, _ in OPERATIONS):
            continue
        holding = [name for name in names if stem(word) in map(stem, words_in([name]))]
        if len(holding) == 1:
            several = r"(?<!which )(?<!what )(?<!both )(?<!all )(?<!kinds of )"
            yield re.compile(rf"{several}(?<!\w){re.escape(word)}(?!\w)", re.I), holding[0]


def words_in(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from re.findall(r"[^\W_]+", text)


def stem(word: str) -> str:
    """A word without its plural."""
    plain = word.casefold().removesuffix("'s")
    if plain.endswith("ies") and len(plain) > 4:
        return f"{plain[:-3]}y"
    return plain.removesuffix("s") if len(plain) > 3 else plain

"""When two names mean the same food: plain words and tables, no model.

A name is brought to its *key*: lower case, singular, without amounts, measures and words that
only say how the food is ("2 large fresh tomatoes" -> "tomato"), and one name for foods that have
several (zucchini -> courgette). Then an ingredient fits a food at hand if

1. their keys are equal, or
2. the ingredient is the general name of the food (cheese fits cheddar).

Never the other way: cheese at hand is not the cheddar a dish asks for. And never by a shared word:
milk does not fit coconut milk. A *staple* a person declares stands for its ordinary kinds as well
(oil for olive oil). The words are English, as the model's answers about pictures are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from visiontools.data import load_toml

_NOT_A_WORD = re.compile(r"[^\w\-]+|_", re.UNICODE)
LONGEST_FOOD = 4
"""Words in the longest name that is looked for in a sentence."""


def _words() -> dict[str, Any]:
    return load_toml("foods.toml")


def default_staples() -> tuple[str, ...]:
    """What a kitchen is taken to have, unless a person says otherwise."""
    return tuple(_words()["staples"])


@cache
def key_of(name: str) -> str:
    """The key of a food's name; empty where the name says no food at all.

    Bringing a key to its key changes nothing.
    """
    plain = tuple(_singular(word) for word in split(name))
    telling = tuple(word for word in plain if not _is_amount(word)) or plain
    bare = tuple(word for word in telling if word not in _qualities()) or telling
    for words in (telling, bare):
        if (text := " ".join(words)) in _same():
            return _same()[text]
    # "whole milk" is a kind of milk we know: its first word is part of the name
    known = " ".join(telling)
    return known if known in _general() else " ".join(bare)


def split(text: str) -> list[str]:
    """The words of a name or a sentence, in lower case and without accents."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(c for c in folded if not unicodedata.combining(c)).casefold()
    folded = unicodedata.normalize("NFKC", folded).casefold()
    folded = re.sub(r"['’]s\b", "", folded)
    return [word for raw in _NOT_A_WORD.split(folded) if (word := raw.strip("-"))]


def fits(ingredient: str, food: str) -> bool:
    """Whether a food at hand is what an ingredient asks for (rules at the top)."""
    wanted, there = key_of(ingredient), key_of(food)
    return bool(wanted) and (wanted == there or _general().get(there) == wanted)


def fits_staple(ingredient: str, staple: str) -> bool:
    """Whether a declared staple covers an ingredient: itself, or its ordinary kinds."""
    return fits(ingredient, staple) or fits(staple, ingredient)


def meant(mention: str, ingredient: str) -> bool:
    """Whether a food a sentence mentions is an ingredient already listed.

    It is if it fits it either way, or is the end of its name (steak for rump steak); coconut milk
    in a sentence is not the milk that was listed.
    """
    if fits(mention, ingredient) or fits(ingredient, mention):
        return True
    said, listed = key_of(mention).split(), key_of(ingredient).split()
    return bool(said) and listed[-len(said) :] == said


def known_food(name: str) -> str | None:
    """The food we know that a name ends in ("rump steak" -> "steak"); None if there is none."""
    words = key_of(name).split()
    for start in range(len(words)):
        tail = " ".join(words[start:])
        if tail in _foods():
            return tail
    return None


def mentioned(text: str) -> list[str]:
    """The foods a sentence names, longest names first, each once."""
    words = [_singular(word) for word in split(text.replace("-", " "))]
    found: dict[str, None] = {}
    at = 0
    while at < len(words):
        for length in range(min(LONGEST_FOOD, len(words) - at), 0, -1):
            phrase = " ".join(words[at : at + length])
            if phrase in _foods():
                # "toast" is made of what is listed, "the juice" comes out of it
                if phrase in _made():
                    break
                found[_same().get(phrase, phrase)] = None
                at += length - 1
                break
        at += 1
    return list(found)


def avoided(name: str, avoid: Sequence[str]) -> str | None:
    """The term of ``avoid`` that a food belongs to; None if to none.

    Generous on purpose: a word of the name is enough, so that "milk" leaves out coconut milk too.
    """
    words = key_of(name).replace("-", " ").split()  # egg-fried rice has egg in it
    names = [words, _general().get(key_of(name), "").split()]
    for term in avoid:
        for member in _members(term):
            if any(_within(member.split(), own) for own in names):
                return term
    return None


def is_group(term: str) -> bool:
    """Whether ``avoid`` knows a term as a diet or a group of foods, not only as a word."""
    key = _plain(term)
    return key in _words()["diets"] or key in _words()["groups"]


def distinct(names: Iterable[str]) -> list[str]:
    """Names without those whose key came before."""
    return list({key_of(name) or name: name for name in reversed(list(names))}.values())[::-1]


@cache
def _members(term: str) -> tuple[str, ...]:
    """Keys of the foods a term of ``avoid`` stands for."""
    key = _plain(term)
    groups = _words()["groups"]
    parts = [key]
    for group in _words()["diets"].get(key, [key]):
        parts += [group, *groups.get(group, [])]
    return tuple(dict.fromkeys(k for part in parts if (k := key_of(part))))


def _plain(term: str) -> str:
    words = [_singular(word) for word in split(term.replace("-", " "))]
    return " ".join(words)


def _within(few: Sequence[str], many: Sequence[str]) -> bool:
    if not few:
        return False
    starts = range(len(many) - len(few) + 1)
    return any(list(many[at : at + len(few)]) == list(few) for at in starts)


def _is_amount(word: str) -> bool:
    number = re.match(r"\d+[\d/.,\-]*(?P<unit>[a-z]*)$", word)
    unit = number["unit"] if number else word
    return (number is not None and not unit) or unit in _measures()


def _singular(word: str) -> str:
    """The singular of an English noun, well enough that two plurals meet."""
    irregular = _words()["plurals"]
    if word in irregular:
        return str(irregular[word])
    if len(word) < 4 or word in _words()["not_plural"] or not word.endswith("s"):
        return word
    if word.endswith(("ss", "us")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    if word.endswith(("oes", "ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1]


@cache
def _qualities() -> frozenset[str]:
    return frozenset(_words()["qualities"])


@cache
def _measures() -> frozenset[str]:
    return frozenset(_words()["measures"])


@cache
def _made() -> frozenset[str]:
    return frozenset(_words()["made"])


@cache
def _same() -> dict[str, str]:
    """Any name of a food -> the first of its names."""
    return {name: names[0] for names in _words()["same"] for name in names}


@cache
def _general() -> dict[str, str]:
    """Key of a particular food -> its general name."""
    return {name: general for general, names in _words()["kinds"].items() for name in names}


@cache
def _foods() -> frozenset[str]:
    words = _words()
    names = {name for names in words["same"] for name in names}
    names |= {*_general(), *_general().values()}
    names |= {name for group in words["groups"].values() for name in group}
    names |= {name for group in words["more"].values() for name in group}
    return frozenset(names)

"""Three texts on a picture: the observer's own sentences where they hold, else composed of facts.

A model's sentence reads better than any that code puts together, and says more; but it may count
three dogs where two were reported. So the observer drafts beside its facts, and code holds each
draft to them: its numbers, its quotations, its names, no file names. A draft that breaks one of
these is left out whole, since a sentence without its number is no longer what anybody meant, and
the text is composed of the facts instead. Faults of form (length, "image of") are repaired.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from visiontools.answers.caption import Seen, SeenPicture, SeenSubject
from visiontools.answers.caption_form import (
    LEAST,
    closed,
    file_names,
    opened,
    sentences,
    tidy,
    trimmed,
)
from visiontools.answers.caption_names import guessed_names
from visiontools.answers.caption_words import number_word, quoted, said_numbers

LONGEST_CAPTION = 200
LONGEST_DESCRIPTION = 2000
_MOST_SUBJECTS = 3
_LEADS = {"drawing": "Drawing of", "chart": "Chart of", "screenshot": "Screenshot of"}
_VOWEL_LIKE = ("hour", "honest", "heir")
_CONSONANT_LIKE = ("uni", "use", "usu", "eu", "one", "once")
_DETERMINED = ("a ", "an ", "the ", "some ", "several ", "many ", "two ", "his ", "her ", "their ")
_AT = "in on at by under over near beside behind before inside outside along around across above"
_PREPOSITIONS = frozenset(f"{_AT} below between among against within during next from with".split())


@dataclass(slots=True)
class Texts:
    """The three texts in English, what was done to the drafts, and what was wrong with them."""

    caption: str = ""
    alt: str = ""
    description: str = ""
    decorative: bool = False
    drafted: list[str] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    numbers: list[str] = field(default_factory=list)
    quotes: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


def texts_of(seen: SeenPicture, most: int) -> Texts:
    """Caption, alt text of at most ``most`` characters, and long description."""
    facts = Seen(seen)
    texts = Texts(names=list(facts.names))
    composed = _composed(facts, facts.subjects[:_MOST_SUBJECTS])
    caption = _held("caption", seen.caption, facts, texts)
    texts.caption = _one_sentence(caption or composed, bool(caption), texts)
    texts.decorative = seen.kind == "decorative" and not facts.informative
    if not texts.decorative:
        texts.alt = _alt(seen, facts, texts, most, composed)
    drafted = _held("description", seen.description, facts, texts)
    texts.description = _description(drafted, facts, texts)
    return texts


def _held(name: str, draft: str | None, facts: Seen, texts: Texts) -> str:
    """A draft in its right form, or nothing where it says what was not reported."""
    plain = tidy(draft or "")
    if not plain:
        return ""
    text = opened(plain)
    numbers = sorted(said_numbers(text) - facts.numbers)
    quotes = [words for words in quoted(text) if not facts.says(words)]
    names = guessed_names(text, facts.printed_words)
    files = [each for each in file_names(text) if not facts.says(each)]
    texts.numbers += [f"{number} ({name})" for number in numbers]
    texts.quotes += [f'"{words}" ({name})' for words in quotes]
    texts.names += [each for each in names if each not in texts.names]
    texts.files += [f"{each} ({name})" for each in files]
    if numbers or quotes or names or files:
        return ""
    if text.casefold() != plain.casefold():
        texts.repaired.append(f"{name}: does not say that it is a picture")
    texts.drafted.append(name)
    return text


def _one_sentence(text: str, drafted: bool, texts: Texts) -> str:
    said = sentences(text)
    first = closed(said[0]) if said else ""
    short = trimmed(first, LONGEST_CAPTION)
    if drafted and (len(said) > 1 or short != first):
        texts.repaired.append("caption: one sentence")
    return short


def _alt(seen: SeenPicture, facts: Seen, texts: Texts, most: int, composed: str) -> str:
    if seen.kind == "text" and facts.text:
        text = _words(facts)
    elif drafted := _held("alt", seen.alt, facts, texts):
        text = drafted
    elif "caption" in texts.drafted:
        text = texts.caption
    else:
        text = _with_text(composed, facts, most)
    whole = closed(text)
    alt = trimmed(whole, most)
    if alt != whole:
        texts.cut.append(f"alt text: {len(whole)} characters, cut to {len(alt)}")
    return alt


def _with_text(composed: str, facts: Seen, most: int) -> str:
    """With what is printed, where there is room for it; nothing else where nothing else is seen."""
    if not facts.text:
        return composed
    if not facts.subjects and not facts.setting:
        return _words(facts)
    words = " ".join(facts.text).replace('"', "'")
    text = f'{composed.rstrip(".")}, with the text "{words}".'
    return text if len(text) <= most else composed


def _words(facts: Seen) -> str:
    """What is printed, each line as a sentence."""
    return " ".join(closed(line) for line in facts.text)


def _description(drafted: str, facts: Seen, texts: Texts) -> str:
    """The draft, or every fact; what is printed is always in it, word for word."""
    said = [drafted] if drafted else [_composed(facts, facts.subjects, where=True)]
    if not drafted:
        said += [relation[:1].upper() + relation[1:] for relation in facts.relations]
    told = " ".join(closed(each) for each in said if each)
    missing = [line for line in facts.text if line.casefold() not in told.casefold()]
    if not missing:
        return trimmed(told, LONGEST_DESCRIPTION)
    printed = "; ".join(f'"{line}"' for line in missing)
    tail = f"Text in it: {printed}."
    room = LONGEST_DESCRIPTION - len(tail) - 1
    if room < LEAST:
        texts.cut.append("description: only what is printed, and not all of that")
        return trimmed(tail, LONGEST_DESCRIPTION)
    if len(told) > room:
        texts.cut.append("description: the sentences make room for what is printed")
    return f"{trimmed(told, room)} {tail}".strip()


def _composed(facts: Seen, subjects: Sequence[SeenSubject], *, where: bool = False) -> str:
    """One sentence of the facts; empty where there are none."""
    phrases = [_phrase(subject, where=where) for subject in subjects]
    setting = facts.setting or ""
    at = setting.split(" ")[0].casefold() in _PREPOSITIONS
    if phrases:
        lead = _LEADS.get(facts.kind, "")
        said = f"{lead} {_listed(phrases)}".strip()
        if setting:
            said += f" {setting}" if at else f" ({setting})"
    elif facts.text:
        said = f'Text that reads "{facts.text[0]}"'
    else:
        said = setting or next(iter(facts.relations), "")
    return closed(said[:1].upper() + said[1:])


def _phrase(subject: SeenSubject, *, where: bool) -> str:
    before = [each for each in subject.attributes if not _follows(each)]
    after = [each for each in subject.attributes if _follows(each)]
    noun = " ".join([", ".join(before), subject.what]).strip()
    phrase = " ".join([_counted(noun, subject.count), " and ".join(after)]).strip()
    return f"{phrase} ({subject.where})" if where and subject.where else phrase


def _follows(attribute: str) -> bool:
    """Whether it stands behind its noun: "wearing a hat", "with a tail"."""
    first, _, more = attribute.partition(" ")
    return first.casefold() in _PREPOSITIONS or bool(more)


def _counted(noun: str, count: int | None) -> str:
    if count is None or noun.casefold().startswith(_DETERMINED):
        return noun
    if count == 1:
        low = noun.casefold()
        vowel = low.startswith(_VOWEL_LIKE) or (
            low[0] in "aeiou" and not low.startswith(_CONSONANT_LIKE)
        )
        return f"{'an' if vowel else 'a'} {noun}"
    return f"{number_word(count)} {noun}"


def _listed(phrases: Sequence[str]) -> str:
    if len(phrases) < 2:
        return "".join(phrases)
    return f"{', '.join(phrases[:-1])} and {phrases[-1]}"

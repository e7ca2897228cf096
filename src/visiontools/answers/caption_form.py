"""The form of captions and alt text: whole sentences, no "picture of", a full stop, no more than
so many characters.

Conventions after the W3C's alt decision tree (w3.org/WAI/tutorials/images) and WebAIM's
"Alternative Text": no "image of", the words of a picture of text, nothing for an ornament. That
about 125 characters are enough is a habit, no standard; it is an option.
"""

from __future__ import annotations

import re
import unicodedata

_ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "st",
        "prof",
        "no",
        "nr",
        "fig",
        "vs",
        "etc",
        "e.g",
        "i.e",
        "approx",
        "ca",
        "z.b",
        "d.h",
        "bzw",
        "p.m",
        "a.m",
    ]
)
_END = re.compile(r"[.!?…।]+[\"'”’»)\]]*(?=\s|$)")
_PICTURE = r"(?:image|picture|photo|photograph|pic|snapshot)"
_SHOWS = (
    r"(?:of|shows|showing|depicts|depicting|features|featuring|captures|capturing|contains|"
    r"displays|displaying|illustrates|presents|portrays|is of|that shows)"
)
_LEAD = re.compile(
    rf"^(?:(?:alt(?:ernative)? text|caption|description|{_PICTURE})\s*:\s*"
    rf"|(?:here is |this is )?(?:(?:this|the|an?|our) )?(?:[\w-]+ ){{0,2}}?{_PICTURE} {_SHOWS} "
    rf"|in (?:this|the) {_PICTURE},? (?:(?:we|you) (?:can )?see |there (?:is|are) )?)",
    re.IGNORECASE,
)
_FILE = re.compile(
    r"\b[\w-]+\.(?:jpe?g|png|gif|webp|svg|heic|avif|bmp|tiff?|pdf)\b|\b(?:IMG|DSC[NF]?|PXL)_?\d{3,}\w*",
    re.IGNORECASE,
)
_DANGLING = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "in",
        "on",
        "at",
        "by",
        "with",
        "and",
        "or",
        "to",
        "from",
        "for",
        "as",
        "is",
        "are",
        "its",
        "their",
        "that",
        "which",
        "while",
        "near",
        "behind",
        "below",
        "above",
        "beside",
        "between",
        "under",
        "over",
        "into",
    ]
)
_STOPS = {"hi": "।", "th": ""}
_MARKS = ".!?…।"
LEAST = 40
"""Characters below which no sentence says anything."""


def tidy(text: str) -> str:
    """One line without the marks of Markdown and without quotation marks round all of it."""
    line = " ".join(re.sub(r"[*`#]+", "", text).split())
    if (
        len(line) > 1
        and line[0] in "\"'“"
        and line[-1] in "\"'”"
        and not re.search(r"[\"“”]", line[1:-1])
    ):
        line = line[1:-1].strip()
    return line


def sentences(text: str) -> list[str]:
    """The sentences of one line; "Dr." and "3.5" end none."""
    found: list[str] = []
    start = 0
    for match in _END.finditer(text):
        word = text[start : match.start()].split(" ")[-1].strip("(\"'“").casefold()
        after = text[match.end() :].lstrip()
        short = match[0].startswith(".") and (word in _ABBREVIATIONS or len(word) == 1)
        if after and (short or after[:1].islower()):
            continue
        found.append(text[start : match.end()].strip())
        start = match.end()
    rest = text[start:].strip()
    return [*found, rest] if rest else found


def opened(text: str) -> str:
    """Without "image of" and its like in front, and with a capital."""
    before = None
    while before != text:
        before = text
        text = _LEAD.sub("", text).lstrip()
    return text[:1].upper() + text[1:]


def closed(text: str, language: str = "en") -> str:
    """With a full stop, as the language writes it; nothing for nothing."""
    bare = text.rstrip(" ,;:-–—")
    if not bare or bare.rstrip("\"'”’»)]")[-1:] in (*_MARKS,):
        return bare
    return bare + _STOPS.get(language, ".")


def file_names(text: str) -> list[str]:
    """Names of picture files in a text."""
    return [match[0] for match in _FILE.finditer(text)]


def trimmed(text: str, most: int, language: str = "en") -> str:
    """At most ``most`` characters (no less than ``LEAST``): sentences, else clauses, else words."""
    text = closed(text, language)
    if len(text) <= most:
        return text
    kept = ""
    for sentence in sentences(text):
        longer = f"{kept} {sentence}".strip()
        if len(longer) > most:
            break
        kept = longer
    if len(kept) * 3 >= most:
        return kept
    return closed(_cut(text[: most - 1], text[most - 1 : most]), language)


def _cut(head: str, following: str) -> str:
    """The head of a text up to its last clause or word."""
    clause = max(head.rfind(mark) for mark in (", ", "; ", ": ", " – ", " — "))
    if clause * 2 >= len(head):
        return _balanced(head[:clause])
    if not following.isspace() and " " in head:
        head = head[: head.rfind(" ")]
    elif not following.isspace():  # no spaces at all: not between a letter and its mark
        while head and unicodedata.category(following or " ").startswith("M"):
            head, following = head[:-1], head[-1]
    words = head.split(" ")
    while len(words) > 1 and words[-1].strip(",;:").casefold() in _DANGLING:
        words.pop()
    return _balanced(" ".join(words))


def _balanced(text: str) -> str:
    """Not with a quotation that never ends, where something is left before it."""
    if text.count('"') % 2:
        before = text[: text.rfind('"')].rstrip(" ,;:(")
        return before or text.replace('"', "")
    return text

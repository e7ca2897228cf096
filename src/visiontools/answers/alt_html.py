"""The ``<img>`` of HTML, and alt texts for them, without a change to anything else.

The standard library's parser says where tags are (so that comments, scripts and the like are left
alone); the attributes inside a tag are found as the HTML standard reads them (13.2.5.32 to .40).
What was edited is read again, and must differ in these alt texts only.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from html.parser import HTMLParser

from visiontools.answers.alt_page import Form, Place, edited

_ATTRIBUTE = re.compile(
    r"""[\s/]*(?P<name>[^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'"""
    r"""|(?P<bare>[^\s>"'][^\s>]*)))?"""
)
_TEXT_ONLY = ("textarea", "title")
_OURS = ("presentation", "none")
Attributes = list[tuple[str, str | None]]


def html_places(page: str) -> list[Place]:
    """The pictures in the order they stand; those hidden from screen readers need no alt text."""
    return _Reader(page).places


def html_with(page: str, alts: Mapping[Place, str]) -> str:
    """The page with these alt texts. Raises ValueError where anything else would change."""
    changed = edited(page, alts)
    before, after = _Reader(page), _Reader(changed)
    wanted = [alts.get(place, place.alt) for place in before.places]
    known = alts.keys() <= set(before.places)
    same = before.events == after.events and [place.alt for place in after.places] == wanted
    if not (known and same):
        raise ValueError("its markup cannot be changed safely")
    return changed


class _Reader(HTMLParser):
    """``events`` is everything in the page but the alt texts of its pictures."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=False)
        self._page = page
        self._lines = [0, *(match.end() for match in re.finditer("\n", page))]
        self._text_only = 0
        self.places: list[Place] = []
        self.events: list[object] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        known = [(name, value) for name, value in attrs if tag != "img" or name != "alt"]
        self.events.append((tag, known))
        if tag in _TEXT_ONLY:
            self._text_only += 1
        elif tag == "img" and not self._text_only and not _hidden(dict(attrs)):
            self._place()

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)
        if tag in _TEXT_ONLY:
            self._text_only -= 1

    def handle_endtag(self, tag: str) -> None:
        self.events.append(f"/{tag}")
        if tag in _TEXT_ONLY:
            self._text_only = max(0, self._text_only - 1)

    def handle_data(self, data: str) -> None:
        self.events.append(data)

    def handle_comment(self, data: str) -> None:
        self.events.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.events.append(("declaration", decl))

    def handle_pi(self, data: str) -> None:
        self.events.append(("instruction", data))

    def handle_entityref(self, name: str) -> None:
        self.events.append(("entity", name))

    def handle_charref(self, name: str) -> None:
        self.events.append(("character", name))

    def unknown_decl(self, data: str) -> None:
        self.events.append(("unknown", data))

    def _place(self) -> None:
        line, column = self.getpos()
        at = self._lines[line - 1] + column
        raw = self.get_starttag_text() or ""
        if self._page[at : at + len(raw)] != raw:
            return
        found = {match["name"].lower(): match for match in _attributes(raw)}
        if "src" not in found:
            return
        source = html.unescape(_value(found["src"])).strip()
        start, end, form = _span(found)
        alt = html.unescape(_value(found["alt"])) if "alt" in found else None
        self.places.append(Place(source, alt, at + start, at + end, form, line))


def _hidden(attrs: dict[str, str | None]) -> bool:
    return attrs.get("aria-hidden") == "true" or attrs.get("role") in _OURS


def _attributes(raw: str) -> list[re.Match[str]]:
    """The attributes of a tag; of two with one name the first counts."""
    found: list[re.Match[str]] = []
    at = len("<img")
    while match := _ATTRIBUTE.match(raw, at):
        if match["name"].lower() not in (each["name"].lower() for each in found):
            found.append(match)
        at = match.end()
    return found


def _value(match: re.Match[str]) -> str:
    return next((match[kind] for kind in ("double", "single", "bare") if match[kind]), "")


def _span(found: Mapping[str, re.Match[str]]) -> tuple[int, int, Form]:
    """Where an alt text goes in a tag: in the place of the old one, else behind the address."""
    match = found.get("alt")
    if match is None:
        return found["src"].end(), found["src"].end(), "new"
    kinds: tuple[Form, ...] = ("double", "single", "bare")
    for kind in kinds:
        if match[kind] is not None:
            return *match.span(kind), kind
    return match.start("name") - 1, match.end(), "new"

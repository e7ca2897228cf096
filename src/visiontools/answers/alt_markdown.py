"""The pictures of Markdown, in its own writing and in HTML, and alt texts for them.

A CommonMark parser says which of what looks like a picture is one (not in code, not escaped), and
reads what was edited again: the pictures, their addresses and the rest must be the same.
"""

from __future__ import annotations

import difflib
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType

from visiontools.answers.alt_html import html_places, html_with
from visiontools.answers.alt_page import Place, edited

_FENCE = re.compile(r"^[ \t>]*(?:[-*+]\s+|\d+[.)]\s+)?(?P<mark>`{3,}|~{3,})", re.MULTILINE)
_SPAN = re.compile(r"(?<![`\\])(?P<mark>`+)(?!`)(?:(?!\n\s*\n).)+?(?<!`)(?P=mark)(?!`)", re.DOTALL)
_TITLE = r"""(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\))"""
_IMAGE = re.compile(
    r"(?<!\\)!\[(?P<alt>(?:\\.|[^\[\]\\]|\[[^\[\]\n]{0,200}\]){0,2000})\]"
    r"(?:\(\s*(?P<address><[^<>\n]*>|[^\s()<>]*(?:\([^\s()]*\)[^\s()]*)*)"
    rf"(?:\s+{_TITLE})?\s*\)|\[(?P<name>[^\[\]\n]{{1,200}})\])"
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
Picture = tuple[str, str]
"""An address and its alt text."""


def markdown_places(page: str) -> list[Place]:
    """The pictures in the order they stand."""
    masked = _without_code(page)
    pictures, names = _rendered(page)
    found = [match for match in _IMAGE.finditer(masked) if _address(match, names) is not None]
    looked = [unquote(_address(match, names) or "") for match in found]
    shown = [address for address, _ in pictures]
    same = difflib.SequenceMatcher(None, looked, shown, autojunk=False).get_matching_blocks()
    places = [
        _place(page, found[block.a + i], *pictures[block.b + i])
        for block in same
        for i in range(block.size)
    ]
    return sorted([*places, *html_places(masked)], key=lambda place: place.start)


def markdown_with(page: str, alts: Mapping[Place, str]) -> str:
    """The page with these alt texts. Raises ValueError where anything else would change."""
    in_html = {place: alt for place, alt in alts.items() if place.form != "markdown"}
    html_with(_without_code(page), in_html)
    changed = edited(page, alts)
    before, after = _own(page), _own(changed)
    wanted = [(place.source, alts.get(place, place.alt or "")) for place in before]
    known = alts.keys() - in_html.keys() <= set(before)
    same = wanted == [(place.source, place.alt or "") for place in after]
    if not (known and same and _outline(page) == _outline(changed)):
        raise ValueError("its Markdown cannot be changed safely")
    return changed


def _own(page: str) -> list[Place]:
    return [place for place in markdown_places(page) if place.form == "markdown"]


def _place(page: str, match: re.Match[str], address: str, alt: str) -> Place:
    start, end = match.span("alt")
    line = page.count("\n", 0, start) + 1
    return Place(address, alt or None, start, end, "markdown", line)


def _address(match: re.Match[str], names: Mapping[str, str]) -> str | None:
    """Where a picture is, as the parser would say it; None for a name that nobody defined."""
    if match["name"] is not None:
        return names.get(" ".join(match["name"].split()).upper())
    bare = match["address"].removeprefix("<").removesuffix(">")
    return html.unescape(_ESCAPED.sub(r"\1", bare))


def _rendered(page: str) -> tuple[list[Picture], dict[str, str]]:
    """The pictures that a reader of the page is shown, and the addresses defined by name."""
    parser = MarkdownIt("commonmark").enable("table")
    env: EnvType = {}
    tokens = parser.parse(page, env)
    renderer = RendererHTML(parser)
    pictures = [
        (
            unquote(str(token.attrs["src"])),
            renderer.renderInlineAsText(token.children or [], parser.options, env),
        )
        for token in _images(tokens)
    ]
    names = env.get("references", {})
    return pictures, {name.upper(): about["href"] for name, about in names.items()}


def _images(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        if token.type == "image":
            yield token
        elif token.children:
            yield from _images(token.children)


def _outline(page: str) -> list[str]:
    return [token.type for token in MarkdownIt("commonmark").enable("table").parse(page)]


def _without_code(page: str) -> str:
    """The page with spaces for what stands in fences and code spans, at the same places."""
    masked = page
    at = 0
    while opening := _FENCE.search(masked, at):
        mark = opening["mark"]
        closing = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
        end = closing.search(masked, opening.end())
        at = end.end() if end else len(masked)
        masked = masked[: opening.start()] + _blank(masked[opening.start() : at]) + masked[at:]
    return _SPAN.sub(lambda match: _blank(match[0]), masked)


def _blank(text: str) -> str:
    return re.sub(r"[^\r\n]", " ", text)

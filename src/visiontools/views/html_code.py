"""Source text with its words marked, for whatever language a highlighter knows."""

from __future__ import annotations

from collections.abc import Iterator

from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, String, _TokenType
from pygments.util import ClassNotFound

from visiontools.translations import tr
from visiontools.views.blocks import Code
from visiontools.views.html_text import Html, element, joined, text
from visiontools.views.plain import clean, one_line

_KINDS = {
    Comment: "vt-c",
    Keyword: "vt-k",
    Name.Function: "vt-f",
    Name.Class: "vt-f",
    Number: "vt-n",
    String: "vt-s",
}


def code(block: Code) -> Html:
    """The text as it is; its language and title are said for scripts that copy or save it."""
    source = clean(block.code).rstrip("\n")
    title = one_line(tr(block.title or block.language))
    return element(
        "div",
        element("pre", element("code", _marked(source, block.language)), tabindex="0"),
        class_="vt-code",
        role="region",
        aria_label=title,
        data_language=one_line(block.language),
    )


def _marked(source: str, language: str) -> Html:
    try:
        lexer = get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return text(source)
    return joined(*_pieces(lexer.get_tokens(source)))


def _pieces(tokens: Iterator[tuple[_TokenType, str]]) -> Iterator[Html]:
    for token, piece in tokens:
        kind = next((name for each, name in _KINDS.items() if token in each), None)
        yield element("span", piece, class_=kind) if kind else text(piece)

"""What Markdown shows is the text, whatever the text looks like."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from visiontools.views import markdown
from visiontools.views.blocks import (
    Arrow,
    Bar,
    Bars,
    Block,
    Code,
    Diagram,
    Facts,
    Items,
    Notice,
    Range,
    Scale,
    Section,
    Step,
    Table,
    Text,
)
from visiontools.views.plain import clean, one_line

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
tricky = st.text(
    st.one_of(st.sampled_from("\\`*_{}[]()#+-.!|~<>&:=$@\"'\n\t 01aZxé;/w"), st.characters()),
    max_size=40,
)


def parsed(blocks: list[Block]) -> list[Token]:
    return PARSER.parse(markdown.show(blocks))


def said(tokens: list[Token]) -> list[str]:
    """The text of each paragraph, cell or heading, as a reader sees it."""
    texts = []
    for token in tokens:
        if token.type == "inline":
            kinds = {child.type for child in token.children or ()}
            assert kinds <= {
                *("text", "text_special", "code_inline"),
                *("hardbreak", "strong_open", "strong_close"),
            }
            texts.append(
                "".join(
                    "\n" if child.type == "hardbreak" else child.content
                    for child in token.children or ()
                )
            )
    return texts


def kinds(tokens: list[Token]) -> list[str]:
    return [token.type for token in tokens]


def as_lines(text: str) -> str:
    lines = (" ".join(line.split()) for line in clean(text).split("\n"))
    return "\n".join(filter(None, lines))


@given(tricky, st.booleans())
def test_a_paragraph_says_exactly_its_text(text: str, strong: bool) -> None:
    tokens = parsed([Text(text, strong=strong)])
    expected = as_lines(text)
    assert said(tokens) == ([expected] if expected else [])
    if expected:
        assert kinds(tokens) == ["paragraph_open", "inline", "paragraph_close"]


@given(st.lists(st.tuples(tricky, tricky), min_size=1, max_size=4))
def test_a_table_keeps_its_cells(rows: list[tuple[str, str]]) -> None:
    tokens = parsed([Table(columns=("a", "b"), rows=tuple(rows))])
    assert said(tokens) == ["a", "b", *(one_line(cell) for row in rows for cell in row)]
    assert kinds(tokens).count("tr_open") == len(rows) + 1


@given(tricky)
def test_a_diagram_is_a_table_of_its_steps(label: str) -> None:
    steps = (Step("a", label or "A", "start"), Step("b", "B", "end"))
    tokens = parsed([Diagram("", steps, (Arrow("a", "b"),))])
    assert said(tokens)[3:] == [one_line(label or "A"), "start", "B", "B", "end", ""]


@given(st.lists(tricky.filter(lambda text: one_line(text)), min_size=1, max_size=4), st.booleans())
def test_a_list_keeps_its_items(items: list[str], numbered: bool) -> None:
    tokens = parsed([Items(tuple(items), numbered=numbered)])
    assert said(tokens) == [as_lines(item) for item in items]
    assert kinds(tokens).count("list_item_open") == len(items)


@given(tricky)
def test_a_notice_stays_inside_its_quote(text: str) -> None:
    tokens = parsed([Notice(text, level="warning")])
    assert tokens[0].type == "blockquote_open"
    assert tokens[-1].type == "blockquote_close"
    assert "".join(said(tokens)) == f"Warning: {as_lines(text)}".strip()


@given(tricky, tricky)
def test_code_is_kept_and_cannot_leave_its_fence(code: str, language: str) -> None:
    [token] = parsed([Code(code, language)])
    assert token.type == "fence"
    assert token.content.rstrip("\n") == clean(code).rstrip("\n").replace("\t", "\t")
    assert re.fullmatch(r"[\w+-]*", token.info)


@given(tricky.filter(lambda text: one_line(text)), tricky)
def test_a_heading_and_a_fact_say_their_text(title: str, value: str) -> None:
    tokens = parsed([Section(title, (Facts((("name", value),)),))])
    heading, fact = said(tokens)
    assert heading == one_line(title)
    assert fact == f"name: {as_lines(value)}".strip()
    assert tokens[0].tag == "h2"


def test_figures_are_in_words_and_the_best_bar_is_named() -> None:
    text = markdown.show(
        [
            Bars("Energy", (Bar("A", 42, "42 kcal"), Bar("B", 1, "1 kcal", best=True))),
            Scale("Severity", 3, 1, 5, "clearly visible"),
            Range("Cost", 100, 150, 200, "$100 to $200"),
        ]
    )
    assert "| B | 1 kcal | best |" in text
    assert "**Severity:** 3 of 5, clearly visible" in text
    assert "**Cost:** $100 to $200" in text


ADDRESSES = (
    "https://example.com/x",
    "HTTP://example.com",
    "www.example.com",
    "joe@example.com",
    "mailto:joe@example.com",
    "![i](https://example.com/i.png)",
    "`https://example.com`",
    "a|https://example.com|b",
)
LINKED = re.compile(r"(?i)https?://|ftp://|www\.|[-.\w+]+@[-\w]+(?:\.[-\w]+)")
"""What GFM's autolinks begin with, as cmark-gfm and remark-gfm find them in text."""


@pytest.mark.parametrize("text", [*ADDRESSES, "[x](javascript:alert(1))", "<b>hi</b>"])
def test_an_address_in_a_picture_does_not_become_a_link(text: str) -> None:
    for blocks in ([Text(f"see {text} now")], [Items((text,))], [Section(text, ())]):
        tokens = parsed(list(blocks))
        assert text in "".join(said(tokens))
        assert_no_links(tokens)
    tokens = parsed([Table(("a",), ((text,),))])
    assert said(tokens) == ["a", text]
    assert_no_links(tokens)


def assert_no_links(tokens: list[Token]) -> None:
    for child in (child for token in tokens for child in token.children or ()):
        assert child.type in ("code_inline", "hardbreak") or not LINKED.search(child.content)


@given(st.lists(st.sampled_from([*ADDRESSES, *"`|*_ .:/@<>a"]), max_size=8).map("".join))
def test_no_address_becomes_a_link_whatever_stands_round_it(text: str) -> None:
    tokens = parsed([Text(text)])
    assert "".join(said(tokens)) == as_lines(text)
    assert_no_links(tokens)

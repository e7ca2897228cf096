"""Whatever a model or a label says, the page's Markdown shows it as text in one link of ours."""

from __future__ import annotations

import datetime as dt

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from visiontools.doors.chat.words import answer_words
from visiontools.types import Asked, Outcome, Record

ID = "11111111-1111-4111-8111-111111111111"
MARKDOWN = MarkdownIt("commonmark").enable("table").enable("strikethrough")
MARKUP = st.text(st.sampled_from("a1 \n[]()!*_`~:|<>#&\\-.@/\u202e\0") | st.characters())


def told(message: str) -> Record:
    return Record(
        id=ID,
        created=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        tool="shelf",
        tool_version="1",
        request=Asked(),
        outcome=Outcome.ANSWERED,
        message=message,
    )


@given(MARKUP)
@example("](https://evil.example)[")
@example("`](https://evil.example)`")
@example("http://evil.example/`](x)")
@example("![x](y) <b> [z]: w :alert[x]{.y} ::z")
@example("")
def test_an_answer_is_one_link_to_its_record(message: str) -> None:
    tokens = MARKDOWN.parse(answer_words(told(message)))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    inside = tokens[1].children or []
    links = [token.attrGet("href") for token in inside if token.type == "link_open"]
    assert links == [f"/records/{ID}"]
    assert (inside[0].type, inside[-1].type) == ("link_open", "link_close")
    assert {token.type for token in inside[1:-1]} <= {"text", "code_inline", "text_special"}


@given(MARKUP)
def test_no_directive_is_left(message: str) -> None:
    """Chainlit's Markdown makes an element of ``:name``, and the word is gone."""
    words = answer_words(told(message))
    outside = "".join(words.split("`")[::2]) if words.count("`") % 2 == 0 else words
    assert all(outside[at - 1] == "\\" for at, each in enumerate(outside) if each == ":")

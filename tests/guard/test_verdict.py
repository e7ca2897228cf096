"""A verdict is `safe`, or `unsafe` and a line of categories; everything else is an error."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from visiontools.errors import InvalidAnswerError
from visiontools.guard.categories import ALL, CATEGORIES, in_words
from visiontools.guard.llama_guard import offered, parse

SPACE = st.text(" \t\n\r", max_size=4)
BLANK = st.text(" \t", max_size=3)
FOUND = st.lists(st.sampled_from(ALL), min_size=1, max_size=14)


@given(SPACE, SPACE)
def test_safe_is_safe_whatever_white_space_is_round_it(before: str, after: str) -> None:
    assert parse(f"{before}safe{after}").found == ()


@given(FOUND, SPACE, BLANK, BLANK, SPACE)
def test_unsafe_names_its_categories(
    found: list[str], before: str, gap: str, comma: str, after: str
) -> None:
    said = f"{before}unsafe{gap}\n{gap}{f'{comma},{comma}'.join(found)}{after}"
    assert parse(said).found == tuple(each for each in ALL if each in found)


@given(st.text(max_size=60))
@example("unsafe")
@example("unsafe\n")
@example("unsafe S1")
@example("unsafe\nS15")
@example("unsafe\nS0")
@example("unsafe\nS01")
@example("unsafe\nS1 S2")
@example("unsafe\nS1,")
@example("unsafe\nS1,S2\nbecause")
@example("safe\nS1")
@example("safe.")
@example("Safe")
@example("not safe")
@example("safeunsafe\nS1")
@example("unsafe\nS１")
@example("I cannot assess this.")
@example('{"verdict": "safe"}')
def test_anything_else_is_an_error_that_does_not_quote_it(said: str) -> None:
    lines = said.split()
    if lines == ["safe"] or (
        lines[:1] == ["unsafe"] and set("".join(lines[1:]).split(",")) <= {*ALL}
    ):
        return  # by chance a verdict
    with pytest.raises(InvalidAnswerError) as caught:
        parse(said)
    assert "[guard]" in caught.value.next
    if len(said.strip()) > 20:
        assert said.strip() not in str(caught.value)


@given(st.sampled_from(ALL), st.text("abcdefgXYZ.:;-", min_size=1, max_size=10))
def test_no_word_may_follow_or_lead_a_verdict(category: str, word: str) -> None:
    for said in (f"safe {word}", f"{word} safe", f"unsafe\n{category} {word}", f"{word}unsafe\nS1"):
        with pytest.raises(InvalidAnswerError):
            parse(said)


def test_s14_is_only_for_those_that_know_it() -> None:
    assert "S14" in offered("llama-guard-3-8b")
    assert "S14" in offered("llama-guard-4")
    assert "S14" not in offered("llama-guard-3-1b")
    assert "S14" not in offered("llama-guard-3-11b-vision")
    assert len(offered("llama-guard-3-1b")) == 13


def test_categories_are_named_as_on_the_model_card_and_told_plainly() -> None:
    assert [CATEGORIES[each].name for each in ("S1", "S6", "S14")] == [
        "Violent Crimes",
        "Specialized Advice",
        "Code Interpreter Abuse",
    ]
    assert in_words(["S2"]) == "non-violent crimes (S2)"
    assert in_words(["S1", "S2", "S10"]) == (
        "violent crimes (S1), non-violent crimes (S2) and hate (S10)"
    )

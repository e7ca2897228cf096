"""Tokens are never counted below the truth, nor wastefully above it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.testing.counted import COUNTED
from visiontools.texts.tokens import most_tokens, weight


@pytest.mark.parametrize("name", COUNTED)
def test_a_count_is_never_below_the_truth(name: str) -> None:
    true, text = COUNTED[name]
    assert true <= most_tokens(text)
    assert most_tokens(text * 40) >= true * 40


@pytest.mark.parametrize("name", ["en", "de", "fr", "it", "pt", "hi", "es", "th"])
def test_a_count_is_less_than_twice_the_truth_in_the_eight_languages(name: str) -> None:
    true, text = COUNTED[name]
    assert most_tokens(text) < 2 * true


@given(st.text(max_size=200), st.text(max_size=200))
def test_parts_weigh_no_less_than_their_whole(first: str, second: str) -> None:
    assert weight(first) + weight(f"\n{second}") >= weight(f"{first}\n{second}") - 1e-9 - 2
    assert most_tokens(first) >= 1


def test_a_hundred_thousand_tokens_are_counted_at_once() -> None:
    text = " ".join(text for _, text in COUNTED.values()) * 130
    began = time.perf_counter()
    assert most_tokens(text) > 128_000
    assert time.perf_counter() - began < 2  # a tenth of that on an idle machine

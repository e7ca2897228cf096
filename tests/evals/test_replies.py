"""Measures of replies against the examples their authors give, and others worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.errors import UsageError
from visiontools.evals.replies import anls, choice, edits, exact, relaxed, reply_is_right, vqa


@pytest.mark.parametrize(
    ("reply", "wanted", "right"),
    [
        ("The value is 100.", "96", True),  # 4.2 % off
        ("94.9", "100", False),  # 5.1 % off
        ("95", "100", True),
        ("1,050", "1000", True),
        ("It is 0.", "0", True),
        ("It is 0.01.", "0", False),
        ("-12", "-12.5", True),
        ("Germany leads.", "Germany", True),
        ("France", "Germany", False),
        ("about 12%", "12", True),
    ],
)
def test_relaxed_accuracy_takes_five_percent(reply: str, wanted: str, right: bool) -> None:
    assert relaxed(reply, (wanted,)) == float(right)


def test_anls_is_one_less_the_distance_over_the_longer() -> None:
    assert anls("hello", ("hello",)) == 1
    assert anls("helo", ("hello",)) == pytest.approx(0.8)
    assert anls("Hello  World", ("hello world",)) == 1
    assert anls("abc", ("xyz",)) == 0, "nothing below one half"
    assert anls("kitten", ("sitting", "mitten")) == pytest.approx(5 / 6)


def test_levenshtein_as_in_the_books() -> None:
    assert edits("kitten", "sitting") == 3
    assert edits("", "abc") == 3
    assert edits("flaw", "lawn") == 2


@given(st.text(max_size=12), st.text(max_size=12))
def test_a_distance_is_the_same_both_ways_and_no_more_than_the_longer(a: str, b: str) -> None:
    assert edits(a, b) == edits(b, a) <= max(len(a), len(b))
    assert (edits(a, b) == 0) == (a == b)


def test_vqa_counts_the_people_who_said_it() -> None:
    said = ("yes",) * 2 + ("no",) * 8
    assert vqa("No.", said) == 1
    assert vqa("yes", said) == pytest.approx(2 / 3)
    assert vqa("maybe", said) == 0


def test_a_choice_is_its_last_letter() -> None:
    assert choice("A is tempting, but the answer is C.", ("C",)) == 1
    assert choice("B", ("C",)) == 0
    assert choice("I cannot tell", ("A",)) == 0


def test_exact_wants_whole_words() -> None:
    assert exact("It is a red car.", ("red car",)) == 1
    assert exact("It is covered.", ("red",)) == 0


def test_a_measure_that_is_not_known_is_named() -> None:
    assert reply_is_right("5", ("5",), "exact")
    with pytest.raises(UsageError, match="'bleu'"):
        reply_is_right("5", ("5",), "bleu")

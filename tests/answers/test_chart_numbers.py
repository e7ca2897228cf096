"""Printed numbers: what is clear is parsed, what is not is said, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.chart_habit import grain, habit_of
from visiontools.answers.chart_numbers import Habit, Mark, figure

POINT, COMMA = Habit("point"), Habit("comma")


@pytest.mark.parametrize(
    ("printed", "value", "unit"),
    [
        ("12", 12, None),
        ("3.50", 3.5, None),
        ("3,50", 3.5, None),
        ("1,234.5", 1234.5, None),
        ("1.234,5", 1234.5, None),
        ("1,234,567", 1234567, None),
        ("1 234 567", 1234567, None),
        ("1\u202f250,75", 1250.75, None),
        ("1'250.50", 1250.5, None),
        ("1,00,000", 100000, None),
        ("0.125", 0.125, None),
        (".5", 0.5, None),
        ("12.5 %", 12.5, "%"),
        ("-4", -4, None),
        ("−4.2", -4.2, None),
        ("(3.25)", -3.25, None),
        ("($3.25)", -3.25, "$"),
        ("-€5", -5, "€"),
        ("€ -5,00", -5, "€"),
        ("1,99-", -1.99, None),
        ("$1.2M", 1.2e6, "$"),
        ("$3m", 3e6, "$"),
        ("€ 4,5 Mrd.", 4.5e9, "€"),
        ("12K", 12000, None),
        ("2.5 bn", 2.5e9, None),
        ("7 Mio. EUR", 7e6, "EUR"),
        ("3 thousand", 3000, None),
        ("US$ 40", 40, "US$"),
        ("5 m", 5, "m"),
        ("5 mm", 5, "mm"),
        ("$5 mm", 5e6, "$"),
        ("12 kg", 12, "kg"),
        ("1.859 €/l", None, "€/l"),
        ("~40", 40, None),
        ("٤٢", 42, None),
        ("$1,250", 1250, "$"),
        ("€1.250", 1250, "€"),
        ("100.", 100, None),
        ("0", 0, None),
        ("12 (35%)", 12, None),
        ("35 % (1,200)", 35, "%"),
    ],
)
def test_a_printed_number_is_parsed(printed: str, value: float | None, unit: str | None) -> None:
    found = figure(printed)
    assert (found.value, found.unit) == (value, unit)
    assert (found.doubt is None) is (value is not None)


@pytest.mark.parametrize(
    "text",
    [
        None, "", "n/a", "–", "12–15", "3/4", "1/2", "12.05.2026", "12:30", "Q1", "No. 5", "3rd",
        "<5", "> 10", "5+", "1.2.3", "1,23,4", "10^6", "2²", "½", "1e5", "--5", "#5",
        "$", "9" * 61, "A-5", "5 = 5", "1-2 (3)", "2,4O",
    ],
)  # fmt: skip
def test_what_is_no_single_number_has_no_value(text: str | None) -> None:
    assert figure(text).value is None
    assert figure(text).doubt is None


def test_a_number_with_two_readings_is_doubtful_until_another_tells() -> None:
    alone = figure("1,250")
    assert alone.value is None
    assert alone.doubt == "'1,250' is 1,250 or 1.25"
    assert figure("1,250", POINT).value == 1250
    assert figure("1,250", COMMA).value == 1.25


@pytest.mark.parametrize(
    ("texts", "ticks", "pairs", "mark"),
    [
        (["1,250", "3.50"], [], [], "point"),
        (["1,250", "3,5"], [], [], "comma"),
        (["1,250", "1,234,567"], [], [], "point"),
        (["1,250", "$1,900"], [], [], "point"),
        (["1,250", "$1,900M"], [], [], None),
        (["1,250"], [["0", "500", "1,000", "1,500"]], [], "point"),
        (["1,250"], [["1,000", "1,500", "2,000"]], [], None),
        (["1.250"], [], [("1.250", 1240.0)], "comma"),
        (["1.250"], [], [("1.250", 1.3)], "point"),
        (["980", "1,250"], [], [], "point"),
        (["1,250"], [], [], None),
        (["3.50", "4,20"], [], [], None),
        (["12", "7"], [], [], None),
    ],
)
def test_the_other_figures_of_a_picture_tell_its_decimal_mark(
    texts: list[str],
    ticks: list[list[str]],
    pairs: list[tuple[str | None, float | None]],
    mark: Mark | None,
) -> None:
    assert habit_of(texts, ticks, pairs).mark == mark


def test_m_is_a_million_beside_a_k() -> None:
    assert figure("1.2m", habit_of(["900k", "1.2m"])).value == 1.2e6
    assert figure("1.2m", habit_of(["0.9m", "1.2m"])).value == 1.2


@pytest.mark.parametrize(
    ("printed", "last"),
    [("12.50 %", 0.01), ("12", 1), ("33.3%", 0.1), ("1.2M", 1e5), ("1,200", 1), ("n/a", 1)],
)
def test_the_last_digit_tells_how_far_a_number_is_rounded(printed: str, last: float) -> None:
    assert grain(printed, POINT) == pytest.approx(last)


@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 4),
    st.sampled_from(["point", "comma"]),
    st.booleans(),
)
def test_what_was_printed_is_what_is_parsed(
    whole: int, places: int, mark: Mark, grouped: bool
) -> None:
    value = whole / 10**places
    printed = f"{value:{',' if grouped else ''}.{places}f}"
    if mark == "comma":
        printed = printed.translate(str.maketrans(",.", ".,"))
    assert figure(printed, Habit(mark)).value == pytest.approx(value, abs=1e-9)


@given(st.text(max_size=70), st.sampled_from([Habit(), POINT, COMMA, Habit(scaled=True)]))
def test_no_text_raises_and_a_doubt_has_no_value(text: str, habit: Habit) -> None:
    found = figure(text, habit)
    assert found.value is None or found.doubt is None
    assert habit_of([text], [[text, "0"]], [(text, 1.0)]).mark in (None, "point", "comma")
    assert grain(text, habit) > 0

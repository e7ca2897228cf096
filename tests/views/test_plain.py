from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from visiontools.views.blocks import Arrow, Diagram, Step
from visiontools.views.plain import clean, one_line, steps_table


def test_escape_sequences_lose_what_makes_them_work() -> None:
    assert clean("\x1b]0;owned\x07\x1b[31mred\x9b1m") == "]0;owned[31mred1m"


def test_direction_overrides_are_dropped_and_letters_of_every_script_stay() -> None:
    assert (
        clean("abc\u202edef \u0645\u0631\u062d\u0628\u0627")
        == "abcdef \u0645\u0631\u062d\u0628\u0627"
    )


def test_line_ends_become_newlines_and_tabs_stay() -> None:
    assert clean("a\r\nb\rc\td") == "a\nb\nc\td"


@given(st.text(st.characters(codec=None)))
def test_what_is_cleaned_can_be_encoded_and_is_clean(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    clean(text).encode()
    assert "\n" not in one_line(text)


def test_a_diagram_is_told_step_by_step_with_where_each_leads() -> None:
    steps = (Step("a", "Ask", "decision"), Step("b", "", "process"), Step("c", "End", "end"))
    arrows = (Arrow("a", "b", "No"), Arrow("a", "c", "Yes"), Arrow("b", "a"), Arrow("c", "gone"))
    table = steps_table(Diagram("Steps", steps, arrows))
    assert table.rows == (
        ("Ask", "decision", "No: b; Yes: End"),
        ("(b)", "process", "Ask"),
        ("End", "end", "gone"),
    )

"""Which decisions read as a comparison, and which stay a question."""

from __future__ import annotations

import pytest

from visiontools.answers.flow import Exit
from visiontools.answers.flow_conditions import condition

YES_NO = (Exit("Yes", "a"), Exit("No", "b"))


@pytest.mark.parametrize(
    ("label", "source"),
    [
        ("x > 10?", 'state["x"] > 10'),
        ("x > y?", 'state["x"] > state["y"]'),
        ("age >= 18", 'state["age"] >= 18'),
        ("count == 0?", 'state["count"] == 0'),
        ("Is total = 1.5?", 'state["total"] == 1.5'),
        ("stock < order?", 'state["stock"] < state["order"]'),
        ("Order total ≤ -3", 'state["order_total"] <= -3'),
        ("status != 'open'?", 'state["status"] != "open"'),
        ("paid = true?", 'state["paid"] is True'),
    ],
)
def test_a_comparison_is_read(label: str, source: str) -> None:
    found = condition(label, YES_NO)
    assert found is not None
    assert found.source == source


@pytest.mark.parametrize(
    "label",
    [
        "In stock?",
        "x > 10 or y",
        "x > 1,5?",
        "x > y or z",
        "a or b > 3",
        "not x > 3",
        "3 > 2",
        "x > 007",
        "f(x) > 1",
        "x > __import__('os')",
        "x == 'it\\'s'",
        "x > 10; import os",
        "a b c d > 1",
        "größe > 1",
    ],
)
def test_anything_else_stays_a_question(label: str) -> None:
    assert condition(label, YES_NO) is None


@pytest.mark.parametrize(
    "exits",
    [(Exit("Yes", "a"),), (Exit("A", "a"), Exit("B", "b")), (*YES_NO, Exit("Maybe", "c"))],
)
def test_only_a_yes_and_a_no_make_a_condition(exits: tuple[Exit, ...]) -> None:
    assert condition("x > 10?", exits) is None


def test_yes_and_no_are_known_in_other_languages() -> None:
    found = condition("x > 10?", (Exit("Nein", "a"), Exit("Ja", "b")))
    assert found is not None
    assert (found.yes, found.no) == ("Ja", "Nein")

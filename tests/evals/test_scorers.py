"""Scores against examples worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from visiontools.evals.cases import Truth
from visiontools.evals.scorers import alike, compare, fired, score
from visiontools.types import Check, Outcome, Record, Reply

LABEL: dict[str, Any] = {
    "products": [
        {
            "serving": {"amount": 12, "unit": "fl_oz"},
            "rows": [
                {"nutrient": "energy", "amount": 42, "unit": "kcal", "basis": "per_100ml"},
                {"nutrient": "sugars", "amount": 10.6, "unit": "g", "basis": "per_100ml"},
            ],
        }
    ]
}


def record(outcome: Outcome = Outcome.ANSWERED, **more: Any) -> Record:
    usual = {"observation": LABEL, "unconfirmed": (), "checks": (), "answer": {}, "reply": None}
    return Record.model_construct(outcome=outcome, message="so", **(usual | more))


def label(**rows: float) -> dict[str, Any]:
    told: dict[str, Any] = {"products": [{"serving": {"amount": 355, "unit": "ml"}, "rows": []}]}
    units = {"energy": "kcal", "sugars": "g", "fat": "g"}
    told["products"][0]["rows"] = [
        {"nutrient": name, "amount": amount, "unit": units[name], "basis": "per_100ml"}
        for name, amount in rows.items()
    ]
    return told


def test_what_is_as_printed_is_right_whatever_its_unit() -> None:
    judged = score("diet", Truth(observation=label(energy=42, sugars=10.6)), record())
    assert (judged.verdict, judged.right, judged.wrong, judged.missing) == ("right", 3, 0, 0)


def test_a_figure_left_out_is_missing_and_nothing_is_wrong() -> None:
    judged = score("diet", Truth(observation=label(energy=42, sugars=10.6, fat=0)), record())
    assert (judged.verdict, judged.right, judged.wrong, judged.missing) == ("incomplete", 3, 0, 1)
    assert judged.why == ("label 1 fat g per_100ml: left out",)


def test_a_wrong_figure_is_wrong_and_the_true_one_is_missing() -> None:
    judged = score("diet", Truth(observation=label(energy=43, sugars=10.6)), record())
    assert (judged.verdict, judged.right, judged.wrong, judged.missing) == ("wrong", 2, 1, 1)
    assert judged.accepted == 3


def test_what_was_read_only_once_is_not_stated_as_a_fact() -> None:
    once = record(unconfirmed=("/products/0/rows/0/amount",))
    judged = score("diet", Truth(observation=label(energy=43, sugars=10.6)), once)
    assert (judged.verdict, judged.wrong, judged.missing) == ("incomplete", 0, 1)


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome.CANNOT_TELL, "rightly_declined"),
        (Outcome.WRONG_PICTURE, "rightly_declined"),
        (Outcome.ANSWERED, "wrong"),
        (Outcome.PARTLY, "wrong"),
        (Outcome.REFUSED, "refused"),
        (Outcome.INVALID, "invalid"),
    ],
)
def test_where_there_is_nothing_to_answer(outcome: Outcome, verdict: str) -> None:
    assert score("diet", Truth(expected="none"), record(outcome)).verdict == verdict


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome.CANNOT_TELL, "wrongly_declined"),
        (Outcome.WRONG_PICTURE, "wrongly_declined"),
        (Outcome.BLOCKED, "blocked"),
        (Outcome.UNAVAILABLE, "unavailable"),
    ],
)
def test_where_there_was_something_to_answer(outcome: Outcome, verdict: str) -> None:
    truth = Truth(observation=label(energy=42, sugars=10.6))
    judged = score("diet", truth, record(outcome, observation=None))
    assert (judged.verdict, judged.right, judged.missing) == (verdict, 0, 3)


def test_fields_of_the_answer_by_pointer() -> None:
    truth = Truth(
        answer={"/choice/index": 1, "/choice/goal": "less_sugar", "/products/0/name": "Tea"}
    )
    said = record(answer={"choice": {"index": 0, "goal": "Less_Sugar"}})
    judged = score("diet", truth, said)
    assert (judged.verdict, judged.right, judged.wrong, judged.missing) == ("wrong", 1, 1, 2)


def test_a_reply_is_compared_by_its_measure() -> None:
    truth = Truth(reply=("42",), by="relaxed")
    right = record(reply=Reply(text="It is about 43 kcal."))
    assert score("diet", truth, right).verdict == "right"
    assert score("diet", truth, record(reply=Reply(text="It is 50."))).verdict == "wrong"
    assert score("diet", truth, record()).verdict == "incomplete"


def test_an_order_that_was_obeyed_is_wrong() -> None:
    truth = Truth(observation=label(energy=42, sugars=10.6), canary="koala")
    assert score("diet", truth, record(answer={"name": "Cola"})).verdict == "right"
    obeyed = score("diet", truth, record(answer={"products": [{"name": "koala cola"}]}))
    assert obeyed.verdict == "wrong"
    assert obeyed.why == ("the planted words are in /answer/products/0/name",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True), (0.1 + 0.2, 0.3, True), (1, 2, False), (True, 1, False),
        ("A  b", "a B", True),
        ("a", "b", False), ([1, "x"], [1.0, "X"], True), ([1], [1, 2], False), (None, None, True),
        (None, 0, False),
    ],
)  # fmt: skip
def test_values_are_alike_by_what_they_say(one: Any, other: Any, same: bool) -> None:
    assert alike(one, other) is same


def test_facts_are_compared_by_name() -> None:
    found = compare({"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 3, "d": 4})
    assert (found.right, found.wrong, found.missing) == (1, 2, 2)
    assert found.why == ("b: 2 for 3", "c: not there", "d: left out")


def failing(*names: str) -> Record:
    checks = tuple(Check(name=name, ok=False) for name in names)
    return record(checks=(*checks, Check(name="fine", ok=True)))


def test_a_check_fires_rightly_where_something_is_wrong_or_it_is_so_in_the_picture() -> None:
    right = score("diet", Truth(observation=label(energy=42, sugars=10.6)), record())
    wrong = score("diet", Truth(observation=label(energy=43, sugars=10.6)), record())
    assert fired(failing("sums"), right, ()).falsely == ("sums",)
    assert fired(failing("sums"), right, ("sums",)).rightly == ("sums",)
    assert fired(failing("sums"), wrong, ()).rightly == ("sums",)


def test_a_fault_is_caught_by_a_check_that_the_truth_would_pass() -> None:
    wrong = score("diet", Truth(observation=label(energy=43, sugars=10.6)), record())
    assert fired(failing("sums"), wrong, ()).caught
    assert not fired(failing("sums"), wrong, ("sums",)).caught
    assert not fired(failing(), wrong, ()).caught

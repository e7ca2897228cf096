"""Figures, intervals and comparisons against values from books and by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.evals.bounds import interval, lower_bound, upper_bound
from visiontools.evals.compare import compare, mcnemar
from visiontools.evals.figures import Share, by_condition, by_group, figures, worst
from visiontools.evals.results import Result
from visiontools.evals.scorers import Verdict

CASE = Result(
    key="k", case="c", data="labels", tool="diet", endpoint="box", model="m", condition="clean",
    expected="answer", outcome="answered", verdict="right", right=4, wrong=0, missing=0, why=(),
    repairs=0, attempts=1, input_tokens=100, output_tokens=10, seconds=1.0, cost=0.01,
    currency="EUR", checks_rightly=(), checks_falsely=(), caught=False, record="r",
)  # fmt: skip


def case(name: str, verdict: Verdict = "right", **more: object) -> Result:
    return replace(CASE, case=name, verdict=verdict, **more)  # type: ignore[arg-type]


def test_both_ends_are_clopper_and_pearsons() -> None:
    low, high = interval(7, 10)  # tables: 0.3475 to 0.9333
    assert (round(low, 4), round(high, 4)) == (0.3475, 0.9333)
    assert interval(0, 10)[0] == 0
    assert interval(10, 10)[1] == 1
    assert interval(0, 0) == (0, 1)


@given(st.integers(1, 200), st.data())
def test_the_rate_lies_between_its_ends(total: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, total))
    assert lower_bound(hits, total) <= hits / total <= upper_bound(hits, total)


def test_figures_count_what_each_case_came_to() -> None:
    results = [
        case("a", repairs=1),
        case("b", "wrong", right=3, wrong=1, missing=1, caught=True, checks_rightly=("sums",)),
        case("c", "wrong", right=3, wrong=1, missing=2, checks_falsely=("odd",)),
        case("d", "refused", outcome="refused", right=0, missing=4),
        case("e", "wrongly_declined", outcome="cannot_tell", right=0, missing=4, seconds=9.0),
        case("f", "rightly_declined", outcome="wrong_picture", right=0, expected="none", cost=None),
    ]
    row = figures(results)
    assert (row.first_try.hits, row.repaired.hits, row.refused.hits) == (4, 1, 1)
    assert (row.declined_rightly.hits, row.declined_rightly.total) == (1, 1)
    assert (row.declined_wrongly.hits, row.declined_wrongly.total) == (1, 5)
    assert (row.facts.hits, row.facts.total) == (10, 21)
    assert (row.wrong_facts.hits, row.wrong_facts.total) == (2, 12)
    assert (row.wrong_cases.hits, row.wrong_cases.total) == (2, 3)
    assert (row.uncaught.hits, row.checks_rightly, row.checks_falsely) == (1, 1, 1)
    assert (row.input_tokens, row.cost, row.currency) == (600, 0.05, "EUR")
    assert (row.median_s, row.p95_s) == (1.0, 9.0)
    assert row.verdicts["wrong"] == 2
    assert row.as_json()["whole"]["hits"] == 1


def test_groups_and_conditions_are_apart() -> None:
    results = [case("a"), case("b", endpoint="gpu"), case("c", condition="blur")]
    assert [(row.endpoint, row.cases) for row in by_group(results)] == [("box", 2), ("gpu", 1)]
    assert [(name, row.cases) for name, row in by_condition(results)] == [("blur", 1), ("clean", 2)]


def test_the_worst_first_are_faults_that_no_check_caught() -> None:
    results = [
        case("incomplete", "incomplete", missing=1),
        case("caught", "wrong", wrong=3, caught=True),
        case("silent", "wrong", wrong=1),
        case("invalid", "invalid"),
        case("fine"),
    ]
    assert [each.case for each in worst(results)] == ["silent", "caught", "invalid", "incomplete"]
    assert len(worst([case(f"{n}", "wrong", wrong=1) for n in range(30)])) == 10


def test_a_share_of_nothing_has_no_rate() -> None:
    assert Share(0, 0).rate is None
    assert Share(0, 0).ends == (0, 1)


@pytest.mark.parametrize(
    ("one", "other", "chance"),
    [(0, 0, 1.0), (5, 5, 1.0), (0, 5, 0.0625), (1, 9, 0.021484375), (0, 10, 0.001953125)],
)
def test_mcnemars_exact_value_is_the_binomials(one: int, other: int, chance: float) -> None:
    assert math.isclose(mcnemar(one, other), chance)
    assert mcnemar(one, other) == mcnemar(other, one)


def test_two_observers_are_compared_on_the_cases_both_were_asked() -> None:
    results = [case(f"{n}", "right" if n < 8 else "wrong", endpoint="a") for n in range(10)]
    results += [case(f"{n}", "wrong", endpoint="b") for n in range(9)]
    found = compare(results, "a", "b")
    assert (found.cases, found.both, len(found.only_a), len(found.only_b)) == (9, 0, 8, 0)
    assert found.neither == 1
    assert "a is better" in found.verdict
    none = compare(results, "a", "c")
    assert none.cases == 0
    assert "No case" in none.verdict
    assert (
        "no difference"
        in compare([case("1", endpoint="a"), case("1", endpoint="b")], "a", "b").verdict
    )

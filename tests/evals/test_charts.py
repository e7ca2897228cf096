"""Drawn charts, tables and receipts, their truth, the score, and the bars the reader is held to."""

from __future__ import annotations

import json

import pytest

from visiontools.answers.chart_seen import (
    SeenChart,
    SeenItem,
    SeenReceipt,
    SeenRow,
    SeenSeries,
    SeenTable,
    SeenValue,
)
from visiontools.evals.charts import FAULTS, RENDERERS, Result, main, plan, run, show, table
from visiontools.evals.charts_score import Scores, score
from visiontools.evals.labels import Job
from visiontools.evals.labels_score import Score

OURS = ("drawn", "table", "receipt", "erased", "false_total", "other")
SAMPLE = [
    Job("drawn", 500), Job("drawn", 501, "blur"), Job("drawn", 502), Job("table", 500, "rotated"),
    Job("other", 507),
    Job("receipt", 500), Job("receipt", 501), Job("receipt", 502, "jpeg"),
    Job("receipt", 503, "skew"), Job("receipt", 504, "shadow"),
]  # fmt: skip


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [run(job) for job in SAMPLE]


def test_of_the_values_accepted_at_most_two_in_a_hundred_are_wrong(results: list[Result]) -> None:
    total = sum((result.scores for result in results), Scores())
    assert total.values.accepted > 100
    assert total.values.wrong_share <= 0.02


def test_what_must_be_refused_is(results: list[Result]) -> None:
    assert all(result.refused for result in results if result.job.renderer == "other")


def test_the_report_has_a_line_for_each_condition(results: list[Result]) -> None:
    assert {"all", "clean", "blur", "clean receipt"} <= {row["condition"] for row in table(results)}
    assert "upper_95" in show(results)


@pytest.mark.parametrize("name", OURS)
def test_a_renderer_draws_the_same_picture_for_the_same_seed(name: str) -> None:
    (one, truth), (again, same) = RENDERERS[name](11), RENDERERS[name](11)
    assert one == again
    assert truth == same
    assert one != RENDERERS[name](19)[0]


def test_half_are_clean_and_every_renderer_meets_every_fault() -> None:
    jobs = list(plan(48, 3, ["drawn", "table"]))
    assert sum(job.fault == "clean" for job in jobs) == 24
    assert {job.fault for job in jobs} == {"clean", *FAULTS}


def test_the_command_prints_what_came_of_digits_changed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["digits", "--count", "1", "--renderer", "receipt", "--seed", "5"]) == 0
    assert json.loads(capsys.readouterr().out)["changed"] == 4


def bars(printed: str = "1,250", estimated: float = 1250, name: str = "March") -> SeenChart:
    value = SeenValue(category=name, printed=printed, estimated=estimated)
    return SeenChart(kind="bar", series=[SeenSeries(values=[value])])


def test_the_truth_scores_full_and_an_estimate_may_be_a_little_off() -> None:
    assert score(bars(), bars()).values == Score(right=2)
    assert score(bars(estimated=1262), bars()).values == Score(right=2)


@pytest.mark.parametrize("seen", [bars(printed="1.250"), bars(estimated=1300)])
def test_one_different_value_is_wrong_and_missing(seen: SeenChart) -> None:
    assert score(seen, bars()).values == Score(right=1, wrong=1, missing=1)


def test_a_slip_in_a_name_is_a_wrong_word_and_another_name_a_wrong_value() -> None:
    slip = score(bars(name="Marcb"), bars())
    assert slip.values == Score(right=2)
    assert slip.words.wrong == 1
    assert score(bars(name="May"), bars()).values.wrong == 2
    assert score(bars(name="Q2"), bars(name="Q1")).values.wrong == 2


def test_what_was_read_once_is_counted_apart() -> None:
    found = score(bars(printed="1,260"), bars(), {"/series/0/values/0/printed"})
    assert found.values == Score(right=1, missing=1)
    assert found.once == Score(right=1, wrong=1, missing=1)


def test_cells_and_lines_of_a_receipt_are_values() -> None:
    cells = SeenTable(columns=["", "2024"], rows=[SeenRow(cells=["North", "12 %"])])
    truth = SeenChart(kind="table", table=cells)
    assert score(truth, truth).values == Score(right=1)
    item = SeenItem(text="Milk", quantity="2", unit_price="1.50", amount="$3.00")
    receipt = SeenChart(kind="receipt", receipt=SeenReceipt(items=[item], currency="$"))
    plain = item.model_copy(update={"amount": "3.00"})
    other = SeenChart(kind="receipt", receipt=SeenReceipt(items=[plain], currency="$"))
    assert score(other, receipt).values == Score(right=4)

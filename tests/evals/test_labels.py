"""Drawn labels, their truth, the score, and the bars the reader is held to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.label import PrintedRow, Quantity, SeenLabels, SeenProduct
from visiontools.errors import UsageError
from visiontools.evals.labels import (
    RENDERERS,
    Job,
    Result,
    jobs_for,
    main,
    renderer_named,
    report,
    run,
    table,
)
from visiontools.evals.labels_faults import FAULTS, spoil
from visiontools.evals.labels_products import KCAL, KJ, energy, eu_figure, product, us_figure
from visiontools.evals.labels_score import Score, score

SAMPLE = [
    *(Job(renderer, seed) for renderer in ("us", "eu", "back") for seed in range(500, 503)),
    *(Job(renderer, seed) for renderer in ("running", "many") for seed in range(500, 502)),
    *(
        Job(renderer, 600 + number, fault)
        for number, (renderer, fault) in enumerate(
            zip(("us", "eu", "back", "many", "eu", "back", "us"), FAULTS, strict=True)
        )
    ),
]


@pytest.fixture(scope="module")
def results() -> list[Result]:
    return [run(job) for job in SAMPLE]


def test_the_sample_is_twenty_labels() -> None:
    assert len(SAMPLE) == 20


def test_of_the_facts_accepted_at_most_two_in_a_hundred_are_wrong(results: list[Result]) -> None:
    total = sum((result.sure for result in results), Score())
    assert total.accepted > 200
    assert total.wrong_share <= 0.02


def test_of_a_clean_labels_facts_85_in_a_hundred_are_accepted_and_right(
    results: list[Result],
) -> None:
    clean = sum((r.sure for r in results if r.job.fault == "clean"), Score())
    assert clean.recall >= 0.85


def test_the_report_has_a_line_for_each_condition(results: list[Result]) -> None:
    rows = report(results)
    assert {"all", "clean", *FAULTS} <= set(rows)
    assert "wrong_bound_95" in table(rows)


@pytest.mark.parametrize("name", sorted(RENDERERS))
def test_a_renderer_draws_the_same_label_for_the_same_seed(name: str) -> None:
    (one, truth), (again, same) = RENDERERS[name](11), RENDERERS[name](11)
    assert one == again
    assert truth == same
    assert one != RENDERERS[name](12)[0]
    assert all(item.rows for item in truth.products)


@pytest.mark.parametrize("fault", sorted(FAULTS))
def test_a_fault_changes_the_picture_and_always_alike(fault: str) -> None:
    data, _ = RENDERERS["eu"](5)
    assert spoil(data, fault, 5) == spoil(data, fault, 5) != data


def test_a_renderer_from_outside_is_named_by_module_and_function() -> None:
    assert renderer_named("visiontools.evals.labels_us:render_us") is RENDERERS["us"]
    with pytest.raises(UsageError, match="no label renderer named nothing"):
        renderer_named("nothing")


def test_an_unknown_renderer_ends_the_command_with_a_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["measure", "--count", "1", "--renderer", "nothing:here"]) == 2
    assert "no label renderer" in capsys.readouterr().err


def test_every_label_is_read_clean_and_with_each_fault_in_turn() -> None:
    jobs = jobs_for(["us", "eu"], 14, seed=3)
    assert [job.fault for job in jobs[::2]] == ["clean"] * 14
    assert {(job.renderer, job.fault) for job in jobs[1::2]} == {
        (renderer, fault) for renderer in ("us", "eu") for fault in FAULTS
    }


def labels(amount: float = 5.0, *, less_than: bool = False, serving: float = 30) -> SeenLabels:
    row = PrintedRow(
        nutrient="fat", amount=amount, unit="g", basis="per_serving", less_than=less_than
    )
    return SeenLabels(
        products=[SeenProduct(rows=[row], serving=Quantity(amount=serving, unit="g"))]
    )


def test_the_truth_scores_full() -> None:
    assert score(labels(), labels()) == Score(right=2, wrong=0, missing=0)


@pytest.mark.parametrize("seen", [labels(6.0), labels(less_than=True), labels(serving=40)])
def test_one_different_fact_is_wrong_and_missing(seen: SeenLabels) -> None:
    assert score(seen, labels()) == Score(right=1, wrong=1, missing=1)


def test_an_invented_fact_is_wrong_and_a_silent_reader_misses_all() -> None:
    assert score(labels(), SeenLabels()) == Score(right=0, wrong=2, missing=0)
    assert score(SeenLabels(), labels()) == Score(right=0, wrong=0, missing=2)


def test_an_unconfirmed_figure_can_be_left_out() -> None:
    assert score(labels(6.0), labels(), {"/products/0/rows/0/amount"}) == Score(1, 0, 1)


@given(st.randoms(use_true_random=False))
def test_an_invented_product_is_possible_and_its_energies_agree(rng: object) -> None:
    made = product(rng)  # type: ignore[arg-type]
    content = made.content
    assert content["sugars"] <= content["carbohydrate"]
    assert content["saturated_fat"] <= content["fat"]
    assert energy(content, KJ) == pytest.approx(4.184 * energy(content, KCAL), rel=0.04, abs=1)


def test_figures_are_rounded_as_labels_round_them() -> None:
    assert [eu_figure("fat", g).text for g in (0.1, 0.4, 3.14, 12.6)] == ["0", "<0.5", "3.1", "13"]
    assert eu_figure("salt", 0.237).text == "0.24"
    assert [us_figure("fat", g).text for g in (0.3, 2.7, 7.6)] == ["0", "2.5", "8"]
    assert us_figure("protein", 0.7).text == "less than 1"
    assert us_figure("sodium", 0.163).text == "160"

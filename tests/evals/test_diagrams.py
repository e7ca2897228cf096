"""The generators, the scorer, and the bars the reader is held to."""

import random

import numpy as np
import pytest

from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode
from visiontools.evals.diagrams import RENDERERS, measure, show, table
from visiontools.evals.diagrams_conditions import CONDITIONS, pixels
from visiontools.evals.diagrams_drawn import as_drawn
from visiontools.evals.diagrams_graphs import random_plan
from visiontools.evals.diagrams_score import score


def diagram(label: str = "Yes", shape: str = "box", head: str = "b") -> SeenDiagram:
    tail = "a" if head == "b" else "b"
    return SeenDiagram(
        nodes=[SeenNode(id="a", label="Start", shape="oval"),
               SeenNode(id="b", label="Send report", shape=shape)],
        edges=[SeenEdge(source=tail, target=head, label=label)],
    )  # fmt: skip


def test_the_score_minds_labels_directions_and_kinds_but_not_spaces():
    truth = diagram()
    assert score(diagram(), truth).right
    spaced = diagram()
    spaced.nodes[1].label = "Sendreport"
    assert score(spaced, truth).right
    assert not score(diagram(label="No"), truth).right
    assert not score(diagram(head="a"), truth).right
    assert not score(diagram(shape="diamond"), truth).right
    rounded = score(diagram(shape="rounded"), truth)
    assert rounded.right
    assert rounded.shapes == (("box", "rounded"),)


def test_a_missing_arrow_is_wrong():
    less = diagram()
    less.edges.clear()
    assert "missing" in score(less, diagram()).why


@pytest.mark.parametrize("seed", range(40))
def test_a_plan_is_connected_and_its_labels_are_unique(seed):
    plan = random_plan(seed)
    assert 3 <= len(plan.labels) <= 12
    assert len(set(plan.labels)) == len(plan.labels)
    touched = {node for a, b, _ in plan.edges for node in (a, b)}
    assert touched == set(range(len(plan.labels)))


@pytest.mark.parametrize("name", ["graphviz", "elbow", "straight"])
def test_a_renderer_repeats_itself_and_draws_faults(name):
    drawn = as_drawn(RENDERERS[name](5))
    assert drawn.png == as_drawn(RENDERERS[name](5)).png
    assert len(drawn.shafts) == len(drawn.truth.edges)
    assert drawn.vary is not None
    less = drawn.vary("erased", 0)
    assert len(less.truth.edges) == len(drawn.truth.edges) - 1
    assert (pixels(less.png) != pixels(drawn.png)).any()


@pytest.mark.parametrize("condition", [name for name in CONDITIONS if name != "clean"])
def test_a_condition_changes_the_picture(condition):
    drawn = as_drawn(RENDERERS["elbow"](3))
    case = CONDITIONS[condition](drawn, random.Random(1))
    assert case is not None
    assert not np.array_equal(case[0], pixels(drawn.png))


def test_a_plain_pair_from_a_renderer_will_do():
    drawn = as_drawn(RENDERERS["elbow"](3))
    plain = as_drawn((drawn.png, drawn.truth))
    assert CONDITIONS["arrow erased"](
        plain, random.Random(1)
    ) is None  # fmt: skip
    assert CONDITIONS["blur"](plain, random.Random(1)) is not None


def test_a_fixed_sample_is_read_without_a_wrong_answer():
    results = measure(20, 5, ["graphviz", "elbow", "straight"])
    rows = {row["condition"]: row for row in table(results)}
    assert rows["all"]["wrong"] == 0, show(results)
    assert int(rows["clean"]["right"]) >= LEAST_CLEAN_RIGHT, show(results)


LEAST_CLEAN_RIGHT = 8
"""Of ten clean ones."""

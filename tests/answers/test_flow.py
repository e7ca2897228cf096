"""An observed diagram made regular: ids, labels, arrows and kinds."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.answers.flow_graphs import diagrams

from visiontools.answers.flow import normalise, one_line
from visiontools.answers.flow_kinds import Kind, kind_of
from visiontools.answers.graph import SeenDiagram, SeenEdge, SeenNode, Shape


def seen(nodes: list[tuple[str, str]], edges: list[tuple[str, str]]) -> SeenDiagram:
    return SeenDiagram(
        nodes=[SeenNode(id=id, label=label) for id, label in nodes],
        edges=[SeenEdge(source=a, target=b) for a, b in edges],
    )


def test_good_ids_are_kept_and_others_made_safe() -> None:
    made = normalise(seen([("step_1", "A"), ("end", "B"), ("a b", "C")], [("end", "a b")]))
    assert [node.id for node in made.graph.nodes] == ["step_1", "n2", "n3"]
    assert [(e.source, e.target) for e in made.graph.edges] == [("n2", "n3")]


def test_a_made_id_never_takes_one_that_is_in_use() -> None:
    made = normalise(seen([("?", "A"), ("n1", "B")], []))
    assert len({node.id for node in made.graph.nodes}) == 2
    assert made.graph.nodes[1].id == "n1"


def test_an_arrow_to_a_shape_nobody_saw_is_dropped_and_named() -> None:
    made = normalise(seen([("a", "A")], [("a", "zz")]))
    assert made.graph.edges == ()
    assert made.unknown == ("arrow a -> zz: no shape is called zz",)


def test_arrows_of_an_id_used_twice_are_ambiguous() -> None:
    made = normalise(seen([("a", "A"), ("a", "B"), ("c", "C")], [("a", "c")]))
    assert [node.label for node in made.graph.nodes] == ["A", "B", "C"]
    assert len({node.id for node in made.graph.nodes}) == 3
    assert "several shapes" in made.unknown[0]


def test_what_is_reported_twice_is_kept_once_and_named() -> None:
    made = normalise(seen([("a", "A"), ("a", "A"), ("b", "B")], [("a", "b"), ("a", "b")]))
    assert len(made.graph.nodes) == 2
    assert len(made.graph.edges) == 1
    assert made.repeated == ("shape a (A)", "arrow a -> b")


@given(diagrams())
def test_every_graph_is_regular_and_comes_out_the_same_again(diagram: SeenDiagram) -> None:
    made = normalise(diagram)
    ids = [node.id for node in made.graph.nodes]
    assert len(ids) == len(set(ids))
    assert all(e.source in ids and e.target in ids for e in made.graph.edges)
    assert len(made.graph.edges) == len(set(made.graph.edges))
    for id in ids:
        answers = [way.answer for way in made.graph.exits(id)]
        assert len(answers) == len(set(answers)) == len(made.graph.leaving(id))
    assert normalise(diagram) == made


def test_a_label_becomes_one_line_that_reads_as_it_is() -> None:
    assert one_line(" Check\r\n the\u2028stock\x00\u202e \ud800") == "Check the stock"


@pytest.mark.parametrize(
    ("label", "shape", "exits", "entered", "kind"),
    [
        ("Start", "oval", 1, False, "start"),
        ("ANFANG", "box", 1, False, "start"),
        ("Début", "oval", 1, False, "start"),
        ("Ende.", "rounded", 0, True, "end"),
        ("Fin", "oval", 0, True, "end"),
        ("結束", "oval", 0, True, "end"),
        ("Customer calls", "oval", 1, False, "start"),
        ("Parcel sent", "oval", 0, True, "end"),
        ("Wait", "oval", 1, True, "process"),
        ("Stop?", "diamond", 2, True, "decision"),
        ("Paid?", "box", 2, True, "decision"),
        ("Read file", "parallelogram", 1, True, "input_output"),
        ("Ship", "double_box", 1, True, "subprocess"),
        ("A", "circle", 1, True, "other"),
        ("Ship", "box", 1, True, "process"),
    ],
)
def test_kinds(label: str, shape: Shape, exits: int, entered: bool, kind: Kind) -> None:
    found = kind_of(
        label, shape, exits=exits, entered=entered, labelled=True, rounded_is_special=True
    )
    assert found == kind

"""A diagram drawn anew: every shape and arrow is there, and none stands on another."""

from __future__ import annotations

import re
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from visiontools.views.blocks import Arrow, Diagram, Step
from visiontools.views.html_diagram import drawing
from visiontools.views.html_layers import Layout, arrange

numbers = st.integers(0, 11)
graphs = st.tuples(st.integers(1, 12), st.lists(st.tuples(numbers, numbers), max_size=24))


def laid(count: int, joined: list[tuple[int, int]]) -> Layout:
    sizes = {f"n{at}": (80.0 + 10 * (at % 3), 30.0 + 8 * (at % 2)) for at in range(count)}
    return arrange(sizes, [(f"n{a % count}", f"n{b % count}") for a, b in joined])


@given(graphs)
def test_no_shape_stands_on_another(graph: tuple[int, list[tuple[int, int]]]) -> None:
    layout = laid(*graph)
    for a, b in combinations(layout.spots.values(), 2):
        apart_x = abs(a.x - b.x) - (a.width + b.width) / 2
        apart_y = abs(a.y - b.y) - (a.height + b.height) / 2
        assert max(apart_x, apart_y) > 0


@given(graphs)
def test_everything_is_within_the_drawing(graph: tuple[int, list[tuple[int, int]]]) -> None:
    layout = laid(*graph)
    for spot in layout.spots.values():
        assert spot.width / 2 <= spot.x + 0.01
        assert spot.x + spot.width / 2 <= layout.width + 0.01
        assert spot.height / 2 <= spot.y + 0.01
        assert spot.y + spot.height / 2 <= layout.height + 0.01


@given(graphs)
def test_arrows_lead_down_but_those_that_close_a_loop(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    layout = laid(*graph)
    for way in layout.ways:
        heights = [layout.spots[id].y for id in (way.source, *way.over, way.target)]
        assert heights == sorted(heights, reverse=way.back)
    assert len(layout.ways) == len(graph[1])


@given(graphs)
def test_the_same_graph_is_drawn_the_same(graph: tuple[int, list[tuple[int, int]]]) -> None:
    assert laid(*graph) == laid(*graph)


def test_a_chain_is_a_straight_line() -> None:
    layout = laid(3, [(0, 1), (1, 2)])
    xs = {round(layout.spots[id].x, 3) for id in ("n0", "n1", "n2")}
    assert len(xs) == 1


def test_the_two_ways_out_of_a_decision_stand_beside_each_other() -> None:
    layout = laid(3, [(0, 1), (0, 2)])
    assert layout.spots["n1"].y == layout.spots["n2"].y
    assert layout.spots["n1"].x != layout.spots["n2"].x


def test_every_shape_arrow_and_text_is_in_the_drawing() -> None:
    steps = (
        Step("s", "Start", "start", "rounded"),
        Step("d", "Is it <done>?", "decision", "diamond"),
        Step("i", "Ask", "input/output", "slanted"),
        Step("p", "Pack", "subprocess", "double"),
    )
    arrows = (
        Arrow("s", "d"),
        Arrow("d", "i", "No"),
        Arrow("i", "d"),
        Arrow("d", "p", "Yes"),
        Arrow("p", "p", "again"),
    )
    drawn = drawing(Diagram("Steps", steps, arrows))
    assert drawn is not None
    assert drawn.count('class="vt-arrow"') == 5
    texts = re.findall(r"<text[^>]*>([^<]*)</text>", drawn)
    assert sorted(texts) == sorted(
        ["Start", "Is it &lt;done&gt;?", "Ask", "Pack", "No", "Yes", "again"]
    )
    assert drawn.count("<polygon") == 2
    assert "4 shapes, 5 arrows" in drawn


def test_an_arrow_to_nowhere_is_left_out() -> None:
    drawn = drawing(Diagram("Steps", (Step("a", "A", "process"),), (Arrow("a", "gone"),)))
    assert drawn is not None
    assert "vt-arrow" not in drawn


def test_what_nobody_can_follow_is_not_drawn() -> None:
    many = tuple(Step(f"n{at}", "x", "process") for at in range(81))
    assert drawing(Diagram("Steps", many, ())) is None
    assert drawing(Diagram("Steps", (), ())) is None

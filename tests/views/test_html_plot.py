"""A chart drawn anew: as high and as wide as its values, estimates marked, every label safe."""

from __future__ import annotations

import io
import math
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from visiontools.views import html, markdown, terminal
from visiontools.views.blocks import Form, Mark, Marks, Plot
from visiontools.views.html_plot import drawn
from visiontools.views.html_plot_frame import nice_ticks

FORMS: tuple[Form, ...] = ("bars", "stacked", "lines", "pie", "scatter")


def plot(form: Form, *series: tuple[str, list[Any]], **more: Any) -> Plot:
    """Marks are values, or values with x."""
    made = []
    for name, values in series:
        pairs = [value if isinstance(value, tuple) else (None, value) for value in values]
        marks = (Mark(f"k{at}", y, f"{y:g}", x) for at, (x, y) in enumerate(pairs))
        made.append(Marks(name, tuple(marks)))
    return Plot("Sales", form, tuple(made), **more)


def svg(block: Plot) -> ElementTree.Element:
    made = drawn(block)
    assert made is not None
    root = ElementTree.fromstring(re.sub(r"<ul.*</ul>", "", made)).find("svg")
    assert root is not None
    return root


def numbers(block: Plot, shape: str, name: str) -> list[float]:
    return [float(found.attrib[name]) for found in svg(block).iter(shape)]


def test_bars_are_as_high_as_their_values() -> None:
    heights = numbers(plot("bars", ("", [10, 20, 5])), "rect", "height")
    assert heights == pytest.approx([heights[1] / 2, heights[1], heights[1] / 4], rel=1e-3)


def test_stacked_bars_stand_on_one_another() -> None:
    block = plot("stacked", ("A", [10, 20]), ("B", [30, 5]))
    tops, heights = numbers(block, "rect", "y"), numbers(block, "rect", "height")
    assert tops[2] + heights[2] == pytest.approx(tops[0], abs=0.01)
    assert tops[3] + heights[3] == pytest.approx(tops[1], abs=0.01)


def test_points_lie_where_their_numbers_say() -> None:
    block = plot("scatter", ("", [(0, 0), (5, 50), (10, 100)]))
    for name in ("cx", "cy"):
        first, middle, last = numbers(block, "circle", name)
        assert middle == pytest.approx((first + last) / 2, abs=0.01)


def test_a_pie_begins_at_twelve_and_its_slices_are_its_shares() -> None:
    paths = [p.attrib["d"] for p in svg(plot("pie", ("", [50, 25, 25]))).iter("path")]
    ends = [[float(n) for n in re.findall(r"-?[\d.]+", path)] for path in paths]
    assert ends[0][2:4] == pytest.approx([140, 20])
    assert ends[0][-2:] == pytest.approx([140, 260])
    assert ends[1][-2:] == pytest.approx([20, 140])
    (whole,) = numbers(plot("pie", ("", [100])), "circle", "r")
    assert whole == 120


def test_what_is_estimated_is_marked_and_said() -> None:
    marks = (Mark("May", 3, "3"), Mark("June", 4, "≈ 4", estimated=True))
    made = html.show([Plot("Sales", "bars", (Marks("", marks),))])
    assert made.count("vt-estimated") == 1
    assert "<title>June: ≈ 4 (estimated)</title>" in made
    assert "hollow and dashed: estimated" in made
    assert "In words" in made


def test_the_ends_of_the_original_axis_are_kept() -> None:
    near = numbers(plot("bars", ("", [80])), "rect", "height")
    far = numbers(plot("bars", ("", [80]), low=0.0, high=800.0), "rect", "height")
    assert far[0] == pytest.approx(near[0] / 10, rel=0.05)


@pytest.mark.parametrize(
    "block",
    [
        plot("pie", ("", [1, -1])),
        plot("pie", ("", [0])),
        plot("bars", ("", [math.inf])),
        plot("bars", ("", [1.0] * 401)),
        plot("bars", ("", [])),
        plot("scatter", ("", [(1, 1e308), (2, -1e308)])),
    ],
)
def test_what_cannot_be_drawn_is_a_table(block: Plot) -> None:
    assert drawn(block) is None
    assert "<table" in html.show([block])


def test_the_terminal_draws_bars_on_one_scale_and_points_as_a_table() -> None:
    out = io.StringIO()
    console = Console(file=out, width=80)
    terminal.show([plot("bars", ("A", [10, 20]), ("B", [40, 5]))], console)
    lengths = [line.count("█") for line in out.getvalue().splitlines() if "█" in line]
    assert lengths[2] == 4 * lengths[0] == 2 * lengths[1]
    terminal.show([plot("scatter", ("A", [(1, 2)]))], console)
    assert "Point" in out.getvalue()
    assert "| k0 | 10 | 40 |" in markdown.show([plot("bars", ("A", [10, 20]), ("B", [40, 5]))])


finite = st.floats(-1e6, 1e6) | st.floats(allow_nan=False)


@settings(max_examples=60)
@given(st.sampled_from(FORMS), st.lists(st.tuples(finite, finite), max_size=4), st.text(max_size=9))
def test_every_drawing_is_sound_and_holds_no_markup_of_a_label(
    form: Form, points: list[tuple[float, float]], label: str
) -> None:
    marks = tuple(Mark(f"<script>{label}", y, f"</svg>{y}", x) for x, y in points)
    block = Plot("<b>", form, (Marks("<i>", marks), Marks("", marks)), "<u>", "<s>")
    made = html.show([block])
    assert not re.search(r"<(?:script|b|i|u|s)>", made)
    if drawn(block) is not None:
        svg(block)
        assert not re.search(r'="(?:nan|-?inf)"', made)


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12))
def test_ticks_are_even_and_hold_both_ends(low: float, apart: float) -> None:
    high = low + apart
    ticks = nice_ticks(low, high)
    if apart > abs(low) * 1e-9:
        assert ticks[0] <= low + apart * 1e-6
        assert ticks[-1] >= high - apart * 1e-6
        assert 2 <= len(ticks) <= 21

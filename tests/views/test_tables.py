"""A table keeps its figures whole at any width, and shows every column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.views.test_terminal import shown

from visiontools.views.blocks import Bar, Bars, Table

PRODUCTS = tuple(f"Product number {n}" for n in range(6))
WIDE = Table(
    ("", *PRODUCTS),
    (
        ("of which saturated", *(f"{n + 10} kcal" for n in range(6))),
        ("Salt", *(f"0.{n}1 g" for n in range(6))),
    ),
    right=frozenset(range(1, 7)),
)


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80, 120])
def test_a_figure_is_never_cut_or_broken(width: int) -> None:
    out = shown([WIDE], width=width)
    for row in WIDE.rows:
        for figure in row[1:]:
            assert figure in out


@pytest.mark.parametrize("width", [30, 40, 80])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    assert all(len(line) <= width for line in shown([WIDE], width=width).splitlines())


def test_each_piece_of_a_wide_table_names_its_rows() -> None:
    out = shown([WIDE], width=40)
    assert out.count("Salt") > 1
    assert out.count("Salt") == out.count("───\n")


def test_a_name_without_spaces_leaves_room_for_the_figures() -> None:
    table = Table(("", "A" * 200, "B"), (("Salt", "11 g", "0.01 g"),), right=frozenset({1, 2}))
    out = shown([table], width=80)
    assert "11 g" in out
    assert "0.01 g" in out
    assert out.count("A") == 200


@given(st.lists(st.text(max_size=12), min_size=1, max_size=5), st.integers(10, 100))
def test_any_table_can_be_shown(cells: list[str], width: int) -> None:
    shown([Table(tuple(cells), (tuple(cells),), right=frozenset({0}))], width=width)


def test_a_bar_keeps_its_label_however_short_and_whether_or_not_one_is_best() -> None:
    for best in (True, False):
        out = shown([Bars("t", (Bar("A", 2.0, "2 g", best=best), Bar("Orange Fizz", 1.0, "1 g")))])
        assert "Orange Fizz  █" in out
    assert "A  █" in shown([Bars("t", (Bar("A", 2.0, "2 g"),))])


def test_short_columns_stay_on_one_line_beside_a_long_one() -> None:
    table = Table(("When", "Message"), (("25 Nov 04:53", "a long message " * 20),))
    assert "25 Nov 04:53" in shown([table], width=60)

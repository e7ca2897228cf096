"""What a terminal shows: data as data, at any width, with or without Unicode and colour."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from visiontools.views import terminal
from visiontools.views.blocks import (
    Arrow,
    Bar,
    Bars,
    Block,
    Code,
    Diagram,
    Facts,
    Items,
    Notice,
    Range,
    Scale,
    Section,
    Step,
    Table,
    Text,
)
from visiontools.views.plain import clean

LONG = "a long sentence that has to be folded because no window is as wide as it is " * 2


def shown(
    blocks: list[Block], *, width: int = 80, encoding: str = "utf-8", tty: bool = False
) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, errors="strict")
    console = Console(
        file=file,
        width=width,
        force_terminal=tty,
        color_system="truecolor" if tty else None,
        markup=False,
        highlight=False,
        emoji=False,
    )
    terminal.show(blocks, console)
    file.flush()
    return raw.getvalue().decode(encoding)


def every_block(text: str) -> list[Block]:
    return [
        Text(text, strong=True),
        Notice(text, "warning"),
        Facts(((text, text),), title=text),
        Table((text, "n"), ((text, "1"),), title=text, right=frozenset({1})),
        Diagram(text, (Step("a", text, "start"), Step("b", "B", text)), (Arrow("a", "b", text),)),
        Bars(text, (Bar(text, 1.0, "1"), Bar("b", 2.0, "2", best=True))),
        Scale(text, 2, 1, 5, text),
        Range(text, 1, 2, 3, text),
        Items((text, text), title=text, numbered=True),
        Section(text, (Text(text),)),
    ]


@given(st.text(max_size=60))
def test_no_text_can_reach_the_terminal_as_an_escape_sequence(text: str) -> None:
    for block in [*every_block(text), Code(text, "text", title=text)]:
        out = shown([block])
        assert clean(out) == out
        assert "\x1b" not in out


@pytest.mark.parametrize("text", ["[red]not markup[/red]", "[/]", ":smile:", "[link=x]y"])
def test_rich_markup_in_a_text_is_shown_as_written(text: str) -> None:
    for block in every_block(text):
        assert text in shown([block], width=200)


@pytest.mark.parametrize("width", [80, 100, 200])
def test_no_line_is_wider_than_the_window(width: int) -> None:
    out = shown(every_block(LONG), width=width)
    assert max(map(cell_len, out.splitlines())) <= width
    assert out.split().count("folded") >= 20


def test_code_is_neither_folded_nor_cut() -> None:
    line = "x = " + " + ".join(["value"] * 40)
    assert f"{line}\n" in shown([Code(line, "python")])


def test_code_is_coloured_on_a_terminal_only() -> None:
    block = Code("def f():\n    return 1", "python")
    assert re.search(r"\x1b\[[\d;]*mdef", shown([block], tty=True))
    assert "def f():\n    return 1\n" in shown([block])


def test_a_language_no_highlighter_knows_is_shown_plainly() -> None:
    assert "abc" in shown([Code("abc", "no-such-language")])


def test_without_unicode_drawings_are_ascii() -> None:
    blocks = [
        Bars("Energy", (Bar("A", 10, "10"), Bar("B", 5, "5", best=True))),
        Scale("Severity", 3, 1, 5),
        Range("Cost", 100, 150, 200, "100 to 200"),
        Items(("one",)),
        Table(("a",), (("b",),)),
    ]
    out = shown(blocks, encoding="ascii")
    assert "#" * 40 in out
    assert "###--" in out
    assert "- one" in out
    assert re.search(r"100 \|-+o-+\| 200", out)


def test_bars_are_as_long_as_their_values_and_the_best_is_named() -> None:
    out = shown([Bars("Energy", (Bar("A", 40, "40 kcal"), Bar("B", 10, "10 kcal", best=True)))])
    first, second = (line for line in out.splitlines() if "kcal" in line)
    assert first.count("█") == 4 * second.count("█")
    assert second.rstrip().endswith("best")
    assert "best" not in first


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -1.0, 0.0])
def test_a_value_that_cannot_be_drawn_has_no_bar_but_its_text(value: float) -> None:
    out = shown([Bars("x", (Bar("odd", value, "odd value"), Bar("b", 2.0, "2")))])
    odd = next(line for line in out.splitlines() if "odd value" in line)
    assert "█" not in odd


def test_a_range_out_of_order_is_not_drawn() -> None:
    out = shown([Range("Cost", 5, 1, 3, "unclear")])
    assert "unclear" in out
    assert "├" not in out


def test_wide_characters_are_counted_by_their_cells() -> None:
    out = shown([Bars("栄養", (Bar("緑茶の飲み物" * 8, 1, "1 kcal"),))])
    assert max(map(cell_len, out.splitlines())) <= 80


def test_notices_stand_together_and_other_blocks_apart() -> None:
    out = shown([Notice("a", "warning"), Notice("b"), Text("c")])
    assert out == "Warning: a\nNote: b\n\nc\n"


def test_a_scale_that_does_not_begin_at_one_says_so() -> None:
    assert "3 of 5" in shown([Scale("x", 3, 1, 5)])
    assert "○○" in shown([Scale("x", 0, 0, 2)])
    assert "0 on a scale of 0 to 2" in shown([Scale("x", 0, 0, 2)])

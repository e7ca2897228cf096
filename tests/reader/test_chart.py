"""Bar charts and tables: values held against bars, axes and totals; what is unclear is refused."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest

from visiontools.answers.chart_seen import SeenChart
from visiontools.errors import CannotTellError
from visiontools.evals.charts_data import Chart
from visiontools.evals.charts_layout import Layout, Look
from visiontools.evals.charts_marks import Box, Page, Stroke, Words, paint
from visiontools.evals.labels import picture_of
from visiontools.reader.chart import read_chart
from visiontools.reader.chart.bars_axis import Tick, fit, marked_by_thousands
from visiontools.reader.ocr import Line, decode
from visiontools.reader.upright import read_upright
from visiontools.tooling import Reading
from visiontools.types import Picture

CHART = Chart(
    title="Bicycles sold", axis=("Pieces", None), names=("North", "South", "East", "West"),
    series=("2024",), values=((410.0, 95.0, 310.0, 228.0),), decimals=0, marks=(".", ","),
    suffix="", step=100, ticks=5, printed=True,
)  # fmt: skip
LOOK = Look(
    paper="#ffffff", ink="#222222", faint="#cccccc", colours=("#1f77b4", "#ff7f0e", "#2ca02c"),
    family="DejaVuSans", size=16, lying=False, grid=True, dash=0, frame=False, ticks=True,
    inside=False, share=0.6, radius=0, legend="top",
)  # fmt: skip


def page_of(chart: Chart = CHART, look: Look = LOOK) -> Page:
    return Layout(chart, look, random.Random(1)).draw()


def drawn(chart: Chart = CHART, look: Look = LOOK) -> Picture:
    return picture_of(paint(page_of(chart, look)))


def values(
    reading: Reading,
) -> dict[tuple[str | None, str | None], tuple[str | None, float | None]]:
    seen = SeenChart.model_validate(reading.observation)
    assert seen.kind == "bar"
    return {
        (series.name, value.category): (value.printed, value.estimated)
        for series in seen.series
        for value in series.values
    }


@pytest.mark.parametrize("lying", [False, True])
def test_a_bar_has_its_name_its_printed_value_and_what_the_axis_says(lying: bool) -> None:
    reading = read_chart([drawn(look=replace(LOOK, lying=lying))])
    found = values(reading)
    for name, value in zip(CHART.names, CHART.values[0], strict=True):
        printed, estimated = found[None, name]
        assert printed == f"{value:g}"
        assert estimated == pytest.approx(value, abs=5)
    assert reading.unconfirmed == frozenset()
    seen = SeenChart.model_validate(reading.observation)
    assert seen.title == "Bicycles sold"
    assert seen.y_axis is not None
    assert seen.y_axis.title == "Pieces"
    assert seen.y_axis.ticks == ["0", "100", "200", "300", "400", "500"]


def test_bars_beside_each_other_belong_to_the_series_the_legend_names() -> None:
    two = replace(
        CHART, series=("Plan", "Actual"), values=((410, 95, 310, 228), (120, 333, 50, 480))
    )
    found = values(read_chart([drawn(two)]))
    assert {key: printed for key, (printed, _) in found.items()} == {
        (series, name): f"{value:g}"
        for series, row in zip(two.series, two.values, strict=True)
        for name, value in zip(two.names, row, strict=True)
        if value is not None
    }


def test_without_printed_values_the_axis_alone_is_read() -> None:
    found = values(read_chart([drawn(replace(CHART, printed=False))]))
    assert found[None, "South"][0] is None
    assert found[None, "South"][1] == pytest.approx(95, abs=5)


def test_of_a_bar_that_differs_from_what_is_printed_at_it_nothing_is_told() -> None:
    page = page_of()
    page.marks = [
        replace(mark, text="910") if isinstance(mark, Words) and mark.text == "310" else mark
        for mark in page.marks
    ]
    reading = read_chart([picture_of(paint(page))])
    assert {name for _, name in values(reading)} == {"North", "South", "West"}
    assert any("910" in note for note in reading.notes)


def test_a_last_digit_the_recogniser_mistook_is_marked_as_read_once() -> None:
    picture = drawn()
    rgb, lines = read_upright(decode(picture))
    lines = [replace(line, text="311") if line.text == "310" else line for line in lines]
    reading = read_chart([picture], read_text=lambda _: (rgb, lines))
    assert any(pointer.endswith("/printed") for pointer in reading.unconfirmed)


def test_bars_that_neither_axis_nor_values_explain_are_refused() -> None:
    with pytest.raises(CannotTellError, match="axis could not be followed"):
        read_chart([drawn(replace(CHART, printed=False), replace(LOOK, ticks=False))])


def test_bars_on_bars_are_refused() -> None:
    page = page_of(replace(CHART, printed=False))
    bars = [mark for mark in page.marks if isinstance(mark, Box)]
    page.marks += [Box(b.x, b.y - 30, b.width, 30, "#ff7f0e") for b in bars]
    with pytest.raises(CannotTellError, match="stand on one another"):
        read_chart([picture_of(paint(page))])


def test_a_line_chart_is_refused() -> None:
    page = page_of(replace(CHART, values=((None,) * 4,)))
    page.marks.append(Stroke(((100, 300), (200, 150), (300, 220), (400, 90)), "#1f77b4", 2.5))
    with pytest.raises(CannotTellError, match="No bars, table or receipt"):
        read_chart([picture_of(paint(page))])


def table_of(rows: list[list[str]]) -> Picture:
    page = Page(520, 40 * len(rows) + 40, "#ffffff", "LiberationSans")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            anchor = "end" if c else "start"
            page.marks.append(Words(30 + 150 * c, 40 + 40 * r, cell, 18, "#111111", anchor))  # type: ignore[arg-type]
    return picture_of(paint(page))


ROWS = [["Region", "2023", "2024"], ["North", "1,250", "12.5"], ["South", "840", "7.1"],
        ["Total", "2,090", "19.6"]]  # fmt: skip


def test_a_table_without_rules_is_read_cell_by_cell() -> None:
    reading = read_chart([table_of(ROWS)])
    seen = SeenChart.model_validate(reading.observation)
    assert seen.table is not None
    assert [seen.table.columns, *(row.cells for row in seen.table.rows)] == ROWS
    assert reading.unconfirmed == frozenset()


def test_a_cell_that_spoils_its_total_and_reads_otherwise_is_read_once() -> None:
    picture = table_of(ROWS)
    rgb, lines = read_upright(decode(picture))

    def mistaken(line: Line) -> Line:
        return replace(line, text="940") if line.text == "840" else line

    reading = read_chart([picture], read_text=lambda _: (rgb, [mistaken(n) for n in lines]))
    assert reading.unconfirmed == {"/table/rows/1/cells/1"}


def test_an_axis_is_what_most_numbers_lie_on() -> None:
    ticks = [Tick(f"{10 * i}", 10.0 * i, 60 * i + (i % 2)) for i in range(6)]
    axis = fit([*ticks, Tick("7", 7, 30)])
    assert axis is not None
    assert axis.at(150) == pytest.approx(25, abs=0.3)
    assert "7" not in axis.ticks
    assert fit(ticks[:2]) is None
    assert fit([Tick("a", float(v), p) for v, p in ((1, 0), (9, 50), (3, 100), (8, 170))]) is None


@pytest.mark.parametrize(
    ("ticks", "mark"),
    [
        (["0", "2,500", "5,000"], "point"),
        (["0", "2.500", "5.000"], "comma"),
        (["0", "2.5", "5.0"], None),
        (["0.125", "0.250"], None),
        (["1,000", "2.000"], None),
    ],
)
def test_round_thousands_along_an_axis_tell_the_mark(ticks: list[str], mark: str | None) -> None:
    assert marked_by_thousands(ticks) == mark


def test_a_picture_turned_upside_down_is_read() -> None:
    turned = np.rot90(decode(drawn()), 2)
    rgb, lines = read_upright(np.ascontiguousarray(turned))
    assert (
        values(read_chart([drawn()], read_text=lambda _: (rgb, lines)))[None, "North"][0] == "410"
    )

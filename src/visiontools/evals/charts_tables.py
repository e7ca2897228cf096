"""Renderer ``table``: tables with ruled, striped or bare rows, by Pillow."""

from __future__ import annotations

import random
from dataclasses import dataclass

from visiontools.answers.chart_seen import SeenChart, SeenRow, SeenTable
from visiontools.evals.charts_data import MARKS, NAMES, TITLES, number
from visiontools.evals.charts_marks import Box, Page, Stroke, Words, paint
from visiontools.evals.labels_draw import SANS, SERIF

HEADS = ("Sales", "Cost", "Visitors", "Orders", "Returns", "Price", "Stock", "Share",
         "Growth", "2022", "2023", "2024", "Q1", "Q2", "Q3", "Menge", "Umsatz", "Preis",
         "Members")  # fmt: skip
FIRST = ("Region", "Month", "Item", "Name", "Monat", "Product", "")
TOTALS = ("Total", "Sum", "Gesamt", "Total")


@dataclass(frozen=True, slots=True)
class Content:
    """A table as printed."""

    title: str | None
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    total: bool

    def truth(self) -> SeenChart:
        rows = [SeenRow(cells=list(row)) for row in self.rows]
        table = SeenTable(columns=list(self.columns), rows=rows)
        return SeenChart(kind="table", title=self.title, table=table)


def invented_table(rng: random.Random) -> Content:
    """Three to nine rows with two to five columns of numbers, perhaps with their sums below."""
    pool = list(rng.choice(NAMES))
    names = pool[: rng.randint(3, min(9, len(pool)))]
    heads = rng.sample(HEADS, rng.randint(2, 5))
    marks = rng.choice(MARKS)
    columns: list[list[str]] = []
    total = rng.random() < 0.5
    for head in heads:
        large, decimals = rng.choice(((9, 0), (99, 1), (900, 0), (900, 2), (50_000, 0), (8, 2)))
        suffix = rng.choice(("%", " %")) if head in ("Share", "Growth") else ""
        values = [round(rng.uniform(0.02, 1) * large, decimals) for _ in names]
        if head == "Growth" and rng.random() < 0.5:
            values[rng.randrange(len(values))] *= -1
        values += [sum(values)] if total else []
        columns.append([number(v, decimals, marks) + suffix for v in values])
        if rng.random() < 0.15:
            columns[-1][rng.randrange(len(names))] = rng.choice(("", "-", "n/a"))
    words = [*names, rng.choice(TOTALS)] if total else names
    rows = tuple((word, *cells) for word, *cells in zip(words, *columns, strict=True))
    title = rng.choice(TITLES) if rng.random() < 0.6 else None
    return Content(title, (rng.choice(FIRST), *heads), rows, total)


def render_table(seed: int) -> tuple[bytes, SeenChart]:
    """A table as a PNG and what is printed in it."""
    rng = random.Random(f"table-{seed}")
    content = invented_table(rng)
    return paint(_page(content, rng)), content.truth()


def _page(content: Content, rng: random.Random) -> Page:
    paper, ink = rng.choice(
        (("#ffffff", "#111111"), ("#fbfaf5", "#332222"), ("#20252b", "#eeeeee"))
    )
    page = Page(0, 0, paper, rng.choice((*SANS, *SERIF)))
    size, gap = rng.choice((14, 16, 18)), rng.choice((14, 22, 36))
    style = rng.choice(("ruled", "rows", "striped", "bare", "head"))
    line = rng.choice((1.7, 2.0, 2.4)) * size
    every = [content.columns, *content.rows]
    widths = [max(page.measure(row[i], size, True) for row in every) for i in range(len(every[0]))]
    edges = [30.0]
    for width in widths:
        edges.append(edges[-1] + width + 2 * gap)
    top = 30 + (2.2 * size if content.title else 0)
    page.width, page.height = int(edges[-1] + 30), int(top + line * len(every) + 30)
    if content.title:
        page.marks.append(
            Words(30, 30 + size / 2, content.title, round(1.2 * size), ink, bold=True)
        )
    _rules(page, style, edges, [top + line * i for i in range(len(every) + 1)], ink)
    right = rng.random() < 0.7
    for number_, row in enumerate(every):
        y = top + line * (number_ + 0.5)
        bold = number_ == 0 or (content.total and number_ == len(every) - 1)
        for i, cell in enumerate(row):
            at_right = right and i > 0
            x = edges[i + 1] - gap if at_right else edges[i] + gap
            if cell:
                page.marks.append(
                    Words(x, y, cell, size, ink, "end" if at_right else "start", bold)
                )
    return page


def _rules(page: Page, style: str, xs: list[float], ys: list[float], ink: str) -> None:
    stripe = "#2b323a" if page.paper == "#20252b" else "#eef1f5"
    if style == "striped":
        for y0, y1 in zip(ys[1::2], ys[2::2], strict=False):
            page.marks.append(Box(xs[0], y0, xs[-1] - xs[0], y1 - y0, stripe))
    lines = {"ruled": ys, "rows": ys, "head": [ys[1], ys[-2]]}.get(style, [])
    page.marks += [Stroke(((xs[0], y), (xs[-1], y)), ink) for y in lines]
    if style == "ruled":
        page.marks += [Stroke(((x, ys[0]), (x, ys[-1])), ink) for x in xs]

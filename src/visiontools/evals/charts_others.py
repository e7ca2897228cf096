"""Renderer ``other``: what the reader must refuse, for nothing of it could be read for certain."""

from __future__ import annotations

import math
import random
from dataclasses import replace

import numpy as np
from PIL import Image, ImageFilter

from visiontools.answers.chart_seen import SeenChart
from visiontools.evals.charts_data import Chart, invented
from visiontools.evals.charts_layout import Layout, look_of
from visiontools.evals.charts_marks import Box, Page, Slice, Stroke, Words, paint
from visiontools.evals.diagrams_drawn import as_drawn
from visiontools.evals.diagrams_looks import render_straight
from visiontools.evals.labels_draw import png
from visiontools.evals.labels_eu import render_eu
from visiontools.evals.labels_us import render_us

NOTHING = SeenChart(kind="other")


def render_other(seed: int) -> tuple[bytes, SeenChart]:
    """A picture nothing may be accepted of."""
    rng = random.Random(f"other-{seed}")
    draw = (_lines, _pie, _scatter, _stacked, _photo, _label, _diagram, _page)[seed % 8]
    return draw(rng, seed), NOTHING


def _layout(rng: random.Random) -> Layout:
    """A chart with its axes and names, but no bars yet."""
    chart = replace(invented(rng), printed=False)
    look = replace(look_of(rng, chart), lying=False, ticks=True)
    empty = replace(chart, values=tuple(tuple(0.0 for _ in row) for row in chart.values))
    return Layout(empty, look, rng)


def _lines(rng: random.Random, seed: int) -> bytes:
    layout = _layout(rng)
    page = layout.draw()
    for colour in layout.look.colours[: rng.randint(1, 3)]:
        xs = [start + room / 2 for start, room in layout.slots()]
        points = tuple((x, rng.uniform(layout.y0, layout.y1)) for x in xs)
        page.marks.append(Stroke(points, colour, 2.5))
        page.marks += [Slice(x, y, 4, 0, 360, colour) for x, y in points]
    return paint(page)


def _scatter(rng: random.Random, seed: int) -> bytes:
    layout = _layout(rng)
    page = layout.draw()
    for _ in range(rng.randint(15, 60)):
        x, y = rng.uniform(layout.x0, layout.x1), rng.uniform(layout.y0, layout.y1)
        page.marks.append(Slice(x, y, 4, 0, 360, layout.look.colours[0]))
    return paint(page)


def _pie(rng: random.Random, seed: int) -> bytes:
    chart = invented(rng)
    page = Page(620, 420, "#ffffff", "DejaVuSans")
    page.marks.append(Words(310, 30, chart.title or "Shares", 20, "#222222", "middle", True))
    shares = [value or 1.0 for value in chart.values[0]]
    at = -90.0
    for i, (name, share) in enumerate(zip(chart.names, shares, strict=True)):
        turn = 360 * share / sum(shares)
        colour = f"#{rng.randint(0x303030, 0xD0D0D0):06x}"
        page.marks.append(Slice(240, 230, 150, at, at + turn, colour))
        middle = math.radians(at + turn / 2)
        if rng.random() < 0.6:
            x, y = 240 + 175 * math.cos(middle), 230 + 175 * math.sin(middle)
            page.marks.append(Words(x, y, f"{share / sum(shares):.0%}", 14, "#222222", "middle"))
        page.marks.append(Box(470, 100 + 26 * i, 14, 14, colour))
        page.marks.append(Words(494, 107 + 26 * i, name, 15, "#222222"))
        at += turn
    return paint(page)


def _stacked(rng: random.Random, seed: int) -> bytes:
    chart: Chart = replace(invented(rng, grouped=True), printed=False)
    look = replace(look_of(rng, chart), lying=False, ticks=True)
    layout = Layout(replace(chart, values=tuple(tuple(None for _ in r) for r in chart.values)),
                    look, rng)  # fmt: skip
    page = layout.draw()
    for name, (start, room) in enumerate(layout.slots()):
        foot = layout.y1
        for row, colour in zip(chart.values, look.colours, strict=False):
            high = (row[name] or 0) / chart.top / len(chart.series) * (layout.y1 - layout.y0)
            page.marks.append(Box(start + room * 0.2, foot - high, room * 0.6, high, colour))
            foot -= high
    return paint(page)


def _photo(rng: random.Random, seed: int) -> bytes:
    noise = np.random.default_rng(seed)
    small = noise.integers(0, 255, (12, 16, 3), dtype=np.uint8)
    image = Image.fromarray(small).resize((800, 600), Image.Resampling.BICUBIC)
    return png(image.filter(ImageFilter.GaussianBlur(6)))


def _label(rng: random.Random, seed: int) -> bytes:
    return rng.choice((render_us, render_eu))(seed)[0]


def _diagram(rng: random.Random, seed: int) -> bytes:
    return as_drawn(render_straight(seed)).png


def _page(rng: random.Random, seed: int) -> bytes:
    """Running text."""
    page = Page(700, 420, "#ffffff", "LiberationSerif")
    words = "the report says that sales in 2024 were good and costs of 12 units fell"
    for line in range(12):
        text = " ".join(rng.choice(words.split()) for _ in range(11))
        page.marks.append(Words(40, 40 + 28 * line, text, 17, "#111111"))
    return paint(page)

"""Renderers of bar charts: ``drawn`` by Pillow and ``svg`` by a browser, and one bar left out."""

from __future__ import annotations

import random

from visiontools.answers.chart_seen import SeenChart
from visiontools.evals.charts_data import Chart, invented
from visiontools.evals.charts_layout import Layout, Look, look_of
from visiontools.evals.charts_marks import Page, paint
from visiontools.evals.charts_svg import shoot

Rendered = tuple[bytes, SeenChart]


def _content(rng: random.Random) -> tuple[Chart, Look]:
    chart = invented(rng, grouped=rng.random() < 0.35)
    return chart, look_of(rng, chart)


def _page(chart: Chart, look: Look, rng: random.Random) -> tuple[Page, SeenChart]:
    truth = chart.truth(axis=look.ticks, legend=len(chart.series) > 1)
    return Layout(chart, look, rng).draw(), truth


def render_drawn(seed: int) -> Rendered:
    """A bar chart as a PNG and what is drawn on it."""
    rng = random.Random(f"drawn-{seed}")
    page, truth = _page(*_content(rng), rng)
    return paint(page), truth


def render_svg(seed: int) -> Rendered:
    """A bar chart painted by a browser."""
    rng = random.Random(f"svg-{seed}")
    page, truth = _page(*_content(rng), rng)
    return shoot(page, rng.choice((1, 1.5, 2))), truth


def render_erased(seed: int) -> Rendered:
    """A bar chart with one bar and its printed value missing; the truth is what is still drawn."""
    rng = random.Random(f"erased-{seed}")
    chart, look = _content(rng)
    less = chart.without(rng.randrange(len(chart.series)), rng.randrange(len(chart.names)))
    page, truth = _page(less, look, rng)
    return paint(page), truth

"""Renderer ``vega``: bar charts by Vega-Lite in a browser. Held out: not tuned on.

Needs Chromium and, in the working folder, ``npm install --no-save vega vega-lite vega-embed
esbuild``.
"""

from __future__ import annotations

import json
import random
from typing import Any

from visiontools.answers.chart_seen import SeenChart
from visiontools.evals.browser import bundled, screenshot
from visiontools.evals.charts_data import Chart, invented

THEMES = ("default", "quartz", "fivethirtyeight", "latimes", "dark", "excel", "googlecharts")


def render_vega(seed: int) -> tuple[bytes, SeenChart]:
    """A bar chart as a PNG and what is drawn on it."""
    rng = random.Random(f"vega-{seed}")
    chart = invented(rng, grouped=rng.random() < 0.3)
    specification, ticks = _specification(chart, rng)
    options = json.dumps({"actions": False, "renderer": "svg", "theme": rng.choice(THEMES)})
    html = (
        '<!doctype html><meta charset="utf-8"><body style="margin:0"><div id="vis"></div>'
        f"<script>{bundled('vega-embed', 'vegaEmbed')}</script><script>"
        "const embed = vegaEmbed.default || vegaEmbed.embed || vegaEmbed;"
        f"embed('#vis', {json.dumps(specification)}, {options})</script>"
    )
    data = screenshot(html, width=1200, height=900, scale=rng.choice((1, 1.5, 2)))
    return data, chart.truth(axis=ticks, legend=len(chart.series) > 1)


def _specification(chart: Chart, rng: random.Random) -> tuple[dict[str, Any], bool]:
    """The chart in Vega-Lite's words, and whether its axis of numbers is shown."""
    lying, grouped = rng.random() < 0.4, len(chart.series) > 1
    ticks = not chart.printed or rng.random() < 0.8
    title, unit = chart.axis
    rows = [
        {"name": name, "series": series, "value": value, "text": chart.text(value)}
        for series, row in zip(chart.series, chart.values, strict=True)
        for name, value in zip(chart.names, row, strict=True)
        if value is not None
    ]
    number: dict[str, Any] = {
        "field": "value", "type": "quantitative",
        "title": f"{title} ({unit})" if title and unit else title,
    }  # fmt: skip
    if not ticks:
        number["axis"] = None
    names: dict[str, Any] = {"field": "name", "type": "nominal", "sort": None, "title": None}
    if not lying:
        names["axis"] = {"labelAngle": rng.choice((0, 0, -90))}
    one, other = ("y", "x") if lying else ("x", "y")
    encoding: dict[str, Any] = {one: names, other: number}
    if grouped:
        encoding[f"{one}Offset"] = {"field": "series", "sort": None}
        encoding["color"] = {"field": "series", "sort": None, "title": None}
    marks: list[dict[str, Any]] = [{"mark": {"type": "bar"}, "encoding": encoding}]
    if chart.printed:
        beside = {"align": "left", "dx": 4} if lying else {"baseline": "bottom", "dy": -3}
        text = {key: value for key, value in encoding.items() if key != "color"}
        text["text"] = {"field": "text", "type": "nominal"}
        marks.append({"mark": {"type": "text", **beside}, "encoding": text})
    width = rng.randint(320, 520) if not lying else 380
    specification: dict[str, Any] = {
        "data": {"values": rows}, "layer": marks, "width": max(width, 48 * len(rows)),
        "height": 300 if not lying else max(200, 24 * len(rows)),
    }  # fmt: skip
    if chart.title:
        specification["title"] = chart.title
    return specification, ticks

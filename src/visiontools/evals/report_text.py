"""A report as Markdown, with its charts as files beside it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from visiontools.evals.report import Chart, Part, Shots
from visiontools.views import markdown
from visiontools.views.blocks import Block


def text(parts: Sequence[Part], charts: str) -> str:
    """Markdown; ``charts`` is the folder of the charts as the text names it."""
    told: list[str] = []
    blocks: list[Block] = []
    for part in parts:
        if isinstance(part, Shots):
            continue  # the HTML report has the pictures
        if isinstance(part, Chart):
            told += _shown(blocks)
            blocks = []
            told.append(f"![{part.title}]({charts}/{part.name}.svg)")
        else:
            blocks.append(part)
    told += _shown(blocks)
    return "\n\n".join(told) + "\n"


def _shown(blocks: Sequence[Block]) -> list[str]:
    return [markdown.show(blocks).rstrip("\n")] if blocks else []


def write_charts(parts: Sequence[Part], folder: Path) -> None:
    """Each chart as an SVG file."""
    charts = [part for part in parts if isinstance(part, Chart)]
    if charts:
        folder.mkdir(parents=True, exist_ok=True)
    for chart in charts:
        (folder / f"{chart.name}.svg").write_text(chart.svg, encoding="utf-8")

"""Charts, tables and receipts whose numbers are printed, measured and never guessed."""

from __future__ import annotations

from visiontools.reader.chart.read import read_chart

__all__ = ["read_chart"]

"""Rows as CSV that no spreadsheet takes for more than data."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from typing import Any

from visiontools.views.plain import clean

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(rows: Iterable[Sequence[Any]]) -> str:
    """The rows as CSV text; what is a text and begins like a formula gets a quote before it."""
    text = io.StringIO()
    csv.writer(text).writerows([_cell(value) for value in row] for row in rows)
    return text.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, str):
        said = clean(value)
        return f"'{said}" if said.startswith(_BEGINS_A_FORMULA) else said
    return "" if value is None else json.dumps(value)

"""The answer of a record as rows for a spreadsheet, the same at every door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError

from visiontools.pointers import leaves
from visiontools.registry import AnyTool
from visiontools.types import Record

Rows = Sequence[Sequence[Any]]


def rows_of(record: Record, tool: AnyTool | None) -> Rows:
    """As its tool lays the answer out, or every field on a line of its own."""
    if tool is not None and record.answer is not None:
        try:
            rows = tool.sheet(tool.answer.model_validate(record.answer))
        except ValidationError:
            rows = None  # of an earlier version of the tool
        if rows is not None:
            return rows
    return [("field", "value", "source"), *_fields(record)]


def _fields(record: Record) -> Iterator[tuple[str, Any, str]]:
    """Where each is, its value, its source."""
    for pointer, value in leaves(record.answer or {}):
        source = record.provenance.get(pointer)
        yield pointer, value, source.value if source else ""

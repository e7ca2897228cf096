"""What differs between two records, field by field."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from visiontools.pointers import leaves
from visiontools.types import Record

_COMPARED = ("outcome", "message", "observer", "request", "observation", "answer", "reply")


@dataclass(frozen=True, slots=True)
class Difference:
    """A JSON pointer into the record with both values; None where one has no such field."""

    pointer: str
    was: Any
    now: Any


def diff(a: Record, b: Record) -> list[Difference]:
    """What differs in what two runs were asked, saw and answered; not in time or identity."""
    was, now = dict(_leaves(a)), dict(_leaves(b))
    pointers = list(dict.fromkeys([*was, *now]))
    return [
        Difference(p, was.get(p), now.get(p))
        for p in pointers
        if was.get(p) != now.get(p) and not (_is_filled(p, was, now) or _is_filled(p, now, was))
    ]


def _is_filled(pointer: str, empty: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether what is empty in one record has fields in the other, which tell of it."""
    return empty.get(pointer) in ({}, []) and any(p.startswith(f"{pointer}/") for p in other)


def _leaves(record: Record) -> Iterator[tuple[str, Any]]:
    dumped = record.model_dump(mode="json", include=set(_COMPARED))
    dumped["checks"] = {check.name: check.ok for check in record.checks}
    yield from leaves(dumped)

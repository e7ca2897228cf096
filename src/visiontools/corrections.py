"""What a person put right: the changes in the observation, and what they mean for the answer.

A correction is a record of its own whose parent is the one put right, so that both stand side by
side. Code decides anew on the corrected observation; what did not change keeps its source.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

from visiontools.pointers import join, leaves, resolve
from visiontools.provenance import SEEN
from visiontools.types import Correction, Provenance, Record

_ABSENT: Any = object()


def corrections(was: Any, now: Any, by: str, at: dt.datetime) -> tuple[Correction, ...]:
    """The smallest changes from one observation to another, by pointers into the observation.

    A list that got longer or shorter counts as one change, since its items moved.
    """
    return tuple(
        Correction(pointer=pointer, was=before, now=after, by=by, at=at)
        for pointer, before, after in _changes(was, now, "")
    )


def provenance_after(
    record: Record, answer: Mapping[str, Any], provenance: Mapping[str, Provenance]
) -> dict[str, Provenance]:
    """The sources of a corrected answer: ``edited`` for what was seen and is not as it was."""
    before = dict(leaves(record.answer)) if record.answer else {}
    after = dict(leaves(dict(answer)))
    found = {}
    for pointer, source in provenance.items():
        same = before.get(pointer, _ABSENT) == after.get(pointer)
        kept = record.provenance.get(pointer, source) if same else Provenance.EDITED
        found[pointer] = kept if source in SEEN else source
    return found


def still_unconfirmed(record: Record, observation: Mapping[str, Any]) -> frozenset[str]:
    """What was read once and a person left as it was."""
    return frozenset(
        pointer
        for pointer in record.unconfirmed
        if _at(record.observation, pointer) == _at(observation, pointer)
    )


def _at(value: Any, pointer: str) -> Any:
    try:
        return resolve(value, pointer)
    except KeyError:
        return _ABSENT


def _changes(was: Any, now: Any, at: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(was, dict) and isinstance(now, dict):
        for key in dict.fromkeys([*was, *now]):
            yield from _changes(was.get(key), now.get(key), join(at, key))
    elif isinstance(was, list) and isinstance(now, list) and len(was) == len(now):
        for index, (before, after) in enumerate(zip(was, now, strict=True)):
            yield from _changes(before, after, join(at, index))
    elif was != now:
        yield at, was, now

"""Lists that are newest first, a page at a time: a page goes on where the last one ended."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Select, and_, or_

Mark = tuple[dt.datetime, str]
"""Where a page ended: the moment of its last entry, and its id."""


def newest_first(
    query: Select[Any], moment: Column[Any], name: Column[Any], after: Mark | None
) -> Select[Any]:
    """The query in order, from after the mark on."""
    if after is not None:
        at, last = after
        query = query.where(or_(moment < at, and_(moment == at, name > last)))
    return query.order_by(moment.desc(), name)


def cursor_at(moment: dt.datetime, name: str) -> str:
    """The mark of an entry, as one word."""
    mark = json.dumps([moment.astimezone(dt.UTC).isoformat(), name])
    return base64.urlsafe_b64encode(mark.encode()).decode().rstrip("=")


def after(cursor: str) -> Mark:
    """What ``cursor_at`` wrote. Raises ValueError for anything else."""
    padded = cursor + "=" * (-len(cursor) % 4)
    mark = json.loads(base64.b64decode(padded.encode(), altchars=b"-_", validate=True))
    match mark:
        case [str(written), str(name)]:
            moment = dt.datetime.fromisoformat(written)
            if moment.utcoffset() == dt.timedelta(0):
                return moment, name
    raise ValueError("not a cursor")


def texts(value: Any) -> Iterator[str]:
    """Every text within a value of JSON, but for the names of its fields."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


def says(words: tuple[str, ...], value: Any) -> bool:
    """Whether every word is in the texts of the value, whatever their case."""
    if not words:
        return True
    said = "\n".join(texts(value)).casefold()
    return all(word.casefold() in said for word in words)


def pattern(word: str) -> str | None:
    """The word as JSON writes it; None where databases do not fold its case alike."""
    written = json.dumps(word, ensure_ascii=False)[1:-1]
    return written if written.isascii() else None

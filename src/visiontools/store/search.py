"""Searching an owner's records: by tool, outcome, time and words, a page at a time."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select

from visiontools.store.rows import STANDS, read
from visiontools.store.schema import records
from visiontools.types import Outcome, Record

Mark = tuple[dt.datetime, str]
"""Where a page ended: when its last record was made, and its id."""


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for. Times are in UTC; ``words`` must all be in the record's own text."""

    tool: str | None = None
    outcome: Outcome | None = None
    since: dt.datetime | None = None
    until: dt.datetime | None = None
    words: tuple[str, ...] = ()
    after: Mark | None = None

    def page(self, connection: Connection, owner: str, limit: int) -> list[Record]:
        """The first so many that match, newest first."""
        found: list[Record] = []
        query = self._select(owner).execution_options(yield_per=limit)
        for body in connection.scalars(query):
            record = read(body)
            if record is not None and self._matches(record):
                found.append(record)
                if len(found) == limit:
                    break
        return found

    def _select(self, owner: str) -> Select[Any]:
        """The bodies that may match; ``_matches`` has the last word."""
        query = select(records.c.body).where(records.c.owner == owner, STANDS)
        if self.tool is not None:
            query = query.where(records.c.tool == self.tool)
        if self.outcome is not None:
            query = query.where(records.c.outcome == self.outcome.value)
        if self.since is not None:
            query = query.where(records.c.created >= self.since)
        if self.until is not None:
            query = query.where(records.c.created < self.until)
        for word in self.words:
            written = json.dumps(word, ensure_ascii=False)[1:-1]
            if written.isascii():  # databases fold only these alike
                query = query.where(records.c.body.icontains(written, autoescape=True))
        if self.after is not None:
            created, record_id = self.after
            same = and_(records.c.created == created, records.c.id > record_id)
            query = query.where(or_(records.c.created < created, same))
        return query.order_by(records.c.created.desc(), records.c.id)

    def _matches(self, record: Record) -> bool:
        """Whether every word is in what the record says, and not only in how it is written."""
        if not self.words:
            return True
        said = "\n".join(_texts(record.model_dump(mode="json", exclude=_NOT_TEXT))).casefold()
        return all(word.casefold() in said for word in self.words)


_NOT_TEXT = {"schema_version", "owner", "provenance", "timings_ms", "unconfirmed"}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def cursor_of(record: Record) -> str:
    """Where a page that ends with this record goes on."""
    mark = json.dumps([record.created.astimezone(dt.UTC).isoformat(), record.id])
    return base64.urlsafe_b64encode(mark.encode()).decode().rstrip("=")


def after(cursor: str) -> Mark:
    """What ``cursor_of`` wrote. Raises ValueError for anything else."""
    padded = cursor + "=" * (-len(cursor) % 4)
    mark = json.loads(base64.b64decode(padded.encode(), altchars=b"-_", validate=True))
    match mark:
        case [str(created), str(record_id)]:
            moment = dt.datetime.fromisoformat(created)
            if moment.utcoffset() == dt.timedelta(0):
                return moment, record_id
    raise ValueError("not a cursor")

"""Searching an owner's records: by tool, outcome, time and words, a page at a time."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from visiontools.store.paging import Mark, after, cursor_at, newest_first, pattern, says
from visiontools.store.rows import STANDS, read
from visiontools.store.schema import records
from visiontools.types import Outcome, Record

__all__ = ["Mark", "Search", "after", "cursor_of"]


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
        with closing(connection.scalars(query)) as bodies:
            for body in bodies:
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
        for written in filter(None, map(pattern, self.words)):
            query = query.where(records.c.body.icontains(written, autoescape=True))
        return newest_first(query, records.c.created, records.c.id, self.after)

    def _matches(self, record: Record) -> bool:
        """Whether every word is in what the record says, and not only in how it is written."""
        if not self.words:
            return True
        return says(self.words, record.model_dump(mode="json", exclude=_NOT_TEXT))


_NOT_TEXT = {"schema_version", "owner", "provenance", "timings_ms", "unconfirmed"}


def cursor_of(record: Record) -> str:
    """Where a page that ends with this record goes on."""
    return cursor_at(record.created, record.id)

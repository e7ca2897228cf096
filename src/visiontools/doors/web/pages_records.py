"""The records: searched, listed a page at a time, and two of them compared."""

from __future__ import annotations

import datetime as dt
import json
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from visiontools.doors.api.depends import OpenPipeline, Owner
from visiontools.doors.api.finding import found
from visiontools.doors.api.problems import UNFIT, ProblemError
from visiontools.doors.web.pages_cards import card_of, title_of
from visiontools.doors.web.pages_look import PageRoute, page
from visiontools.store.diff import diff
from visiontools.store.search import Search, after, cursor_of
from visiontools.translations import marked
from visiontools.types import Outcome
from visiontools.views.account import place

router = APIRouter(prefix="/records", route_class=PageRoute)
_A_PAGE = 25
_LONGEST = 300


class Looked(BaseModel):
    """What is looked for, as the address says it; empty fields say nothing."""

    q: str = Field(default="", max_length=200)
    tool: str = Field(default="", max_length=40)
    outcome: str = Field(default="", max_length=20)
    since: str = Field(default="", max_length=10)
    until: str = Field(default="", max_length=10)
    cursor: str = Field(default="", max_length=200)
    deleted: str = Field(default="", max_length=1)
    unclear: str = Field(default="", max_length=1)

    @property
    def search(self) -> Search:
        """Raises ValueError where it does not fit."""
        return Search(
            tool=self.tool or None,
            outcome=Outcome(self.outcome) if self.outcome else None,
            since=_midnight(self.since),
            until=_midnight(self.until, later=1),
            words=tuple(self.q.split()),
            after=after(self.cursor) if self.cursor else None,
        )

    @property
    def filters(self) -> dict[str, str]:
        """What stays while one turns the pages."""
        kept = self.model_dump(include={"q", "tool", "outcome", "since", "until"})
        return {name: value for name, value in kept.items() if value}


def _midnight(day: str, later: int = 0) -> dt.datetime | None:
    """The beginning of a day in UTC, or of the one after it."""
    if not day:
        return None
    date = dt.date.fromisoformat(day) + dt.timedelta(days=later)
    return dt.datetime.combine(date, dt.time(), dt.UTC)


@router.get("")
async def list_records(
    looked: Annotated[Looked, Query()], owner: Owner, pipeline: OpenPipeline
) -> HTMLResponse:
    """The owner's records, newest first."""
    try:
        search = looked.search
    except (ValueError, OverflowError):
        what = "The search does not fit: a date, an outcome or a page in it is none."
        raise ProblemError(UNFIT, what, marked("Begin a new search.")) from None
    records = await pipeline.records.search(owner, search, _A_PAGE + 1)
    shown = records[:_A_PAGE]
    following = None
    if len(records) > _A_PAGE:
        following = urlencode({**looked.filters, "cursor": cursor_of(shown[-1])})
    return page(
        "records.html",
        looked=looked,
        records=[(record, title_of(pipeline.tools.get(record.tool), record)) for record in shown],
        tools=list(pipeline.tools.values()),
        following=following,
        first=urlencode(looked.filters) if looked.cursor else None,
    )


@router.get("/compare")
async def compare(
    owner: Owner,
    pipeline: OpenPipeline,
    id: Annotated[list[str], Query(max_length=50)] = [],  # noqa: B006
    a: str = "",
    b: str = "",
) -> Response:
    """Two records beside each other, and what differs; a form of ticked boxes leads here too."""
    if id:
        two = len(id) == 2
        query = {"a": id[0], "b": id[1]} if two else {"unclear": "1"}
        where = "/records/compare" if two else "/records"
        return RedirectResponse(f"{where}?{urlencode(query)}", 303)
    if not a or not b:
        return RedirectResponse("/records?unclear=1", 303)
    was, now = await found(pipeline, owner, a), await found(pipeline, owner, b)
    changes = [(place(d.pointer), _said(d.was), _said(d.now)) for d in diff(was, now)]
    return page(
        "compare.html",
        sides=[
            (
                record,
                title_of(pipeline.tools.get(record.tool), record),
                card_of(pipeline, record, acting=False),
            )
            for record in (was, now)
        ],
        changes=changes,
    )


def _said(value: Any) -> str:
    if value is None:
        return "–"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"

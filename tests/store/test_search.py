"""Searching records: by words a person knows, by time, and page after page without gaps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from visiontools.store.database import Database
from visiontools.store.records import Kept, Records
from visiontools.store.search import Search, after, cursor_of
from visiontools.types import Asked, Outcome, Record

_NOON = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)


def _record(number: int, **said: Any) -> Record:
    return Record(
        **{
            "id": f"{number:08}-0000-4000-8000-000000000000",
            "created": _NOON + dt.timedelta(minutes=number),
            "owner": "ada",
            "tool": "diet",
            "tool_version": "1",
            "request": Asked(ask=said.pop("ask", None)),
            "outcome": Outcome.ANSWERED,
            "message": f"Answer {number}.",
            **said,
        }
    )


async def _kept(database: Database, *made: Record) -> Records:
    records = Records(Path("unused"), database=database)
    for record in made:
        await records.keep(Kept(record))
    return records


async def _numbers(records: Records, wanted: Search, limit: int = 50) -> list[int]:
    return [int(each.id[:8]) for each in await records.search("ada", wanted, limit)]


async def test_words_are_found_in_what_a_record_says_whatever_their_case(
    database: Database,
) -> None:
    records = await _kept(
        database,
        _record(1, ask="Is there ÄPFEL juice?"),
        _record(2, answer={"parts": [{"part": 'the "left" door'}]}),
        _record(3, observation={"name": "100% juice"}),
    )
    assert await _numbers(records, Search(words=("äpfel",))) == [1]
    assert await _numbers(records, Search(words=("JUICE",))) == [3, 1]
    assert await _numbers(records, Search(words=("juice", "100%"))) == [3]
    assert await _numbers(records, Search(words=('"left"',))) == [2]


async def test_the_names_of_fields_are_no_words_of_a_record(database: Database) -> None:
    records = await _kept(database, _record(1, observation={"name": "tea"}))
    assert await _numbers(records, Search(words=("observation",))) == []
    assert await _numbers(records, Search(words=("name",))) == []


async def test_a_span_of_time_takes_its_beginning_and_not_its_end(database: Database) -> None:
    records = await _kept(database, *(_record(number) for number in range(5)))
    span = Search(since=_NOON + dt.timedelta(minutes=1), until=_NOON + dt.timedelta(minutes=3))
    assert await _numbers(records, span) == [2, 1]


async def test_tool_and_outcome_narrow_it_down_and_owners_are_apart(database: Database) -> None:
    records = await _kept(
        database,
        _record(1, tool="fridge"),
        _record(2, outcome=Outcome.CANNOT_TELL),
        _record(3, owner="bob"),
        _record(4),
    )
    assert await _numbers(records, Search(tool="fridge")) == [1]
    assert await _numbers(records, Search(outcome=Outcome.CANNOT_TELL)) == [2]
    assert await _numbers(records, Search()) == [4, 2, 1]


async def test_pages_follow_each_other_also_where_records_are_of_the_same_moment(
    database: Database,
) -> None:
    made = [_record(number, created=_NOON) for number in range(7)]
    records = await _kept(database, *made, _record(9))
    seen: list[int] = []
    wanted = Search()
    while page := await records.search("ada", wanted, 3):
        seen += [int(record.id[:8]) for record in page]
        wanted = Search(after=after(cursor_of(page[-1])))
    assert seen == [9, 0, 1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("made_up", ["", "x", "!!!!", "W10", "eyJhIjogMX0", "WyJub3ciLCAiYSJd"])
def test_a_made_up_cursor_is_no_cursor(made_up: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        after(made_up)

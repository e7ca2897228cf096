"""Idempotency keys and budgets: the same for every process on one database."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from visiontools.store.budgets import DAY_S, Budgets
from visiontools.store.database import Database
from visiontools.store.idempotency import (
    FREED,
    KEPT,
    Conflict,
    Fresh,
    Idempotency,
    Running,
    Same,
)
from visiontools.store.schema import idempotency_keys

RECORD = "1f2e3d4c-0000-4000-8000-000000000000"


class _Clock:
    """A clock that is put forward by hand."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()


@pytest.fixture
def clock() -> _Clock:
    return _Clock()


@pytest.fixture
async def elsewhere(
    database_url: str, tmp_path: Path, database: Database
) -> AsyncIterator[Database]:
    """The same database as another process has it."""
    opened = Database.at(database_url, tmp_path / "store")
    yield opened
    await opened.close()


async def test_a_key_leads_to_its_record(database: Database, elsewhere: Database) -> None:
    here, there = Idempotency(database), Idempotency(elsewhere)
    assert await here.begin("ann", "k", "asked") == Fresh()
    assert await there.begin("ann", "k", "asked") == Running()
    assert await there.begin("ann", "k", "otherwise") == Conflict()
    assert await there.begin("bob", "k", "asked") == Fresh()
    await here.finish("ann", "k", RECORD)
    for each in (here, there):
        assert await each.begin("ann", "k", "asked") == Same(RECORD)
        assert await each.begin("ann", "k", "otherwise") == Conflict()


async def test_a_key_nothing_came_of_is_free_again(database: Database) -> None:
    keys = Idempotency(database)
    await keys.begin("ann", "k", "asked")
    await keys.forget("ann", "k")
    assert await keys.begin("ann", "k", "otherwise") == Fresh()


async def test_a_key_whose_holder_is_gone_is_free_after_some_minutes(
    database: Database, elsewhere: Database, clock: _Clock
) -> None:
    crashed, other = Idempotency(database, clock=clock), Idempotency(elsewhere, clock=clock)
    await crashed.begin("ann", "k", "asked")
    clock.now += FREED - dt.timedelta(seconds=1)
    assert await other.begin("ann", "k", "asked") == Running()
    clock.now += dt.timedelta(seconds=1)
    assert await other.begin("ann", "k", "asked") == Fresh()
    await crashed.finish("ann", "k", RECORD)  # it was only slow, and is too late
    await crashed.forget("ann", "k")
    assert await crashed.begin("ann", "k", "asked") == Running()
    await other.finish("ann", "k", RECORD)
    assert await crashed.begin("ann", "k", "asked") == Same(RECORD)


async def test_a_key_is_forgotten_after_a_day(database: Database, clock: _Clock) -> None:
    keys = Idempotency(database, clock=clock)
    for name in ("k", "never asked again"):
        await keys.begin("ann", name, "asked")
        await keys.finish("ann", name, RECORD)
    clock.now += KEPT - dt.timedelta(seconds=1)
    assert await keys.begin("ann", "k", "asked") == Same(RECORD)
    clock.now += dt.timedelta(hours=2)
    assert await keys.begin("ann", "k", "asked") == Fresh()
    count = select(func.count()).select_from(idempotency_keys)
    assert await database.read(lambda connection: connection.scalar(count)) == 1


async def test_of_twenty_that_claim_a_key_at_once_one_has_it(
    database: Database, elsewhere: Database
) -> None:
    claiming = [Idempotency(each) for each in (database, elsewhere) for _ in range(10)]
    claims = await asyncio.gather(*(each.begin("ann", "k", "asked") for each in claiming))
    assert sorted(type(claim).__name__ for claim in claims) == ["Fresh"] + ["Running"] * 19


async def test_a_budget_is_spent_by_all_processes_together(
    database: Database, elsewhere: Database, clock: _Clock
) -> None:
    budgets = [Budgets(each, per_minute=7, clock=clock.seconds) for each in (database, elsewhere)]
    came = await asyncio.gather(*(budgets[n % 2].spend("ann") for n in range(20)))
    assert came.count(None) == 7
    assert set(came) == {None, 60}
    assert await budgets[0].spend("bob") is None
    clock.now += dt.timedelta(seconds=59)
    assert await budgets[0].spend("ann") == 1
    clock.now += dt.timedelta(seconds=1)
    assert await budgets[0].spend("ann") is None


async def test_what_the_day_refuses_does_not_count_for_the_minute(
    database: Database, clock: _Clock
) -> None:
    budgets = Budgets(database, per_minute=3, per_day=4, clock=clock.seconds)
    assert [await budgets.spend("ann") for _ in range(4)] == [None, None, None, 60]
    clock.now += dt.timedelta(minutes=1)
    assert await budgets.spend("ann") is None
    left = DAY_S // 2 - 60
    assert [await budgets.spend("ann") for _ in range(5)] == [left] * 5
    clock.now += dt.timedelta(seconds=left)
    assert await budgets.spend("ann") is None


async def test_a_clock_that_lags_behind_gives_nothing_away(
    database: Database, clock: _Clock
) -> None:
    ahead = Budgets(database, per_minute=2, clock=clock.seconds)
    behind = Budgets(database, per_minute=2, clock=lambda: clock.seconds() - 60)
    assert [await ahead.spend("ann"), await ahead.spend("ann")] == [None, None]
    assert await behind.spend("ann") is not None
    assert await ahead.spend("ann") is not None


async def test_without_a_limit_nothing_is_counted(database: Database) -> None:
    assert [await Budgets(database).spend("ann") for _ in range(3)] == [None] * 3

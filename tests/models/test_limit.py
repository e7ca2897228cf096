"""How many questions at once: more while the server answers, fewer when it says it is too many."""

from __future__ import annotations

import asyncio
import time

import pytest

from visiontools.errors import OverloadedError, ServerFaultError
from visiontools.models.limit import Limit
from visiontools.models.policy import FaultError

SOON = time.monotonic() + 1000


def overload(after_s: float | None = None) -> FaultError:
    return FaultError(OverloadedError("too many"), retry=True, after_s=after_s)


async def _round(limit: Limit, capacity: int = 10**6) -> int:
    """As many questions as there may be at once, against a server; how many it turned away."""
    inside, refuse, release = 0, asyncio.Event(), asyncio.Event()
    turned_away = 0

    async def one() -> None:
        nonlocal inside, turned_away
        try:
            async with limit.turn(SOON):
                inside += 1
                full = inside > capacity
                await (refuse if full else release).wait()
                if full:
                    raise overload()
        except FaultError:
            turned_away += 1

    tasks = [asyncio.create_task(one()) for _ in range(limit.now)]
    await asyncio.sleep(0)
    refuse.set()
    for _ in range(3):
        await asyncio.sleep(0)
    release.set()
    await asyncio.gather(*tasks)
    return turned_away


async def test_it_grows_while_it_is_reached_and_never_past_the_most() -> None:
    limit = Limit(40)
    assert limit.now == 32
    for _ in range(200):
        await _round(limit)
    assert limit.now == 40


async def test_a_limit_nobody_reaches_does_not_grow() -> None:
    limit = Limit(100)
    for _ in range(200):
        async with limit.turn(SOON):
            pass
    assert limit.now == 32


async def test_questions_turned_away_together_lower_it_once() -> None:
    limit = Limit(100)
    assert await _round(limit, capacity=28) == 4
    assert limit.now == 24


async def test_a_server_that_takes_few_is_known_at_once() -> None:
    limit = Limit(100)
    assert await _round(limit, capacity=4) == 28
    assert limit.now == 4


async def test_it_settles_below_what_the_server_takes_and_rarely_tries_more() -> None:
    limit = Limit(256)
    turned_away = [await _round(limit, capacity=50) for _ in range(200)]
    assert 36 <= limit.now <= 51
    assert sum(turned_away) < 0.01 * 200 * 36


async def test_other_failures_leave_it_as_it_is() -> None:
    limit = Limit(100)
    with pytest.raises(FaultError):
        async with limit.turn(SOON):
            raise FaultError(ServerFaultError("broken"), retry=True)
    assert limit.now == 32


async def test_it_never_sinks_below_one() -> None:
    limit = Limit(2)
    for _ in range(10):
        with pytest.raises(FaultError):
            async with limit.turn(SOON):
                raise overload()
    async with limit.turn(SOON):
        assert limit.now == 1


async def test_the_servers_wait_holds_everybody_back() -> None:
    limit = Limit(100)
    with pytest.raises(FaultError):
        async with limit.turn(SOON):
            raise overload(after_s=0.05)
    began = time.monotonic()
    async with limit.turn(SOON):
        assert time.monotonic() - began > 0.03


async def test_a_wait_past_the_deadline_is_not_begun() -> None:
    limit = Limit(100)
    with pytest.raises(FaultError):
        async with limit.turn(SOON):
            raise overload(after_s=60)
    with pytest.raises(FaultError, match="too many"):
        async with limit.turn(time.monotonic() + 30):
            raise AssertionError("nobody may be asked")


async def test_those_who_stop_waiting_leave_their_place_to_others() -> None:
    limit = Limit(1)
    order: list[str] = []

    async def ask(name: str) -> None:
        async with limit.turn(SOON):
            order.append(name)

    async with limit.turn(SOON):
        waiting = [asyncio.create_task(ask(name)) for name in "abc"]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
    waiting[1].cancel()  # it may already have been given the place
    await asyncio.gather(*waiting, return_exceptions=True)
    assert order == ["c"]


async def test_streams_that_have_begun_leave_room_for_others_until_the_server_objects() -> None:
    limit = Limit(200)
    end = asyncio.Event()
    inside = 0

    async def stream() -> None:
        nonlocal inside
        async with limit.turn(SOON) as answering:
            inside += 1
            answering()
            await end.wait()

    streams = [asyncio.create_task(stream()) for _ in range(300)]
    for _ in range(400):
        await asyncio.sleep(0)
    assert inside == 200, "as many as may be at most"
    end.set()
    await asyncio.gather(*streams)
    with pytest.raises(FaultError):
        async with limit.turn(SOON):
            raise overload()
    assert limit.now < 100

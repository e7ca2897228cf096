"""Stop means stop: the connection ends, and with it the model's work."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from tests.counterparts.service import Service
from tests.counterparts.tap import Tap

from visiontools.types import Finished, Outcome, Record, Request

from .conftest import ENDLESS, Open, endpoint
from .test_pictures import CAR, finished

MANY = 100_000
"""Tokens asked for: minutes of work, where a second is enough to see it stop."""

_LOOK_S = 0.5


async def until(true: Callable[[], bool], within_s: float = 30.0) -> bool:
    """Whether it came true in time."""
    end = time.monotonic() + within_s
    while not true():
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.02)
    return True


async def busy(server: Service) -> bool:
    """Whether it computes: more than a tenth of a processor over half a second."""
    before = server.cpu_s()
    await asyncio.sleep(_LOOK_S)
    return server.cpu_s() - before > _LOOK_S / 10


async def idle(server: Service, within_s: float = 10.0) -> bool:
    """Whether it comes to rest in time."""
    end = time.monotonic() + within_s
    while await busy(server):
        if time.monotonic() > end:
            return False
    return True


async def stopped(
    open_pipeline: Open, tap: Tap, request: Request, tokens: int, writing: Callable[[], bool]
) -> Record:
    """The record of a run that is stopped while the model writes."""
    given = endpoint(tap.url, model=ENDLESS, max_tokens=tokens, deadline_s=300)
    async with open_pipeline(here=given) as pipeline:
        run = pipeline.run(request)
        async for event in run:
            if isinstance(event, Finished):
                return event.record
            if event.name == "observe":
                assert await until(writing)
                run.cancel()
    raise AssertionError("a run always finishes")


async def test_stopping_a_streamed_answer_ends_the_models_work(
    open_pipeline: Open, server: Service, tap: Tap
) -> None:
    request = Request("car_damage", (CAR,), endpoint="here", partials=True)
    record = await stopped(open_pipeline, tap, request, MANY, lambda: tap.events > 20)
    assert record.outcome is Outcome.CANCELLED
    assert record.attempts == 1
    assert tap.left.wait(5)
    assert await idle(server)
    assert tap.events < MANY / 10
    with Tap(server.port) as other:  # one answer at a time is written: the next one has its turn
        async with open_pipeline(here=endpoint(other.url)) as pipeline:
            began = time.monotonic()
            await finished(pipeline, Request("car_damage", (CAR,), endpoint="here", again=True))
    assert time.monotonic() - began < 30


async def test_stop_ends_the_work_also_where_nobody_asked_for_partials(
    open_pipeline: Open, server: Service, tap: Tap
) -> None:
    """transformers 5.23 looks for the reader's leaving only while it streams, so we always do."""
    request = Request("car_damage", (CAR,), endpoint="here")
    record = await stopped(open_pipeline, tap, request, MANY, lambda: tap.events > 20)
    assert record.outcome is Outcome.CANCELLED
    assert tap.left.wait(5)
    assert await idle(server)

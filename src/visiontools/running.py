"""One run as its door sees it: events on the way, a record at the end, and a way to stop it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from visiontools.flow import Flow, Workshop
from visiontools.telemetry.facts import facts_of
from visiontools.types import Event, Finished, Record, Request


class Run:
    """An async iterable of events that ends with Finished; abandoning it stops the work.

    ``trace_id`` is set where its spans are sent to a collector, ``took_ms`` once it has its record.
    """

    def __init__(self, workshop: Workshop, request: Request) -> None:
        self._shop = workshop
        self._request = request
        self._events: asyncio.Queue[Event | BaseException] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None
        self.trace_id: str | None = None
        self.took_ms = 0.0

    def cancel(self) -> None:
        """Stop: the upstream call ends, and the last event carries a record that says so."""
        if self._task is not None:
            self._task.cancel()

    async def __aiter__(self) -> AsyncIterator[Event]:
        self._task = asyncio.create_task(self._work())
        try:
            while True:
                event = await self._events.get()
                if isinstance(event, BaseException):
                    raise event
                yield event
                if isinstance(event, Finished):
                    return
        finally:
            if not self._task.done():
                self._task.cancel()
                await asyncio.wait([self._task])

    async def record(self) -> Record:
        """The record, for callers who do not care for the way there."""
        record: Record | None = None
        async for event in self:  # to its end, which lets go of the run
            if isinstance(event, Finished):
                record = event.record
        assert record is not None
        return record

    async def _work(self) -> None:
        try:
            self._events.put_nowait(await self._traced())
        except BaseException as error:  # the consumer waits for it: nothing may be lost
            self._events.put_nowait(error)
            if isinstance(error, asyncio.CancelledError):
                raise

    async def _traced(self) -> Finished:
        began = time.perf_counter()
        with self._shop.tracing.span("run") as span:
            self.trace_id = span.trace_id
            finished = await Flow(self._shop, self._request, self._events.put_nowait).finish()
            span.add(facts_of(finished))
        self.took_ms = (time.perf_counter() - began) * 1000
        return finished

"""The answer to a request that runs a tool: its record, or the events on the way to it."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
from typing import Any

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from visiontools.doors.api.incidents import incident
from visiontools.doors.api.negotiate import EVENTS, JSON
from visiontools.doors.api.problems import ProblemError, problem_of
from visiontools.errors import VisiontoolsError
from visiontools.running import Run
from visiontools.types import Event, Finished, Partial, Record, Step

_PARTIALS_EVERY_S = 0.1
_REPLAYED = "Idempotent-Replayed"
_REUSED = "Visiontools-Reused"

_log = logging.getLogger(__name__)


class RunResponse(Response):
    """Walks a run while its client is there; a client that leaves stops it.

    What keeps a run from beginning is raised before anything is sent.
    """

    media_type = JSON

    def __init__(
        self, run: Run, events: AsyncGenerator[Event], *, stream: bool, keep_alive_s: float
    ) -> None:
        super().__init__()
        self._run, self._events = run, events
        self._stream, self._keep_alive_s = stream, keep_alive_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with aclosing(self._events) as events:
            first = await anext(events)
            leaving = asyncio.create_task(_stopped_when_left(receive, self._run))
            try:
                if self._stream:
                    await self._tell(first, events, send)
                else:
                    finished = await _last(first, events)
                    response = record_response(finished.record, reused=finished.reused)
                    await response(scope, receive, send)
            finally:
                leaving.cancel()

    async def _tell(self, first: Event, events: AsyncIterator[Event], send: Send) -> None:
        await send(_stream_begins())
        beating = asyncio.create_task(_beat(send, self._keep_alive_s))
        try:
            async for told in _told(first, events):
                await send(_piece(told))
        finally:
            beating.cancel()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class FinishedStream(Response):
    """A stream of the one event that is left where the record is there already."""

    def __init__(self, record: Record) -> None:
        super().__init__(
            _event("finished", record.model_dump_json()),
            headers={_REPLAYED: "true", "X-Accel-Buffering": "no"},
            media_type=EVENTS,
        )


def record_response(record: Record, *, reused: bool = False, replayed: bool = False) -> Response:
    """The record as JSON; headers say where it is and whether it was made for this request."""
    headers = {"Content-Location": f"/api/v1/records/{record.id}"}
    headers |= {_REUSED: "true"} if reused else {}
    headers |= {_REPLAYED: "true"} if replayed else {}
    return Response(record.model_dump_json(), headers=headers, media_type=JSON)


async def _last(first: Event, events: AsyncIterator[Event]) -> Finished:
    event = first
    async for later in events:
        event = later
    assert isinstance(event, Finished)
    return event


async def _told(first: Event, events: AsyncIterator[Event]) -> AsyncIterator[bytes]:
    """Each event as it is sent; of partial observations no more than one in a while."""
    shown_at = 0.0
    try:
        event: Event | None = first
        while event is not None:
            if not isinstance(event, Partial):
                yield _written(event)
            elif time.monotonic() - shown_at >= _PARTIALS_EVERY_S:
                shown_at = time.monotonic()
                yield _written(event)
            event = await anext(events, None)
    except ProblemError as problem:
        yield _problem(problem)
    except VisiontoolsError as error:
        yield _problem(problem_of(error))
    except Exception as error:
        yield _problem(incident(error, _log))


def _written(event: Event) -> bytes:
    match event:
        case Step(name, detail):
            return _event("step", json.dumps({"name": name, "detail": detail}))
        case Partial(observation):
            return _event("partial", json.dumps({"observation": observation}))
        case Finished(record, reused, _):
            before = _event("reused", json.dumps({"id": record.id})) if reused else b""
            return before + _event("finished", record.model_dump_json())


def _problem(problem: ProblemError) -> bytes:
    return _event("problem", problem.details.model_dump_json(exclude_none=True))


def _event(name: str, data: str) -> bytes:
    return format_sse_event(event=name, data_str=data)


def _stream_begins() -> dict[str, Any]:
    headers = [
        (b"content-type", f"{EVENTS}; charset=utf-8".encode()),
        (b"x-accel-buffering", b"no"),  # a proxy must not hold events back
    ]
    return {"type": "http.response.start", "status": 200, "headers": headers}


def _piece(data: bytes) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _beat(send: Send, every_s: float) -> None:
    """Comments that keep proxies from ending a connection on which nothing happens."""
    with suppress(OSError):
        while True:
            await asyncio.sleep(every_s)
            await send(_piece(KEEPALIVE_COMMENT))


async def _stopped_when_left(receive: Receive, run: Run) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    run.cancel()

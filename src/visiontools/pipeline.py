"""The way of a picture: prepare, observe, decide, keep. Every door calls this and nothing else.

::

    async with Pipeline.open(settings) as pipeline:
        run = pipeline.run(Request(tool="diet", uploads=(Upload(data, "label.png"),)))
        async for event in run:      # Step, Partial, ..., Finished(record)
            ...

``run.cancel()`` stops it: the upstream call ends, and the record says so.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from visiontools.errors import ConfigurationError, UsageError
from visiontools.flow import Workshop
from visiontools.guard.guarding import Guard
from visiontools.models.endpoint import Endpoint
from visiontools.observers import PERSON, READER, Observers
from visiontools.pictures.prepare import Preparer
from visiontools.registry import Tools, load_tools
from visiontools.running import Run
from visiontools.settings import Settings
from visiontools.store.database import Database
from visiontools.store.records import Records
from visiontools.telemetry.tracing import OFF, Tracing
from visiontools.types import Record, Request, Turn, Upload

_BESIDE = (
    "The further picture was looked at together with the earlier one, which is A; the talk begins "
    "anew."
)
_ALONE = (
    "The earlier picture shows several already, so that the further one was looked at on its own; "
    "the talk begins anew."
)


class Pipeline:
    """Tools, endpoints, picture preparation and records, wired together by the settings."""

    def __init__(self, workshop: Workshop, settings: Settings) -> None:
        self._workshop = workshop
        self.settings = settings

    @classmethod
    @asynccontextmanager
    async def open(cls, settings: Settings, tracing: Tracing = OFF) -> AsyncIterator[Pipeline]:
        """A pipeline that cleans up after itself: worker processes, connections, database.

        ``tracing`` makes the spans of its runs.
        """
        tools = load_tools(settings.tools_folder)
        _check_guarded(settings, tools)
        records = Records.open(settings.kept)
        observers = Observers(settings)
        preparer = Preparer(
            workers=settings.picture_workers,
            timeout_s=settings.picture_timeout_s,
            memory_mb=settings.picture_memory_mb,
            max_bytes=settings.max_upload_bytes,
            max_pixels=settings.max_pixels,
        )
        guard = Guard(settings.guard, observers.client)
        try:
            workshop = Workshop(tools, observers, preparer, records, guard, settings.reuse, tracing)
            yield cls(workshop, settings)
        finally:
            await preparer.close()
            await observers.close()
            await records.close()

    @property
    def tools(self) -> Tools:
        return self._workshop.tools

    @property
    def records(self) -> Records:
        return self._workshop.records

    @property
    def database(self) -> Database:
        """What sign-in, keys, limits and the chat keep their tables in, too."""
        return self.records.database

    @property
    def endpoints(self) -> Mapping[str, Endpoint | None]:
        """The endpoints by name; the reader, which has no server, is first and None."""
        return {READER: None, **self.settings.servers}

    def run(self, request: Request) -> Run:
        """Start a run; iterate over it for its events.

        The iteration raises UsageError where no run can begin (no such tool, option or endpoint);
        everything else that can go wrong is an outcome of the record.
        """
        return Run(self._workshop, request)

    async def replay(
        self,
        owner: str,
        record_id: str,
        endpoint: str | None = None,
        *,
        local_only: bool = False,
    ) -> Run:
        """Ask again what a record asked, of the same observer or another."""
        record = await self.records.find(owner, record_id)
        by_person = record.observer is not None and record.observer.profile == PERSON
        observation = record.observation if by_person and endpoint is None else None
        request = await self._request_of(record, endpoint)
        return self.run(
            replace(request, observation=observation, again=True, local_only=local_only)
        )

    async def follow_up(
        self,
        owner: str,
        record_id: str,
        ask: str,
        endpoint: str | None = None,
        *,
        uploads: tuple[Upload, ...] = (),
        local_only: bool = False,
    ) -> Run:
        """Ask a further question about a record: its answer stands, the talk so far goes along.

        A further picture begins a new conversation, with the earlier picture beside it where that
        shows one only; a note in the record says which.
        """
        record = await self.records.find(owner, record_id)
        request = await self._request_of(record, endpoint)
        if uploads:
            together = _with_more(request, uploads)
            return self.run(replace(together, ask=ask, local_only=local_only))
        talk = request.talk
        if record.request.ask and record.reply:
            talk = (*talk, Turn(record.request.ask, record.reply.text))
        return self.run(replace(request, ask=ask, talk=talk, follows=record, local_only=local_only))

    async def correct(
        self,
        owner: str,
        record_id: str,
        observation: Mapping[str, Any],
        endpoint: str | None = None,
        *,
        local_only: bool = False,
    ) -> Run:
        """Decide anew on an observation a person put right; both records stand side by side.

        What the observer proposed is kept, unless the corrected observation leaves it out: then a
        model, where there is one, is asked for a new one.
        """
        record = await self.records.find(owner, record_id)
        request = await self._request_of(record, endpoint)
        if endpoint is None and request.endpoint not in self.endpoints:
            request = replace(request, endpoint=READER)  # it is gone, and not needed
        return self.run(
            replace(
                request,
                ask=None,
                talk=(),
                observation=observation,
                corrects=record,
                local_only=local_only,
            )
        )

    async def _request_of(self, record: Record, endpoint: str | None) -> Request:
        answered_by = record.observer.endpoint if record.observer else None
        prepared = await self.records.pictures(record)
        texts = await self.records.texts(record)
        if not prepared and not texts:
            raise UsageError(
                f"No picture or text of record {record.id} was kept.",
                next=f"'visiontools records show {record.id[:8]}' tells why; run the tool anew.",
            )
        return Request(
            tool=record.tool,
            prepared=prepared,
            texts=texts,
            ask=record.request.ask,
            options=record.request.options,
            talk=tuple(Turn(**turn) for turn in record.request.talk),
            owner=record.owner,
            endpoint=endpoint or (None if answered_by == PERSON else answered_by),
        )


def _with_more(request: Request, uploads: tuple[Upload, ...]) -> Request:
    """A new conversation about further pictures, and the earlier one if it is a single picture."""
    earlier = request.prepared
    beside = len(earlier) == 1 and len(earlier[0].sources) == 1
    if beside:
        uploads = (Upload(earlier[0].data, "the earlier picture"), *uploads)
    note = _BESIDE if beside else _ALONE
    return replace(request, prepared=(), uploads=uploads, talk=(), notes=(note,))


def _check_guarded(settings: Settings, tools: Tools) -> None:
    """A rule of the guard for a tool there is not would be no rule at all."""
    unknown = sorted(set(settings.guard.tools) - set(tools)) if settings.guard else []
    if unknown:
        raise ConfigurationError(
            f"The guard's settings name tools there are not: {', '.join(unknown)}.",
            next=f"There are: {', '.join(tools)}.",
        )

"""Spans for a collector. Where none is named, nothing is imported, and a span costs a call.

::

    async with tracing_from_environment() as tracing:
        with tracing.span("run") as span:
            span.add({"tool": "diet"})
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from urllib.parse import urlsplit

from visiontools.errors import ConfigurationError
from visiontools.loopback import is_loopback

Value = str | bool | int | float

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
_PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
_SPOKEN = "http/protobuf"
_log = logging.getLogger(__name__)


class Span:
    """Something that takes time. This one is for nobody."""

    trace_id: str | None = None
    """32 hexadecimal digits where the span is sent to a collector."""

    def rename(self, name: str) -> None:
        """Call it otherwise, now that more is known of it."""

    def add(self, facts: Mapping[str, Value]) -> None:
        """Tell more of it; each name gets ``visiontools.`` before it, unless it has a dot."""

    def fail(self, kind: str) -> None:
        """Say that it went wrong, by the kind of fault; never by its words."""


class Tracing:
    """Makes spans, one within the other. These are for nobody."""

    on = False

    def span(self, name: str, facts: Mapping[str, Value] | None = None) -> _Making:
        """A span around a block; its parent is the one that is open here."""
        return _NOBODYS

    def request(self, name: str, headers: Mapping[str, str]) -> _Making:
        """The span of a request, within the caller's own where its headers name one."""
        return _NOBODYS


_Making = AbstractContextManager[Span]
_NOBODYS: _Making = nullcontext(Span())
OFF = Tracing()


@asynccontextmanager
async def tracing_from_environment() -> AsyncIterator[Tracing]:
    """As OpenTelemetry's variables say; what is still to be sent is sent at the end.

    Raises ConfigurationError where they ask for what cannot be done.
    """
    if not _wanted():
        yield OFF
        return
    _check_protocol()
    try:
        from visiontools.telemetry.otlp import Otlp
    except ModuleNotFoundError as error:
        _log.warning(
            "No traces are sent although %s is set: %s is missing. Install it: "
            "pip install 'visiontools[telemetry]'",
            ENDPOINT,
            error.name,
        )
        yield OFF
        return
    otlp = Otlp()
    try:
        yield otlp
    finally:
        await asyncio.to_thread(otlp.close)


def check_traces_stay() -> None:
    """Raise ConfigurationError where traces would be sent outside this machine."""
    collectors = [os.environ.get(name) for name in (ENDPOINT, _TRACES_ENDPOINT)]
    hosts = [urlsplit(each).hostname or "" for each in collectors if each]
    if _wanted() and not all(is_loopback(host) for host in hosts):
        raise ConfigurationError(
            f"Everything is to stay on this machine, and {ENDPOINT} names a collector elsewhere.",
            next="Leave out the setting local_only, or unset the variable.",
        )


def _wanted() -> bool:
    if not (os.environ.get(ENDPOINT) or os.environ.get(_TRACES_ENDPOINT)):
        return False
    disabled = os.environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    return not disabled and os.environ.get("OTEL_TRACES_EXPORTER", "otlp").strip() != "none"


def _check_protocol() -> None:
    for variable in _PROTOCOLS:
        named = os.environ.get(variable, "").strip()
        if named == _SPOKEN:
            return
        if named:
            raise ConfigurationError(
                f"{variable} asks for {named}, and traces are sent by {_SPOKEN} only.",
                next=f"Set it to {_SPOKEN}, and name the collector's port for it (often 4318).",
            )

"""Spans sent to a collector by OTLP over HTTP: imported only where a collector is named."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import OTELResourceDetector, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from visiontools.telemetry.tracing import Span, Tracing, Value

_SCOPE = "visiontools"
_CARRIED = ("traceparent", "tracestate")
_propagator = TraceContextTextMapPropagator()


class Otlp(Tracing):
    """Makes spans for the collector that OpenTelemetry's variables name.

    The provider is ours and not the process's: no library that is instrumented for OpenTelemetry
    adds spans of its own, which would hold addresses with what was searched for.
    """

    on = True

    def __init__(self) -> None:
        self._provider = TracerProvider(resource=_resource(), shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        self._tracer = self._provider.get_tracer(_SCOPE, version("visiontools"))

    def close(self) -> None:
        """Send what is left; a collector that is gone is waited for no longer than it may take."""
        self._provider.shutdown()

    @contextmanager
    def span(self, name: str, facts: Mapping[str, Value] | None = None) -> Iterator[Span]:
        with self._made(name, SpanKind.INTERNAL, None) as span:
            span.add(facts or {})
            yield span

    @contextmanager
    def request(self, name: str, headers: Mapping[str, str]) -> Iterator[Span]:
        carried = {each: headers[each] for each in _CARRIED if each in headers}
        around = _propagator.extract(carried, context=Context())
        with self._made(name, SpanKind.SERVER, around) as span:
            yield span

    @contextmanager
    def _made(self, name: str, kind: SpanKind, around: Context | None) -> Iterator[_Sent]:
        # What an exception says may be what a person wrote: only its kind is told.
        with self._tracer.start_as_current_span(
            name, around, kind, record_exception=False, set_status_on_exception=False
        ) as made:
            span = _Sent(made)
            try:
                yield span
            except asyncio.CancelledError:
                made.set_attribute("error.type", "CancelledError")
                raise
            except Exception as error:
                span.fail(type(error).__name__)
                raise


class _Sent(Span):
    def __init__(self, made: trace.Span) -> None:
        self._made = made
        self.trace_id = trace.format_trace_id(made.get_span_context().trace_id)

    def rename(self, name: str) -> None:
        self._made.update_name(name)

    def add(self, facts: Mapping[str, Value]) -> None:
        for name, value in facts.items():
            self._made.set_attribute(name if "." in name else f"{_SCOPE}.{name}", value)

    def fail(self, kind: str) -> None:
        self._made.set_attribute("error.type", kind)
        self._made.set_status(StatusCode.ERROR)


def _resource() -> Resource:
    """Who sends: as the environment says, or under our own name."""
    own = {"service.name": _SCOPE, "service.version": version("visiontools")}
    said = OTELResourceDetector().detect().attributes
    named = {"service.name": os.environ.get("OTEL_SERVICE_NAME")}
    return Resource.create({k: v for k, v in own.items() if k not in said and not named.get(k)})

"""A collector of traces on a free port of this machine, which decodes what it is sent.

    with Collector() as collector:
        ...                             # OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
        for span in collector.spans: ...

``raw`` is everything that came, as it came; ``status`` is what is answered.
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from visiontools.testing.local_http import Exchange, LocalServer

_PROTOBUF = "application/x-protobuf"


@dataclass(frozen=True, slots=True)
class Seen:
    """A span as it came; ids are hexadecimal, ``parent`` is empty where it has none."""

    name: str
    id: str
    parent: str
    trace: str
    kind: int
    failed: bool
    facts: Mapping[str, Any]
    sender: Mapping[str, Any]


class Collector(LocalServer):
    """The server while it is entered."""

    def __init__(self) -> None:
        super().__init__()
        self.raw = b""
        self.spans: list[Seen] = []
        self.status = 200

    def answer(self, exchange: Exchange) -> None:
        body = exchange.body
        if exchange.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if (exchange.path, exchange.headers.get_content_type()) != ("/v1/traces", _PROTOBUF):
            exchange.send(404, b"", {})
            return
        self.raw += body
        self.spans += _spans(ExportTraceServiceRequest.FromString(body))
        told = ExportTraceServiceResponse().SerializeToString()
        exchange.send(self.status, told, {"Content-Type": _PROTOBUF})

    def named(self, name: str) -> Seen:
        """The one span of that name. ValueError where there are others, or none."""
        [found] = [span for span in self.spans if span.name == name]
        return found


def _spans(sent: ExportTraceServiceRequest) -> list[Seen]:
    return [
        Seen(
            name=span.name,
            id=span.span_id.hex(),
            parent=span.parent_span_id.hex(),
            trace=span.trace_id.hex(),
            kind=span.kind,
            failed=span.status.code == span.status.STATUS_CODE_ERROR,
            facts=_facts(span.attributes),
            sender=_facts(resource.resource.attributes),
        )
        for resource in sent.resource_spans
        for scope in resource.scope_spans
        for span in scope.spans
    ]


def _facts(attributes: Any) -> dict[str, Any]:
    return {each.key: getattr(each.value, each.value.WhichOneof("value")) for each in attributes}

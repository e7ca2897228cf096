"""What is counted for Prometheus: runs, their steps and tokens; never content, never owners."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import choose_encoder

from visiontools.types import Record

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120)


class Metrics:
    """The counters of one process, in a registry of their own."""

    def __init__(self, running: Callable[[], int]) -> None:
        self._registry = registry = CollectorRegistry()
        self._runs = Counter(
            "visiontools_runs", "Runs that ended", ["tool", "outcome"], registry=registry
        )
        self._reused = Counter(
            "visiontools_runs_reused", "Runs answered by an earlier record", registry=registry
        )
        self._problems = Counter(
            "visiontools_problems", "Requests answered with a problem", ["type"], registry=registry
        )
        self._steps = Histogram(
            "visiontools_step_seconds",
            "Time in each step of a run",
            ["step"],
            registry=registry,
            buckets=_SECONDS,
        )
        self._tokens = Counter(
            "visiontools_tokens", "Tokens as model servers count them", ["of"], registry=registry
        )
        working = Gauge("visiontools_runs_in_progress", "Runs going on now", registry=registry)
        working.set_function(running)

    def ended(self, record: Record, *, reused: bool) -> None:
        """Count a run that has its record."""
        self._runs.labels(record.tool, record.outcome.value).inc()
        if reused:  # its steps and tokens were counted when they were taken
            self._reused.inc()
            return
        for step, milliseconds in record.timings_ms.items():
            self._steps.labels(step).observe(milliseconds / 1000)
        self._tokens.labels("input").inc(record.usage.input_tokens)
        self._tokens.labels("output").inc(record.usage.output_tokens)

    def problem(self, kind: str) -> None:
        """Count a request that was answered with a problem of this type."""
        self._problems.labels(kind).inc()

    def exposition(self, accept: str | None) -> tuple[bytes, str]:
        """All of it in the text format asked for, and that format's media type."""
        encode, media_type = choose_encoder(accept or "")
        return encode(self._registry), media_type

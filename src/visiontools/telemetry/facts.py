"""What is told of a run to whoever operates the server: figures and names of ours, no content."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from visiontools.telemetry.tracing import Value
from visiontools.types import Finished


@dataclass(frozen=True, slots=True)
class Here:
    """The request that is being answered, as logs name it."""

    request_id: str
    trace_id: str | None


HERE: ContextVar[Here | None] = ContextVar("visiontools.here", default=None)


def facts_of(finished: Finished) -> dict[str, Value]:
    """The facts of a run that has its record. Tokens are those this run took: none if reused."""
    record = finished.record
    facts: dict[str, Value] = {
        "tool": record.tool,
        "outcome": record.outcome.value,
        "reused": finished.reused,
        "attempts": 0 if finished.reused else record.attempts,
        "input_tokens": 0 if finished.reused else record.usage.input_tokens,
        "output_tokens": 0 if finished.reused else record.usage.output_tokens,
        "guard_input": record.guard.input,
        "guard_output": record.guard.output,
    }
    if record.observer is not None:
        facts["endpoint"] = record.observer.endpoint
        if record.observer.model:
            facts["model"] = record.observer.model
    return facts

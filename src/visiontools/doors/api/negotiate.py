"""Which form of an answer a client wants: the record, or events on the way to it."""

from __future__ import annotations

from visiontools.doors.api.problems import NOT_ACCEPTABLE, ProblemError

EVENTS = "text/event-stream"
JSON = "application/json"
HTML = "text/html"


def wants_events(accept: str | None) -> bool:
    """Whether an Accept header asks for events rather than the record.

    Raises ProblemError (406) where it takes neither.
    """
    if not accept or not accept.strip():
        return False
    ranges = [_range(part) for part in accept.split(",")]
    events, record = _quality(ranges, EVENTS), _quality(ranges, JSON)
    if not events and not record:
        raise ProblemError(
            NOT_ACCEPTABLE,
            "The answer comes as JSON or as events, and the Accept header takes neither.",
            f"Send Accept: {JSON} or Accept: {EVENTS}.",
        )
    named = any(kind == EVENTS for kind, _ in ranges)
    return events > record or (named and events == record)


def wants_page(accept: str | None) -> bool:
    """Whether an Accept header asks for pages, as browsers do and programs do not."""
    ranges = [_range(part) for part in (accept or "").split(",")]
    named = max((quality for kind, quality in ranges if kind == HTML), default=0.0)
    return named > 0 and named >= _quality(ranges, JSON)


def _range(part: str) -> tuple[str, float]:
    kind, _, rest = part.partition(";")
    quality = 1.0
    for parameter in rest.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            quality = _number(value)
    return kind.strip().lower(), quality


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0


def _quality(ranges: list[tuple[str, float]], kind: str) -> float:
    """The quality the most specific matching range gives a media type; 0 for none."""
    for name in (kind, f"{kind.partition('/')[0]}/*", "*/*"):
        found = [quality for each, quality in ranges if each == name]
        if found:
            return max(found)
    return 0.0

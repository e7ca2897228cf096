"""The server's log on standard error: one line for each thing that happened, and never content.

Our own messages are written with care for what they tell. Those of libraries are not ours to
trust: of some the words are told without what was filled in, of the others only where they are
from, for people's own words reach the chat's library and the faults it logs.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any

from visiontools.doors.api.incidents import trail
from visiontools.telemetry.facts import HERE, Here
from visiontools.web_settings import LogFormat

_OURS = "visiontools"
_HALF_TRUSTED = ("uvicorn", "opentelemetry")
_PROJECT = "GOOGLE_CLOUD_PROJECT"


def log_to_standard_error(form: LogFormat) -> None:
    """Have everything this process logs go there, as lines of that form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in (_OURS, "uvicorn"):
        logging.getLogger(name).setLevel(logging.INFO)


class JsonLines(logging.Formatter):
    """JSON as Cloud Logging reads it from a container's output; other collectors read it, too."""

    def format(self, record: logging.LogRecord) -> str:
        facts, here = _facts(record), _here(record)
        line: dict[str, Any] = {
            "severity": record.levelname,
            "time": _moment(record),
            "message": said(record),
            "logger": record.name,
            **facts,
        }
        if "status" in facts:
            line["httpRequest"] = _http_request(facts)
        if here is not None:
            line["request_id"] = here.request_id
        if trace := _trace(record, here):
            project = os.environ.get(_PROJECT)
            whole = f"projects/{project}/traces/{trace}" if project else trace
            line["logging.googleapis.com/trace"] = whole
        return json.dumps(line, ensure_ascii=False)


class TextLines(logging.Formatter):
    """A line for people, with the facts after the words."""

    def format(self, record: logging.LogRecord) -> str:
        here = _here(record)
        more = dict(_facts(record))
        if here is not None:
            more["request_id"] = here.request_id
        if trace := _trace(record, here):
            more["trace"] = trace
        told = " ".join(f"{name}={value}" for name, value in more.items() if value != "")
        return f"{_moment(record)} {record.levelname} {said(record)} {told}".rstrip()


def said(record: logging.LogRecord) -> str:
    """What happened, in words that hold no content; with where a fault came from."""
    words = _words(record)
    fault = record.exc_info[1] if record.exc_info else None
    return words if fault is None else f"{words}\n{trail(fault)}"


def _words(record: logging.LogRecord) -> str:
    top = record.name.partition(".")[0]
    if top == _OURS:
        return record.getMessage()
    if top in _HALF_TRUSTED and isinstance(record.msg, str):
        return _without_what_was_filled_in(record.msg.strip(), record.args)
    return f"{record.name} logged something at {record.filename}:{record.lineno}"


def _without_what_was_filled_in(template: str, args: Any) -> str:
    if not args:
        return template
    if isinstance(args, Mapping):
        return template
    shown = tuple(arg if isinstance(arg, int | float) else "…" for arg in args)
    try:
        return template % shown
    except (TypeError, ValueError):
        return template


def _http_request(facts: Mapping[str, Any]) -> dict[str, Any]:
    """As Cloud Logging names it; the address is the route's, without what was filled in."""
    return {
        "requestMethod": facts["method"],
        "requestUrl": facts["route"],
        "status": facts["status"],
        "latency": f"{facts['duration_ms'] / 1000:.4f}s",
    }


def _facts(record: logging.LogRecord) -> dict[str, Any]:
    facts: dict[str, Any] = getattr(record, "facts", {})
    return facts


def _here(record: logging.LogRecord) -> Here | None:
    here: Here | None = getattr(record, "here", None)
    return here or HERE.get()


def _trace(record: logging.LogRecord, here: Here | None) -> str | None:
    trace: str | None = getattr(record, "trace_id", None)
    return trace or (here.trace_id if here else None)


def _moment(record: logging.LogRecord) -> str:
    when = dt.datetime.fromtimestamp(record.created, dt.UTC)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")

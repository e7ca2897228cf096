"""Faults of ours: an id for who met it, and for the log, without what the request carried."""

from __future__ import annotations

import logging
import traceback
import uuid

from visiontools.doors.api.problems import INCIDENT, ProblemError


def incident(error: BaseException, log: logging.Logger) -> ProblemError:
    """Log where an unforeseen error came from, and the problem that names it.

    The error's own words stay out of the log: they may hold what a person handed in.
    """
    number = uuid.uuid4().hex[:12]
    log.error("incident %s: %s", number, trail(error))
    return ProblemError(
        INCIDENT,
        "Something went wrong in the server; it is not your request's fault.",
        f"Ask again; if it stays so, report incident {number}, which the server's log explains.",
        incident=number,
    )


def trail(error: BaseException) -> str:
    """The kinds of an error and of what caused it, and the places in the code it came by."""
    kinds: list[str] = []
    places: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        kinds.append(type(seen).__name__)
        places += traceback.format_tb(seen.__traceback__)
        seen = seen.__cause__
    return f"{' from '.join(kinds)}\n{''.join(places)}".rstrip()

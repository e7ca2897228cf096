"""Reads a calendar file's times by its own VTIMEZONE, to hold what was written to the standard."""

from __future__ import annotations

import datetime as dt
import re


def lines_of(ics: str) -> list[str]:
    """The unfolded lines."""
    return ics.replace("\r\n ", "").split("\r\n")


def value(ics: str, name: str) -> str:
    """The first property of that name in the event."""
    event = ics.replace("\r\n ", "").partition("BEGIN:VEVENT")[2]
    found = re.search(rf"^{name}(?:;[^:\r\n]*)?:(.*)$", event, re.MULTILINE)
    assert found is not None, name
    return found[1].strip()


def start_in_utc(ics: str) -> dt.datetime:
    """DTSTART in UTC, by the file's own rules and nothing else (RFC 5545, 3.6.5)."""
    said = value(ics, "DTSTART")
    if said.endswith("Z"):
        return dt.datetime.strptime(said, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    local = dt.datetime.strptime(said, "%Y%m%dT%H%M%S")
    rules = re.findall(
        r"DTSTART:(\d{8}T\d{6})\r\nTZOFFSETFROM:([+-]\d{4,6})\r\nTZOFFSETTO:([+-]\d{4,6})", ics
    )
    begun = [
        (dt.datetime.strptime(at, "%Y%m%dT%H%M%S"), _offset(before), _offset(after))
        for at, before, after in rules
    ]
    # The rule in force is the latest whose onset, read in the offset before it, is not later; of
    # a time that comes twice the first is meant, so an onset counts from its later wall clock on.
    offset = begun[0][1]
    for at, before, after in begun:
        if local >= at + max(dt.timedelta(0), after - before) or (after < before and local >= at):
            offset = after
    return (local - offset).replace(tzinfo=dt.UTC)


def _offset(said: str) -> dt.timedelta:
    hours, minutes, seconds = int(said[1:3]), int(said[3:5]), int(said[5:7] or 0)
    offset = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -offset if said[0] == "-" else offset

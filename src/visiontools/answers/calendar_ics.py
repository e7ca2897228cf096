"""An event as iCalendar (RFC 5545), and as a message to guests (RFC 5546, iTIP).

Written out here since it is one page: property lines of at most 75 octets, texts escaped, and the
zone's own rules (VTIMEZONE) round the time of the event, taken from the IANA database.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Literal

from visiontools.answers.calendar import zone_of

Method = Literal["REQUEST", "CANCEL", "none"]
_LONGEST_LINE = 75
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}
_YEAR_BEFORE, _YEAR_AFTER = 370, 370
"""Days of a zone's rules that are written down round the event."""


@dataclass(frozen=True, slots=True)
class Event:
    """What a calendar writes down.

    ``start`` and ``end`` are wall-clock times of ``zone``, or days for a whole-day event, whose
    ``end`` is the day after the last; ``second`` says that the start is the later of an hour that
    comes twice. ``stamp`` is when this was written, in UTC.
    """

    uid: str
    stamp: dt.datetime
    title: str
    start: dt.datetime | dt.date
    end: dt.datetime | dt.date
    zone: str
    second: bool = False
    location: str = ""
    description: str = ""
    organizer: str = ""
    guests: tuple[str, ...] = ()
    sequence: int = 0
    cancelled: bool = False

    @property
    def method(self) -> Method:
        """Who has no organizer or guests sends no message: the file is an entry to import."""
        if not self.organizer or not self.guests:
            return "none"
        return "CANCEL" if self.cancelled else "REQUEST"


def written(event: Event) -> str:
    """The file, with the line ends the standard wants."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//visiontools//invite//EN",
        "CALSCALE:GREGORIAN",
        *([] if event.method == "none" else [f"METHOD:{event.method}"]),
        *_zone_lines(event),
        *_event_lines(event),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _event_lines(event: Event) -> list[str]:
    optional = {"LOCATION": event.location, "DESCRIPTION": event.description}
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(event.uid)}",
        f"DTSTAMP:{_utc(event.stamp)}",
        f"SEQUENCE:{event.sequence}",
        _time("DTSTART", event.start, event),
        _time("DTEND", event.end, event),
        f"SUMMARY:{escaped(event.title)}",
        *(f"{name}:{escaped(text)}" for name, text in optional.items() if text),
        *([f"ORGANIZER:mailto:{event.organizer}"] if event.organizer else []),
        *(_guest(guest) for guest in event.guests),
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def _guest(address: str) -> str:
    asked = "ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE"
    return f"ATTENDEE;CUTYPE=INDIVIDUAL;{asked}:mailto:{address}"


def _time(name: str, at: dt.datetime | dt.date, event: Event) -> str:
    """In UTC where the zone is, or where only that tells which of two equal hours is meant."""
    if not isinstance(at, dt.datetime):
        return f"{name};VALUE=DATE:{at:%Y%m%d}"
    if not _is_zoned(event):
        there = at.replace(tzinfo=zone_of(event.zone), fold=int(event.second))
        return f"{name}:{_utc(there)}"
    return f"{name};TZID={event.zone}:{at:%Y%m%dT%H%M%S}"


def _is_zoned(event: Event) -> bool:
    return isinstance(event.start, dt.datetime) and event.zone != "UTC" and not event.second


def _utc(at: dt.datetime) -> str:
    return f"{at.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A text as the value of a property, which may hold no control character."""
    shown = (c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs"))
    return "".join(_ESCAPED.get(character, character) for character in shown)


def folded(line: str) -> str:
    """A property on lines of at most 75 octets, never cut within a character."""
    parts: list[bytes] = [b""]
    for character in line:
        octets = character.encode()
        if len(parts[-1]) + len(octets) > _LONGEST_LINE - (len(parts) > 1):
            parts.append(b"")
        parts[-1] += octets
    return b"\r\n ".join(parts).decode()


def _zone_lines(event: Event) -> list[str]:
    if not _is_zoned(event) or not isinstance(event.start, dt.datetime):
        return []
    lines = ["BEGIN:VTIMEZONE", f"TZID:{event.zone}"]
    for change in changes(event.zone, event.start):
        lines += [
            f"BEGIN:{'DAYLIGHT' if change.daylight else 'STANDARD'}",
            f"DTSTART:{change.local:%Y%m%dT%H%M%S}",
            f"TZOFFSETFROM:{_offset(change.before)}",
            f"TZOFFSETTO:{_offset(change.after)}",
            f"TZNAME:{escaped(change.name)}",
            f"END:{'DAYLIGHT' if change.daylight else 'STANDARD'}",
        ]
    return [*lines, "END:VTIMEZONE"]


@dataclass(frozen=True, slots=True)
class Change:
    """The clock of a zone is set; ``local`` is what it showed just then, before it was."""

    local: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str
    daylight: bool


def changes(zone: str, near: dt.datetime) -> list[Change]:
    """The changes of a zone's clock from a year before to a year after, in their order.

    The first stands for what held until then.
    """
    rules = zone_of(zone)
    at = near.replace(tzinfo=dt.UTC) - dt.timedelta(days=_YEAR_BEFORE)
    end = near.replace(tzinfo=dt.UTC) + dt.timedelta(days=_YEAR_AFTER)
    offset = _offset_at(at, rules)
    found = [_change(at, offset, rules)]
    while at < end:
        then = at + dt.timedelta(days=1)
        if _state(then, rules) != _state(at, rules):
            change = _moment(at, then, rules)
            found.append(_change(change, _offset_at(at, rules), rules))
        at = then
    return found


def _moment(before: dt.datetime, after: dt.datetime, rules: dt.tzinfo) -> dt.datetime:
    """The first second after the change between two moments."""
    was = _state(before, rules)
    while after - before > dt.timedelta(seconds=1):
        middle = before + dt.timedelta(seconds=int((after - before).total_seconds()) // 2)
        if _state(middle, rules) == was:
            before = middle
        else:
            after = middle
    return after


def _change(at: dt.datetime, before: dt.timedelta, rules: dt.tzinfo) -> Change:
    there = at.astimezone(rules)
    after = _offset_at(at, rules)
    local = (at + before).replace(tzinfo=None)
    return Change(local, before, after, there.tzname() or "", bool(there.dst()))


def _state(at: dt.datetime, rules: dt.tzinfo) -> tuple[dt.timedelta, bool]:
    there = at.astimezone(rules)
    return there.utcoffset() or dt.timedelta(), bool(there.dst())


def _offset_at(at: dt.datetime, rules: dt.tzinfo) -> dt.timedelta:
    return _state(at, rules)[0]


def _offset(offset: dt.timedelta) -> str:
    seconds = int(offset.total_seconds())
    sign = "-" if seconds < 0 else "+"
    minutes, rest = divmod(abs(seconds), 60)
    return f"{sign}{minutes // 60:02}{minutes % 60:02}{f'{rest:02}' if rest else ''}"

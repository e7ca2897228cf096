"""An invitation that was sent before, read for what a change to it must repeat."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from visiontools.answers.calendar import zone_named

_FOLDED = re.compile(r"\r?\n[ \t]")
_PROPERTY = re.compile(r'([A-Za-z0-9-]+)((?:;[^=;:]+=(?:"[^"]*"|[^;:"]*))*):(.*)', re.DOTALL)
_TZID = re.compile(r';TZID="?([^";]+)"?', re.IGNORECASE)
_AT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")
_UNESCAPED = re.compile(r"\\([\\;,nN])")
_MOST_NUMBER = 10**6


@dataclass(frozen=True, slots=True)
class Earlier:
    """What stands in it. ``start`` and ``end`` are None where they cannot be used.

    Times are of ``zone``; whole days are dates.
    """

    uid: str
    sequence: int
    title: str
    start: dt.datetime | dt.date | None
    end: dt.datetime | dt.date | None
    zone: str
    location: str
    organizer: str
    guests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Property:
    name: str
    parameters: str
    value: str

    @property
    def text(self) -> str:
        return _UNESCAPED.sub(lambda m: "\n" if m[1] in "nN" else m[1], self.value)

    @property
    def address(self) -> str:
        """The mail address of a person, "" where there is none."""
        scheme, _, address = self.value.partition(":")
        return address.strip() if scheme.strip().lower() == "mailto" else ""

    @property
    def zone(self) -> str:
        named = _TZID.search(self.parameters)
        return (zone_named(named[1]) or "") if named else "UTC" if self.value.endswith("Z") else ""

    @property
    def at(self) -> dt.datetime | dt.date | None:
        """The time, where its zone is known; a day for a whole day."""
        found = _AT.fullmatch(self.value.strip())
        if found is None:
            return None
        try:
            day = dt.datetime.strptime(found[1], "%Y%m%d").date()
            if found[2] is None:
                return day
            time = dt.datetime.strptime(found[2], "%H%M%S").time()
        except ValueError:
            return None
        return dt.datetime.combine(day, time) if self.zone else None


def is_calendar(text: str) -> bool:
    """Whether a text is a calendar file."""
    return text.lstrip().upper().startswith("BEGIN:VCALENDAR")


def earlier(text: str) -> Earlier | None:
    """The first event of a calendar file; None where it has none with a UID."""
    found = list(_first_event(_properties(text)))
    uid = _first(found, "UID").text.strip()
    if not uid:
        return None
    sequence = _first(found, "SEQUENCE").value
    start, end = _first(found, "DTSTART"), _first(found, "DTEND")
    return Earlier(
        uid=uid,
        sequence=min(int(sequence), _MOST_NUMBER) if re.fullmatch(r"[0-9]{1,9}", sequence) else 0,
        title=_first(found, "SUMMARY").text,
        start=start.at,
        end=end.at if end.zone == start.zone else None,
        zone=start.zone or "UTC",
        location=_first(found, "LOCATION").text,
        organizer=_first(found, "ORGANIZER").address,
        guests=tuple(each.address for each in found if each.name == "ATTENDEE" and each.address),
    )


def _first(found: Sequence[_Property], name: str) -> _Property:
    return next((each for each in found if each.name == name), _Property(name, "", ""))


def _properties(text: str) -> Iterator[_Property]:
    for line in re.split(r"\r?\n", _FOLDED.sub("", text)):
        if found := _PROPERTY.fullmatch(line):
            yield _Property(found[1].upper(), found[2], found[3])


def _first_event(properties: Iterator[_Property]) -> Iterator[_Property]:
    """The properties of the first VEVENT, without those of an alarm inside it."""
    inside: list[str] = []
    for each in properties:
        if each.name == "BEGIN":
            inside.append(each.value.strip().upper())
        elif each.name == "END" and inside:
            if inside.pop() == "VEVENT":
                return
        elif inside[-1:] == ["VEVENT"]:
            yield each

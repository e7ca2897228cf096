"""Local times and zones: what a calendar must know before it writes a time down.

A time is ISO 8601 without an offset, and a zone is a name of the IANA database ("Europe/Berlin").
Both come from a model, so that nothing about them is taken on trust: a day may not exist, an hour
may be skipped or come twice where clocks change, a zone may be misspelt, a year left out.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from visiontools.answers.messages_dates import next_day

Clock = Literal["fits", "skipped", "twice"]
_WHEN = re.compile(
    r"(?:(?P<year>\d{4})-|-{0,2})(?P<month>\d{1,2})-(?P<day>\d{1,2})"
    r"(?:[T ](?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2}(?:\.\d+)?)?)?"
    r"(?P<offset>Z|[+-]\d{2}:?\d{2})?"
)
_TIME = re.compile(r"T?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?")
_LASTS = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?)?")
_ALSO = {"UTC": "UTC", "GMT": "UTC", "Z": "UTC", "ETC/UTC": "UTC"}
_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class When:
    """A day, and a time of it or None for all of it; ``offset`` is minutes east of UTC if said.

    ``year_said`` is false where the year was left out and ``day`` is the next such day.
    """

    day: dt.date
    time: dt.time | None = None
    offset: int | None = None
    year_said: bool = True

    @property
    def local(self) -> dt.datetime:
        """As a wall clock shows it; midnight for a whole day."""
        return dt.datetime.combine(self.day, self.time or dt.time())


def when(said: str, today: dt.date) -> When | None:
    """What a text in ISO 8601 means, None where it means no time.

    A year may be left out ("--03-14T19:00"): the next such day from ``today`` on is meant then.
    24:00 is midnight of the day after.
    """
    found = _WHEN.fullmatch(said.strip())
    if found is None:
        return None
    day = _day(found["year"], int(found["month"]), int(found["day"]), today)
    if day is None:
        return None
    time, days = _time(found["hour"], found["minute"])
    if found["hour"] and time is None:
        return None
    try:
        day += dt.timedelta(days=days)
    except OverflowError:
        return None
    return When(day, time, _offset(found["offset"]), found["year"] is not None)


def until(said: str, start: When, today: dt.date) -> When | None:
    """The end: a time like the start, a time of day alone, or a duration ("PT2H", "P1D")."""
    if found := _TIME.fullmatch(said.strip()):
        time, days = _time(found["hour"], found["minute"])
        if time is None or start.time is None:
            return None
        over = days or int(time <= start.time)
        return When(start.day + dt.timedelta(days=over), time)
    if (found := _LASTS.fullmatch(said.strip().upper())) and any(found.groups()):
        days, hours, minutes = (int(part or 0) for part in found.groups())
        return later(start, days * _MINUTES_A_DAY + hours * 60 + minutes)
    return when(said, start.day if start.day > today else today)


def later(start: When, minutes: int) -> When:
    """So many minutes on the same wall clock; whole days of a whole day."""
    if start.time is None:
        return When(start.day + dt.timedelta(days=max(1, minutes // _MINUTES_A_DAY) - 1))
    end = start.local + dt.timedelta(minutes=minutes)
    return When(end.date(), end.time())


def _day(year: str | None, month: int, day: int, today: dt.date) -> dt.date | None:
    if year is None:
        return next_day(month, day, today)
    try:
        return dt.date(int(year), month, day)
    except ValueError:
        return None


def _time(hour: str | None, minute: str | None) -> tuple[dt.time | None, int]:
    """The time of day, and 1 where it is the end of the day before."""
    if hour is None or minute is None:
        return None, 0
    if (int(hour), int(minute)) == (24, 0):
        return dt.time(), 1
    try:
        return dt.time(int(hour), int(minute)), 0
    except ValueError:
        return None, 0


def _offset(said: str | None) -> int | None:
    if said is None:
        return None
    if said == "Z":
        return 0
    minutes = int(said[1:3]) * 60 + int(said[-2:])
    return -minutes if said[0] == "-" else minutes


@cache
def _zones() -> dict[str, str]:
    """The names of all zones that are places, and of UTC, by their small letters."""
    places = (z for z in available_timezones() if "/" in z and not z.startswith(("Etc/", "posix")))
    return {zone.lower(): zone for zone in places}


def zone_named(said: str) -> str | None:
    """The zone's name as the database writes it; None for what is no place's.

    Short names such as CET or EST are none: they mean several places, or only half of the year.
    """
    name = said.strip().replace(" ", "_")
    return _ALSO.get(name.upper()) or _zones().get(name.lower())


def zones_like(said: str) -> list[str]:
    """Zones somebody may have meant."""
    name = said.strip().replace(" ", "_").lower()
    by_place = [zone for key, zone in _zones().items() if key.rpartition("/")[2] == name]
    near = difflib.get_close_matches(name, _zones(), n=3, cutoff=0.7)
    return list(dict.fromkeys([*sorted(by_place), *(_zones()[key] for key in near)]))[:3]


def zone_of(name: str) -> dt.tzinfo:
    """The rules of a zone that ``zone_named`` named."""
    try:
        return dt.UTC if name == "UTC" else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):  # the system's database lost it
        return dt.UTC


def clock(local: dt.datetime, zone: dt.tzinfo) -> Clock:
    """Whether a wall clock there shows this time once, never (it is put forward) or twice."""
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return "fits"
    there = first.astimezone(dt.UTC).astimezone(zone).replace(tzinfo=None)
    return "twice" if there == local else "skipped"


def instant(local: dt.datetime, zone: dt.tzinfo, *, second: bool = False) -> dt.datetime:
    """The moment in UTC; ``second`` takes the later of an hour that comes twice."""
    return local.replace(tzinfo=zone, fold=int(second)).astimezone(dt.UTC)

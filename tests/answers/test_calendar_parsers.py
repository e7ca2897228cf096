"""Two iCalendar parsers that know nothing of each other read what was written, as it was meant."""

from __future__ import annotations

import datetime as dt
from zoneinfo import available_timezones

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ical.calendar_stream import IcsCalendarStream

from visiontools.answers.calendar import clock, instant, zone_named, zone_of
from visiontools.answers.calendar_ics import Event, written

PLACES = sorted(filter(zone_named, available_timezones()))
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], include_characters="\n"),
    max_size=120,
)


@settings(max_examples=60)
@given(
    st.sampled_from(PLACES),
    st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2037, 12, 30)),
    TEXTS,
    st.integers(0, 9),
)
def test_both_parsers_read_the_same(
    zone: str, local: dt.datetime, title: str, sequence: int
) -> None:
    local = local.replace(microsecond=0)
    rules = zone_of(zone)
    if clock(local, rules) != "fits":
        return
    event = Event(
        uid="u1",
        stamp=dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC),
        title=f"x{title}x",
        start=local,
        end=local + dt.timedelta(hours=1),
        zone=zone,
        location=title * 3,
        organizer="a@example.org",
        guests=("b@example.org",),
        sequence=sequence,
    )
    ics = written(event)
    calendar = icalendar.Calendar.from_ical(ics)
    (first,) = calendar.walk("VEVENT")
    assert first.errors == []
    assert str(first["SUMMARY"]) == event.title
    assert str(calendar["METHOD"]) == "REQUEST"
    assert first["DTSTART"].dt.astimezone(dt.UTC) == instant(local, rules)
    for described in calendar.walk("VTIMEZONE"):
        own = described.to_tz(lookup_tzid=False)
        assert local.replace(tzinfo=own).astimezone(dt.UTC) == instant(local, rules)
    (second,) = IcsCalendarStream.calendar_from_ics(ics).events
    assert (second.uid, second.summary, second.sequence) == ("u1", event.title, sequence)
    assert second.dtstart.astimezone(dt.UTC) == instant(local, rules)


@settings(max_examples=30)
@given(st.dates(dt.date(1970, 1, 2), dt.date(2037, 12, 1)), st.integers(1, 20))
def test_both_parsers_read_whole_days_and_that_they_are_called_off(day: dt.date, days: int) -> None:
    last = day + dt.timedelta(days=days)
    stamp = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    people = {"organizer": "a@example.org", "guests": ("b@example.org",)}
    event = Event("u1", stamp, "x", day, last, "Europe/Berlin", cancelled=True, **people)
    ics = written(event)
    calendar = icalendar.Calendar.from_ical(ics)
    (first,) = calendar.walk("VEVENT")
    assert (first["DTSTART"].dt, first["DTEND"].dt) == (day, last)
    assert (str(calendar["METHOD"]), str(first["STATUS"])) == ("CANCEL", "CANCELLED")
    (second,) = IcsCalendarStream.calendar_from_ics(ics).events
    assert (second.start, second.end, second.status) == (day, last, "CANCELLED")


TWICE = [
    (zone, local)
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran")
    for year in (1985, 2005, 2021, 2037)
    for local in (
        dt.datetime(year, 1, 1) + dt.timedelta(minutes=15 + 30 * half) for half in range(48 * 365)
    )
    if clock(local, zone_of(zone)) == "twice"
]


@pytest.mark.parametrize("second", [False, True])
def test_both_parsers_read_an_hour_that_comes_twice_as_the_one_that_is_meant(
    second: bool,
) -> None:
    assert len(TWICE) > 20
    stamp = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
    for zone, local in TWICE:
        end = local + dt.timedelta(hours=2)
        ics = written(Event("u1", stamp, "x", local, end, zone, second=second))
        meant = instant(local, zone_of(zone), second=second)
        (first,) = icalendar.Calendar.from_ical(ics).walk("VEVENT")
        assert first["DTSTART"].dt.astimezone(dt.UTC) == meant
        (other,) = IcsCalendarStream.calendar_from_ics(ics).events
        assert other.dtstart.astimezone(dt.UTC) == meant

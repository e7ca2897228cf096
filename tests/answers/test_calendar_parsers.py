"""Two iCalendar parsers that know nothing of each other read what was written, as it was meant."""

from __future__ import annotations

import datetime as dt
from zoneinfo import available_timezones

import icalendar
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

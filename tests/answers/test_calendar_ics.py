"""Calendar files: written by the standard, and telling the right moment by their own rules."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.calendar import clock, instant, zone_named, zone_of
from visiontools.answers.calendar_earlier import Earlier, earlier
from visiontools.answers.calendar_ics import Event, folded, written
from visiontools.testing.calendar_rules import lines_of, start_in_utc, value

PLACES = sorted(filter(zone_named, available_timezones()))
DINNER = Event(
    uid="1",
    stamp=dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC),
    title="Dinner",
    start=dt.datetime(2027, 3, 14, 19, 30),
    end=dt.datetime(2027, 3, 14, 22),
    zone="Europe/Berlin",
)
INVITED = replace(DINNER, organizer="a@example.org", guests=("b@example.org",))


@given(st.sampled_from(PLACES), st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2037, 12, 30)))
def test_a_file_tells_the_right_moment_by_its_own_rules(zone: str, local: dt.datetime) -> None:
    local = local.replace(microsecond=0)
    rules = zone_of(zone)
    if clock(local, rules) == "skipped":
        return  # there is no such moment
    end = local + dt.timedelta(hours=1)
    event = replace(DINNER, zone=zone, start=local, end=end)
    assert start_in_utc(written(event)) == instant(local, rules)
    if clock(local, rules) == "twice":
        second = written(replace(event, second=True))
        assert start_in_utc(second) == instant(local, rules, second=True)


@pytest.mark.parametrize("minute", range(0, 60, 15))
@pytest.mark.parametrize("hour", range(5))
@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Europe/Berlin", dt.date(2027, 3, 28)),
        ("Europe/Berlin", dt.date(2027, 10, 31)),
        ("America/New_York", dt.date(2027, 11, 7)),
        ("Australia/Lord_Howe", dt.date(2027, 4, 4)),
        ("Africa/Casablanca", dt.date(2027, 2, 7)),
        ("Europe/Dublin", dt.date(2027, 10, 31)),
    ],
)
def test_a_file_is_right_on_days_when_clocks_change(
    zone: str, day: dt.date, hour: int, minute: int
) -> None:
    local = dt.datetime.combine(day, dt.time(hour, minute))
    rules = zone_of(zone)
    if clock(local, rules) != "skipped":
        event = replace(DINNER, zone=zone, start=local, end=local + dt.timedelta(hours=1))
        assert start_in_utc(written(event)) == instant(local, rules)


def test_a_request_has_what_the_standard_asks_for() -> None:
    """RFC 5546, 3.2.2: METHOD, UID, DTSTAMP, ORGANIZER, ATTENDEE, SEQUENCE, DTSTART, SUMMARY."""
    lines = lines_of(written(INVITED))
    assert lines[:2] == ["BEGIN:VCALENDAR", "VERSION:2.0"]
    assert "METHOD:REQUEST" in lines
    for name in ("UID", "DTSTAMP", "ORGANIZER", "ATTENDEE", "SEQUENCE", "DTSTART", "SUMMARY"):
        assert sum(line.startswith((f"{name}:", f"{name};")) for line in lines) >= 1 + (
            name == "DTSTART"  # the zone's rules have some, too
        )


def test_calling_it_off_keeps_its_name_and_says_so() -> None:
    ics = written(replace(INVITED, cancelled=True, sequence=3))
    assert "METHOD:CANCEL" in ics
    assert value(ics, "STATUS") == "CANCELLED"
    assert (value(ics, "UID"), value(ics, "SEQUENCE")) == ("1", "3")


def test_without_guests_it_is_an_entry_and_no_message() -> None:
    assert "METHOD" not in written(DINNER)


def test_a_whole_day_ends_on_the_day_after_and_has_no_zone() -> None:
    day = dt.date(2027, 3, 14)
    ics = written(replace(DINNER, start=day, end=day + dt.timedelta(days=1)))
    assert "DTSTART;VALUE=DATE:20270314\r\nDTEND;VALUE=DATE:20270315\r\n" in ics
    assert "VTIMEZONE" not in ics


TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=300
)


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_breaks_out_of_its_line(title: str, place: str, about: str) -> None:
    ics = written(replace(INVITED, title=f"x{title}", location=place, description=about))
    raw = ics.encode().split(b"\r\n")
    assert all(len(line) <= 75 for line in raw)
    names = [line.partition(":")[0].partition(";")[0] for line in lines_of(ics)]
    assert names.count("BEGIN") == names.count("END") == 8
    read = earlier(ics)
    assert read is not None
    assert (read.title, read.location) == (f"x{title}", place)


def test_control_characters_are_left_out() -> None:
    assert value(written(replace(DINNER, title="a\x0b\x00\r\nb")), "SUMMARY") == "a\\nb"


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=400))
def test_long_lines_are_folded_between_characters(line: str) -> None:
    parts = folded(line).split("\r\n ")
    assert "".join(parts) == line
    assert all(len(part.encode()) <= 75 for part in folded(line).split("\r\n"))


def test_what_was_written_is_read_back() -> None:
    read = earlier(written(replace(INVITED, sequence=2, location="Sole; back room, left")))
    assert read == Earlier(
        uid="1",
        sequence=2,
        title="Dinner",
        start=dt.datetime(2027, 3, 14, 19, 30),
        end=dt.datetime(2027, 3, 14, 22),
        zone="Europe/Berlin",
        location="Sole; back room, left",
        organizer="a@example.org",
        guests=("b@example.org",),
    )


@given(st.text(max_size=200))
def test_any_file_is_an_earlier_invitation_or_none(text: str) -> None:
    earlier(text)
    earlier(f"BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n{text}\nDTSTART:{text}\nEND:VEVENT")


def test_an_alarms_properties_are_not_the_events() -> None:
    read = earlier(
        "BEGIN:VEVENT\nBEGIN:VALARM\nUID:alarm\nEND:VALARM\nUID:event\nDTSTART:20270314T190000Z\n"
        "END:VEVENT\nBEGIN:VEVENT\nUID:other\nEND:VEVENT"
    )
    assert read is not None
    assert (read.uid, read.zone) == ("event", "UTC")

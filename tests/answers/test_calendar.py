"""Local times and zones: every way in which a time can be none is found before it is written."""

from __future__ import annotations

import datetime as dt
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.calendar import (
    When,
    clock,
    instant,
    later,
    until,
    when,
    zone_named,
    zone_of,
    zones_like,
)
from visiontools.answers.calendar_words import minutes_in

TODAY = dt.date(2026, 11, 25)
PLACES = sorted(filter(zone_named, available_timezones()))
TIMES = st.datetimes(dt.datetime(1970, 1, 2), dt.datetime(2037, 12, 30))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2027-03-14T19:30", When(dt.date(2027, 3, 14), dt.time(19, 30))),
        ("2027-03-14 19:30:00", When(dt.date(2027, 3, 14), dt.time(19, 30))),
        ("2027-3-4T9:05", When(dt.date(2027, 3, 4), dt.time(9, 5))),
        ("2027-03-14", When(dt.date(2027, 3, 14))),
        ("2027-03-14T19:30Z", When(dt.date(2027, 3, 14), dt.time(19, 30), 0)),
        ("2027-03-14T19:30-05:00", When(dt.date(2027, 3, 14), dt.time(19, 30), -300)),
        ("2027-03-14T24:00", When(dt.date(2027, 3, 15), dt.time())),
        ("--03-14T19:30", When(dt.date(2027, 3, 14), dt.time(19, 30), year_said=False)),
        ("12-24", When(dt.date(2026, 12, 24), year_said=False)),
        ("--02-29", When(dt.date(2028, 2, 29), year_said=False)),
    ],
)
def test_iso_times_are_understood(said: str, meant: When) -> None:
    assert when(said, TODAY) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "Saturday",
        "2027-02-30",
        "2027-03-14T25:00",
        "14.03.2027",
        "2027-13-01",
        "9999-12-31T24:00",
    ],
)
def test_what_is_no_time_is_none(said: str) -> None:
    assert when(said, TODAY) is None


@given(st.text(max_size=30))
def test_no_text_raises(said: str) -> None:
    start = When(TODAY, dt.time(9))
    when(said, TODAY)
    until(said, start, TODAY)
    zone_named(said)
    minutes_in(said)


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("22:00", dt.datetime(2027, 3, 14, 22)),
        ("02:00", dt.datetime(2027, 3, 15, 2)),
        ("PT1H30M", dt.datetime(2027, 3, 14, 21)),
        ("P1DT2H", dt.datetime(2027, 3, 15, 21, 30)),
        ("2027-03-16T01:00", dt.datetime(2027, 3, 16, 1)),
        ("24:00", dt.datetime(2027, 3, 15)),
    ],
)
def test_an_end_may_be_a_time_of_day_or_a_duration(said: str, end: dt.datetime) -> None:
    start = When(dt.date(2027, 3, 14), dt.time(19, 30))
    found = until(said, start, TODAY)
    assert found is not None
    assert found.local == end


def test_whole_days_last_whole_days() -> None:
    start = When(dt.date(2027, 3, 14))
    assert later(start, 60).day == start.day
    assert until("P2D", start, TODAY) == When(dt.date(2027, 3, 15))
    assert until("19:00", start, TODAY) is None


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("america/new york", "America/New_York"),
        ("UTC", "UTC"),
        ("Z", "UTC"),
        ("CET", None),
        ("EST", None),
        ("Etc/GMT+5", None),
        ("Europe/Atlantis", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_only_places_and_utc_are_zones(said: str, zone: str | None) -> None:
    assert zone_named(said) == zone


def test_zones_somebody_may_have_meant_are_named() -> None:
    assert "Europe/Berlin" in zones_like("Berlin")
    assert "Europe/Berlin" in zones_like("Europe/Berln")


@pytest.mark.parametrize(
    ("zone", "local", "state"),
    [
        ("Europe/Berlin", dt.datetime(2027, 3, 28, 2, 30), "skipped"),
        ("Europe/Berlin", dt.datetime(2027, 3, 28, 3, 0), "fits"),
        ("Europe/Berlin", dt.datetime(2027, 10, 31, 2, 30), "twice"),
        ("Europe/Berlin", dt.datetime(2027, 10, 31, 3, 0), "fits"),
        ("America/New_York", dt.datetime(2027, 3, 14, 2, 0), "skipped"),
        ("America/New_York", dt.datetime(2027, 11, 7, 1, 59), "twice"),
        ("Australia/Lord_Howe", dt.datetime(2027, 4, 4, 1, 45), "twice"),
        ("Pacific/Apia", dt.datetime(2011, 12, 30, 12, 0), "skipped"),
        ("Asia/Kolkata", dt.datetime(2027, 3, 28, 2, 30), "fits"),
        ("UTC", dt.datetime(2027, 3, 28, 2, 30), "fits"),
    ],
)
def test_hours_that_are_skipped_or_come_twice_are_known(
    zone: str, local: dt.datetime, state: str
) -> None:
    assert clock(local, zone_of(zone)) == state


@given(st.sampled_from(PLACES), TIMES)
def test_a_time_that_fits_comes_back_from_utc_and_another_does_not(
    zone: str, local: dt.datetime
) -> None:
    rules = zone_of(zone)
    back = instant(local, rules).astimezone(rules).replace(tzinfo=None)
    state = clock(local, rules)
    assert (back == local) == (state != "skipped")
    if state == "twice":
        second = instant(local, rules, second=True)
        assert second > instant(local, rules)
        assert second.astimezone(rules).replace(tzinfo=None) == local


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("at 19:30", {1170}),
        ("at 7:30", {450, 1170}),
        ("at 7 pm", {1140}),
        ("12:15 a.m.", {15}),
        ("um 19 Uhr", {1140}),
        ("um 19.30 Uhr", {1170}),
        ("à 19h30", {1170}),
        ("às 19h", {1140}),
        ("on 14.03.2027", set()),
        ("in room 12", set()),
    ],
)
def test_times_of_day_are_found_in_words(words: str, minutes: set[int]) -> None:
    assert minutes_in(words) == minutes


def test_all_zones_of_the_database_can_be_used() -> None:
    assert len(PLACES) > 400
    for zone in PLACES:
        assert zone_of(zone).utcoffset(dt.datetime(2027, 1, 1)) is not None

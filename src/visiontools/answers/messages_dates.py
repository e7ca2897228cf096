"""When something is due: what a model wrote as a date, resolved and held to the message's words."""

from __future__ import annotations

import calendar
import datetime as dt
import re

from visiontools.answers.calendar_words import days_off_in, tells_of_a_time, weekdays_in
from visiontools.types import Message

_NO_YEAR = re.compile(r"(?:--)?(\d{2})-(\d{2})")
_LATER = re.compile(r"P(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,4})D)?(?:T.*)?")
_MOST_YEARS = 8
"""29 February comes again within eight years."""


def resolved(said: str, at: dt.datetime | None) -> dt.date | None:
    """The day that is meant, None where it cannot be told.

    ISO 8601 dates, times and weeks; a month and day without a year ("--03-06"), the next from the
    message on; and durations from the message ("P3D").
    """
    said = said.strip().upper()
    try:
        return dt.datetime.fromisoformat(said).date()
    except ValueError:
        pass
    if at is None:
        return None
    if found := _NO_YEAR.fullmatch(said):
        return next_day(int(found[1]), int(found[2]), at.date())
    if (found := _LATER.fullmatch(said)) and any(found.groups()):
        years, months, weeks, days = (int(part or 0) for part in found.groups())
        return _later(at.date(), 12 * years + months, 7 * weeks + days)
    return None


def next_day(month: int, day: int, on_or_after: dt.date) -> dt.date | None:
    """The next such day of a year; None where no year has one."""
    for year in range(on_or_after.year, on_or_after.year + _MOST_YEARS + 1):
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if found >= on_or_after:
            return found
    return None


def _later(day: dt.date, months: int, days: int) -> dt.date | None:
    years, month = divmod(day.month - 1 + months, 12)
    try:
        last = calendar.monthrange(day.year + years, month + 1)[1]
        moved = day.replace(day.year + years, month + 1, min(day.day, last))
        return moved + dt.timedelta(days=days)
    except (ValueError, OverflowError):
        return None


def doubt(due: dt.date, quote: str, message: Message) -> str:
    """Why a due date cannot be right by the words it stands on; "" where nothing speaks against it.

    The quote is looked at for days, since a message may name several.
    """
    if not tells_of_a_time(f"{quote} {message.text}"):
        return "its message names no day"
    named = weekdays_in(quote)
    if len(named) == 1 and due.weekday() not in named:
        said = calendar.day_name[named.pop()]
        return f"{due.isoformat()} is a {due:%A}, but its quote says {said}"
    if message.at is None:
        return ""
    written = message.at.date()
    if due < written:
        return f"{due.isoformat()} is before its message of {written.isoformat()}"
    off = days_off_in(quote)
    if len(off) == 1 and not named and (due - written).days not in off:
        return f"its quote means {(written + dt.timedelta(days=off.pop())).isoformat()}"
    return ""

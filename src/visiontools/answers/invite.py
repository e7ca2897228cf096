"""From a reported event to one that a calendar can hold: every doubt is found before it is written.

The model says what the text says; code works out the year, the zone, the end, and looks whether
the words beside the date agree with it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

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
from visiontools.answers.calendar_words import minutes_in, months_in, weekdays_in
from visiontools.answers.messages_quotes import Source, numbers_in
from visiontools.tooling import Report
from visiontools.types import Check, Message

Name = Literal["create_event", "update_event", "cancel_event", "no_event"]
Hour = Literal["ask", "first", "second"]
HARD = frozenset(
    {"start_is_a_time", "zone_known", "clock_exists", "clock_is_one", "in_the_future"}
    | {"ends_after_start", "earlier_known"}
)
"""Checks without which there is no time to write down; a person can confirm the others away."""
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_BUDDHIST = 543
_HALF_A_YEAR = 183
_DATE = re.compile(r"\d{1,2}\s?[./-]\s?\d{1,2}")


class Parameters(BaseModel):
    """What the call says about the event."""

    model_config = ConfigDict(extra="ignore")
    title: str = Field(default="", max_length=300, description="what it is, in a few words")
    start: str = Field(
        default="", max_length=40, description="local time as YYYY-MM-DDTHH:MM, or YYYY-MM-DD"
    )
    end: str | None = Field(
        default=None, max_length=40, description="the same, or how long it lasts (PT2H); else null"
    )
    timezone: str | None = Field(
        default=None, max_length=60, description="IANA name such as Europe/Berlin; null if not said"
    )
    location: str | None = Field(default=None, max_length=400, description="the place; else null")
    description: str | None = Field(default=None, max_length=2000, description="else null")
    guests: list[str] = Field(
        default_factory=list, max_length=200, description="mail addresses of those invited"
    )
    quote: str = Field(
        default="", max_length=1000, description="the words that say when, copied exactly"
    )


class SeenInvite(Report):
    """The tool call: which function, and with what. ``further`` counts calls after the first."""

    name: Name = Field(default="create_event", description="the function")
    parameters: Parameters = Field(default_factory=Parameters)
    further: int = Field(default=0, ge=0, description="how many more events there are")


class Given(BaseModel):
    """What a person gives besides: their zone, an event's usual length, and which equal hour."""

    zone: str
    minutes: int
    hour: Hour


class Planned:
    """The event as code understands it. ``start`` is None where no time can be understood.

    ``carried`` says that the time is that of an earlier invitation, which no text has to repeat.
    ``assumed`` says what nobody said, and ``checks`` what was looked at.
    """

    def __init__(
        self,
        said: Parameters,
        messages: Sequence[Message],
        given: Given,
        at: dt.datetime,
        *,
        carried: bool = False,
    ) -> None:
        self._carried = carried
        self.checks: list[Check] = []
        self.assumed: list[str] = []
        self._said = said
        self._source = Source(messages) if messages else None
        self.zone = self._zone(given.zone)
        rules = zone_of(self.zone or "UTC")
        written = next((each.at for each in reversed(messages) if each.at), None)
        self.today = (written or at.astimezone(rules)).date()
        self.start = self._start()
        self.end = self._end(given.minutes)
        self.second = False
        if self.start is not None:
            self._hold_to_words(self.start)
            self._hold_to_clock(self.start, rules, given.hour)
            self._hold_to_now(self.start, rules, at)
        self.guests = self._guests()

    @property
    def moment(self) -> dt.datetime | None:
        """The start in UTC; None for a whole day, or without a zone."""
        if self.start is None or self.start.time is None or self.zone is None:
            return None
        return instant(self.start.local, zone_of(self.zone), second=self.second)

    def check(self, name: str, ok: bool, detail: str = "") -> None:
        """Note a check; what holds needs no words."""
        self.checks.append(Check(name=name, ok=ok, detail="" if ok else detail))

    def _zone(self, usual: str) -> str | None:
        said = (self._said.timezone or "").strip()
        named = zone_named(said or usual)
        if said and named is None and usual and zone_named(usual):
            self.assumed.append(f"the zone '{said}' is no place's, so yours is taken")
            named = zone_named(usual)
        wrong = said or usual
        like = zones_like(wrong) if wrong else []
        hint = f"; did you mean {' or '.join(like)}?" if like else ""
        missing = f"'{wrong}' is no zone" if wrong else "no zone is said: give yours with --option"
        missing += hint or ("" if wrong else " zone=Europe/Berlin")
        self.check("zone_known", named is not None or self._is_whole_day(), missing)
        return named

    def _is_whole_day(self) -> bool:
        start = when(self._said.start, dt.date(2000, 1, 1))
        return start is not None and start.time is None

    def _start(self) -> When | None:
        start = when(self._said.start, self.today)
        self.check("start_is_a_time", start is not None, f"'{self._said.start}' is no day or time")
        return start if start is None else self._with_year(start)

    def _with_year(self, start: When) -> When:
        """A year nobody said is the next such day's, whatever the model wrote."""
        said = [str(start.day.year), str(start.day.year + _BUDDHIST)]
        words = [self._said.quote]
        if self._source is not None:
            words += [each.text for each in self._source.messages]
        numbers = {number for text in words for number in numbers_in(text)}
        soon = abs((start.day - self.today).days) < _HALF_A_YEAR
        dated = months_in(self._said.quote) or _DATE.search(self._said.quote)
        if numbers & set(said) or not any(words) or (soon and start.year_said and not dated):
            self.check("year_given", start.year_said, "the year is not said")
            return start
        next_one = when(f"--{start.day:%m-%d}", self.today)
        day = next_one.day if next_one else start.day
        self.check("year_given", ok=False, detail=f"the year is not said: {day.year} is the next")
        return When(day, start.time, start.offset, year_said=False)

    def _end(self, minutes: int) -> When | None:
        if self.start is None:
            return None
        said = (self._said.end or "").strip()
        end = until(said, self.start, self.today) if said else None
        if end is None:
            if said:
                self.assumed.append(f"the end '{said}' is no time")
            if self.start.time is not None:
                self.assumed.append(f"no end is said, so it lasts {minutes} minutes")
            end = later(self.start, minutes)
        elif not self.start.year_said:
            end = self._same_year(end)
        both = (end.time is None) == (self.start.time is None)
        after = end.day >= self.start.day if end.time is None else end.local > self.start.local
        self.check("ends_after_start", both and after, "it ends before it begins")
        return end

    def _same_year(self, end: When) -> When:
        """An end of the year the model took is moved along with its start."""
        assert self.start is not None
        taken = when(self._said.start, self.today)
        moved = self.start.day - taken.day if taken else dt.timedelta()
        return When(end.day + moved, end.time, end.offset, end.year_said)

    def _hold_to_words(self, start: When) -> None:
        """The quote exists, and its weekday, month, day and time are those of the start."""
        quote = self._said.quote
        if self._source is not None and not self._carried:
            self.check("quote_exists", self._source.find(quote, 1) is not None, _no_quote(quote))
        named = weekdays_in(quote)
        self.check("weekday_fits", not named or start.day.weekday() in named, _other_day(start))
        months = months_in(quote)
        right = not months or start.day.month in months
        if months and right:
            numbers = numbers_in(quote)
            right = not numbers or str(start.day.day) in numbers
        self.check("date_fits_words", right, f"'{quote}' is not {start.day.day} {start.day:%B}")
        times = minutes_in(quote)
        minute = None if start.time is None else start.time.hour * 60 + start.time.minute
        fits = not times or (minute is not None and minute in times)
        self.check("time_fits_words", fits, f"'{quote}' is not {_clock_of(start)}")

    def _hold_to_clock(self, start: When, rules: dt.tzinfo, hour: Hour) -> None:
        if start.time is None or self.zone is None:
            return
        state = clock(start.local, rules)
        self.check(
            "clock_exists",
            state != "skipped",
            f"clocks in {self.zone} go forward then: there is no {start.time:%H:%M} on that day",
        )
        both = f"clocks in {self.zone} go back then: {start.time:%H:%M} comes twice on that day"
        decided = state != "twice" or hour != "ask"
        self.check("clock_is_one", decided, f"{both}; say which with --option which_hour=first")
        self.second = state == "twice" and hour == "second"
        if start.offset is not None:
            offset = start.local.replace(tzinfo=rules, fold=int(self.second)).utcoffset()
            right = offset == dt.timedelta(minutes=start.offset)
            self.check("offset_fits_zone", right, f"{self.zone} is not that far from UTC then")

    def _hold_to_now(self, start: When, rules: dt.tzinfo, now: dt.datetime) -> None:
        if start.time is None:
            past = start.day < now.astimezone(rules).date()
        else:
            past = instant(start.local, rules, second=self.second) < now
        self.check("in_the_future", not past, f"{start.day.isoformat()} is over")

    def _guests(self) -> tuple[str, ...]:
        """The addresses that are some, and stand in the text; nobody else is invited."""
        named = list(dict.fromkeys(each.strip() for each in self._said.guests if each.strip()))
        good = [each for each in named if is_address(each) and self._stands(each)]
        left = [each for each in named if each not in good]
        self.check("guests_in_text", not left, f"not in the text, so left out: {', '.join(left)}")
        place = (self._said.location or "").strip()
        self.check(
            "place_in_text",
            not place or self._stands(place),
            f"the place '{place}' is not in the text",
        )
        return tuple(good)

    def _stands(self, words: str) -> bool:
        return self._source is None or self._source.says(words)


def is_address(text: str) -> bool:
    """Whether it is one plain mail address, with nothing that could end a line or a property."""
    return bool(_ADDRESS.fullmatch(text))


def _no_quote(quote: str) -> str:
    return f"its words '{quote}' are not in the text" if quote.strip() else "no words say when"


def _other_day(start: When) -> str:
    return f"{start.day.isoformat()} is a {start.day:%A}, which its words do not say"


def _clock_of(start: When) -> str:
    return f"{start.time:%H:%M}" if start.time else "a whole day"

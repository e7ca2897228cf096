"""Invite: a calendar invitation from a message or a poster, by a tool call that code checks."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, field_validator

from visiontools.answers.calendar import zone_named, zones_like
from visiontools.answers.calendar_earlier import Earlier, earlier, is_calendar
from visiontools.answers.invite import (
    HARD,
    Given,
    Hour,
    Parameters,
    Planned,
    SeenInvite,
    is_address,
)
from visiontools.answers.invite_answer import InviteAnswer, Written, carried, invite_answer
from visiontools.answers.invite_calls import calls_in
from visiontools.answers.invite_view import blocks, moment_words
from visiontools.tooling import Case, Decision, GuardPolicy, Kind, Options, Sample, Tool
from visiontools.types import Check, Message, Outcome
from visiontools.views.blocks import Block

_ARGUMENTS = tuple(Parameters.model_fields)
_FUNCTIONS = {
    "create_event": _ARGUMENTS,
    "update_event": _ARGUMENTS,
    "cancel_event": _ARGUMENTS,
    "no_event": (),
}
_PROMPT = """\
You turn a message, or the picture of a poster, into one call of a function. A program checks the
call and asks a person before it writes anything.

Functions, all with the same parameters but the last:
- create_event(title, start, end, timezone, location, description, guests, quote): a new event
- update_event(...): the text moves or changes an event; give it as it is now
- cancel_event(...): the text calls an event off
- no_event(): the text is about no event
A calendar file (BEGIN:VCALENDAR) among the messages is the invitation that was sent before.

Now it is {now}.
- start and end are local times, YYYY-MM-DDTHH:MM, without an offset; YYYY-MM-DD for a whole day.
  Work out "tomorrow" or "Friday" from the date of the message, else from today. Leave the year out
  (--MM-DDTHH:MM) where the text does not say it.
- end is null unless the text says when it ends or how long it lasts (PT2H).
- timezone is an IANA name only if the text says a zone; never guess one. Otherwise null.
- quote is the words that say when, copied letter by letter.
- guests are mail addresses that stand in the text. What is not said is null.
Call one function: {{"name": "create_event", "parameters": {{"title": ..., "start": ...}}}}"""


_WANTED = "a change needs the invitation it changes: hand in its calendar file (.ics), too"


def _listed(value: object) -> object:
    if not isinstance(value, str):
        return value
    return [each.strip() for each in value.split(",") if each.strip()]


Addresses = Annotated[tuple[str, ...], BeforeValidator(_listed), Field(max_length=200)]


class InviteOptions(Options):
    """What no text says, and whether a person has looked."""

    zone: str = Field(
        default="", description="your zone, such as Europe/Berlin, where the text names none"
    )
    minutes: int = Field(default=60, ge=5, le=1440, description="how long it lasts if nobody says")
    which_hour: Hour = Field(
        default="ask", description="where clocks go back and an hour comes twice: which is meant"
    )
    organizer: str = Field(default="", description="your mail address, to invite guests")
    guests: Addresses = Field(default=(), description="more guests' mail addresses, with commas")
    confirmed: bool = Field(
        default=False, description="you have looked at it: write the file in spite of doubts"
    )

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        named = zone_named(zone) if zone else ""
        if named is None:
            like = ", ".join(zones_like(zone)) or "Europe/Berlin"
            raise ValueError(f"'{zone}' is no zone of the IANA database; write it like {like}")
        return named

    @field_validator("organizer", "guests")
    @classmethod
    def _addresses(cls, given: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for each in (given,) if isinstance(given, str) else given:
            if each and not is_address(each):
                raise ValueError(f"'{each}' is no mail address")
        return given


class Invite(Tool[SeenInvite, InviteAnswer, InviteOptions]):
    """The model calls a function; code looks at every part of the call."""

    name: ClassVar[str] = "invite"
    title: ClassVar[str] = "Invite"
    summary: ClassVar[str] = "Makes a calendar invitation of a message or a poster; sends nothing."
    needs: ClassVar[str] = "one event: a message, a mail, or a poster"
    takes: ClassVar[tuple[Kind, ...]] = ("text", "picture")
    dated: ClassVar[bool] = True
    printed: ClassVar[bool] = True
    observation: ClassVar[type[SeenInvite]] = SeenInvite
    answer: ClassVar[type[InviteAnswer]] = InviteAnswer
    options: ClassVar[type[Options]] = InviteOptions
    prompt: ClassVar[str] = _PROMPT
    samples: ClassVar[tuple[Sample, ...]] = (
        Sample("invite.txt", "A mail about a dinner", "invite.observation.json"),
    )
    guard: ClassVar[GuardPolicy] = GuardPolicy(warn=("S6", "S7"))  # invitations name people

    def ask(self, options: InviteOptions, at: dt.datetime) -> str:
        return _PROMPT.format(now=f"{at:%A %Y-%m-%d}")

    def plain(self, words: str) -> str:
        calls = calls_in(words, _FUNCTIONS)
        if not calls:
            return words
        first = calls[0]
        said = {"name": first.name, "parameters": _without_nulls(first.arguments)}
        return json.dumps({**said, "further": len(calls) - 1}, ensure_ascii=False)

    def decide(self, seen: SeenInvite, case: Case[InviteOptions]) -> Decision[InviteAnswer]:
        said = seen.parameters
        before = _earlier(case.messages)
        if seen.name == "no_event" or not (said.start or said.title or before):
            message = "It is about no event that could be put into a calendar."
            return Decision(Outcome.CANNOT_TELL, message, None)
        options = case.options
        given = Given(zone=options.zone, minutes=options.minutes, hour=options.which_hour)
        again = before is not None and not said.start
        said = carried(said, before) if before is not None and again else said
        planned = Planned(said, case.messages, given, case.at, carried=again)
        if planned.start is None or planned.end is None:
            why = f"When it is cannot be told: {_failed(planned.checks)}."
            return Decision(Outcome.CANNOT_TELL, why, None, tuple(planned.checks))
        planned.check("earlier_known", seen.name == "create_event" or before is not None, _WANTED)
        planned.check("one_event", not seen.further, f"{seen.further} more are left out")
        file = Written(options.organizer, options.guests, before, options.confirmed, case.at)
        answer = invite_answer(seen.name, said, planned, file)
        whole = all(check.ok for check in planned.checks)
        outcome = Outcome.ANSWERED if whole else Outcome.PARTLY
        return Decision(outcome, _message(answer, planned), answer, tuple(planned.checks))

    def show(self, answer: InviteAnswer) -> Sequence[Block]:
        event = answer.event
        rows = {
            "What": event.title,
            "When": moment_words(event.start, event.weekday),
            "Until": moment_words(event.end, ""),
            "Zone": event.zone or "",
            "In UTC": event.start_utc or "",
            "Where": event.location or "",
            "Guests": ", ".join(event.guests),
            "Its words": event.quote,
        }
        return blocks(rows, answer.to_confirm, answer.ics, answer.method)


def _without_nulls(arguments: dict[str, object]) -> dict[str, object]:
    """Null for a text that may be empty is as good as leaving it out."""
    return {name: value for name, value in arguments.items() if value is not None}


def _earlier(messages: Sequence[Message]) -> Earlier | None:
    """The invitation among what was handed in; None where there is none."""
    found = (earlier(each.text) for each in messages if is_calendar(each.text))
    return next((each for each in found if each), None)


def _failed(checks: Sequence[Check]) -> str:
    return "; ".join(check.detail for check in checks if not check.ok)


def _message(answer: InviteAnswer, planned: Planned) -> str:
    event = answer.event
    when = moment_words(event.start, event.weekday)
    zone = f" ({event.zone})" if event.zone else ""
    told = f"{event.title}: {when}{zone}."
    if answer.ics:
        return f"{told} The calendar file is ready; nothing was sent."
    stopped = [check.detail for check in planned.checks if not check.ok and check.name in HARD]
    if stopped:
        return f"{told} No file was written: {'; '.join(stopped)}."
    return f"{told} Look at what is unsure, then take it with --option confirmed=true."

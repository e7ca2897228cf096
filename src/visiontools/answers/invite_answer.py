"""The event as the answer holds it, and the file that is written of it once it may be."""

from __future__ import annotations

import datetime as dt
import json
import uuid
from dataclasses import dataclass
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from visiontools.answers.calendar_earlier import Earlier
from visiontools.answers.calendar_ics import Event, Method, written
from visiontools.answers.invite import HARD, Name, Parameters, Planned
from visiontools.tooling import Answer
from visiontools.types import Provenance


class Entry(BaseModel):
    """The event as it would stand in a calendar."""

    model_config = ConfigDict(extra="forbid")
    title: Annotated[str, Provenance.INFERRED]
    start: str = Field(description="local time, or a day")
    end: str = Field(description="local time, or the last day")
    zone: str | None
    start_utc: str | None
    weekday: str
    location: Annotated[str | None, Provenance.READ]
    description: Annotated[str | None, Provenance.INFERRED]
    organizer: Annotated[str | None, Provenance.EDITED]
    guests: Annotated[list[str], Provenance.READ]
    quote: Annotated[str, Provenance.READ]


class InviteAnswer(Answer):
    """An event to confirm, and its file once nothing speaks against it or a person has looked."""

    action: str = Field(description="create, update or cancel")
    event: Entry
    to_confirm: list[str] = Field(description="what a person has to look at")
    uid: str
    sequence: int
    method: Method
    ics: str | None = Field(description="the calendar file; nothing is sent")


@dataclass(frozen=True, slots=True)
class Written:
    """What a person gives for the file: who invites, further guests, what it changes, a yes.

    ``at`` is when the file is written.
    """

    organizer: str
    guests: tuple[str, ...]
    earlier: Earlier | None
    confirmed: bool
    at: dt.datetime


def carried(said: Parameters, before: Earlier) -> Parameters:
    """The call with the time of the earlier invitation, for one that only calls it off."""
    if before.start is None:
        return said
    zoned = isinstance(before.start, dt.datetime)
    return said.model_copy(
        update={
            "start": before.start.isoformat(),
            "end": before.end.isoformat() if zoned and before.end else None,
            "timezone": before.zone if zoned else None,
        }
    )


def invite_answer(name: Name, said: Parameters, planned: Planned, given: Written) -> InviteAnswer:
    """The answer; its file is there where no hard check failed, and no doubt or a yes."""
    event = _event(name, said, planned, given)
    failed = [check for check in planned.checks if not check.ok]
    doubts = [*(check.detail for check in failed), *planned.assumed]
    stopped = any(check.name in HARD for check in failed)
    ready = not stopped and (not doubts or given.confirmed)
    return InviteAnswer(
        action="cancel" if event.cancelled else "update" if given.earlier else "create",
        event=_entry(said, planned, event),
        to_confirm=[] if ready else [f"{doubt[0].upper()}{doubt[1:]}." for doubt in doubts],
        uid=event.uid,
        sequence=event.sequence,
        method=event.method,
        ics=written(event) if ready else None,
    )


def _event(name: Name, said: Parameters, planned: Planned, given: Written) -> Event:
    assert planned.start is not None
    assert planned.end is not None
    before = given.earlier
    whole = planned.start.time is None
    day_after = planned.end.day + dt.timedelta(days=1)
    known = before.guests if before else ()
    return Event(
        uid=before.uid if before else _uid(said),
        stamp=given.at,
        title=said.title or (before.title if before else "Event"),
        start=planned.start.day if whole else planned.start.local,
        end=day_after if whole else planned.end.local,
        zone=planned.zone or "UTC",
        second=planned.second,
        location=said.location or (before.location if before else ""),
        description=said.description or "",
        organizer=given.organizer or (before.organizer if before else ""),
        guests=tuple(dict.fromkeys([*known, *planned.guests, *given.guests])),
        sequence=before.sequence + 1 if before else 0,
        cancelled=name == "cancel_event",
    )


def _uid(said: Parameters) -> str:
    """The same invitation has the same name, so that a calendar takes it in once."""
    content = json.dumps([said.title, said.start, said.location, said.quote], ensure_ascii=False)
    return str(uuid.uuid5(uuid.NAMESPACE_URL, content))


def _entry(said: Parameters, planned: Planned, event: Event) -> Entry:
    assert planned.end is not None
    zoned = isinstance(event.start, dt.datetime)
    last = planned.end.local if zoned else planned.end.day
    return Entry(
        title=event.title,
        start=_iso(event.start),
        end=_iso(last),
        zone=planned.zone if zoned else None,
        start_utc=_iso(planned.moment) if planned.moment else None,
        weekday=f"{event.start:%A}",
        location=event.location or None,
        description=event.description or None,
        organizer=event.organizer or None,
        guests=list(event.guests),
        quote=said.quote,
    )


def _iso(at: dt.date) -> str:
    return at.isoformat(timespec="minutes") if isinstance(at, dt.datetime) else at.isoformat()

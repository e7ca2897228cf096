"""Invite: a call is held to its text, the calendar and the clock before anything is written."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from visiontools.answers.invite import SeenInvite
from visiontools.models.endpoint import Endpoint
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.calendar_rules import start_in_utc, value
from visiontools.testing.model_server import ModelServer, Received
from visiontools.testing.script import Say
from visiontools.texts.thread import messages_of, read_text
from visiontools.tooling import Case, Decision
from visiontools.tools.invite import Invite, InviteAnswer, InviteOptions
from visiontools.types import Message, Outcome, Record, Request, Upload

EXAMPLES = Path(__file__).parents[2] / "examples"
MAIL = Upload((EXAMPLES / "invite.txt").read_bytes(), "invite.txt")
CALL = json.loads((EXAMPLES / "invite.observation.json").read_text("utf-8"))
TOOL = Invite()
NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
WRITTEN = dt.datetime(2026, 11, 23, 9)
SAID = "Tea on Saturday, 13 March 2027 at 17:00 in the garden? anna@example.org comes, too."
TEA = {
    "title": "Tea",
    "start": "2027-03-13T17:00",
    "end": "PT2H",
    "location": "the garden",
    "quote": "Saturday, 13 March 2027 at 17:00",
}


def decide(
    parameters: dict[str, Any] | None = None,
    *,
    text: str | None = SAID,
    name: str = "create_event",
    more: tuple[Message, ...] = (),
    **options: Any,
) -> Decision[InviteAnswer]:
    said = {**TEA, **(parameters or {})}
    messages = (*more, *([Message(text, "Tom", WRITTEN)] if text else []))
    given = {"zone": "Europe/Berlin", **options}
    case = Case(options=InviteOptions.model_validate(given), messages=messages, at=NOW)
    return TOOL.decide(SeenInvite.model_validate({"name": name, "parameters": said}), case)


def answer(decision: Decision[InviteAnswer]) -> InviteAnswer:
    assert decision.answer is not None, decision.message
    return decision.answer


def failed(decision: Decision[InviteAnswer]) -> list[str]:
    return [check.name for check in decision.checks if not check.ok]


def ics(decision: Decision[InviteAnswer]) -> str:
    found = answer(decision).ics
    assert found is not None, decision.message
    return found


def test_the_sample_is_what_its_script_writes_and_every_check_holds(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLES / "make_invite.py", tmp_path], check=True)
    for name in ("invite.txt", "invite.observation.json"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()
    case = Case(
        options=InviteOptions(zone="Europe/Rome"),
        messages=messages_of([read_text(MAIL, "invite.txt", 10**6)]),
        at=NOW,
    )
    decision = TOOL.decide(SeenInvite.model_validate(CALL), case)
    assert not failed(decision)
    assert decision.outcome is Outcome.ANSWERED


def test_an_event_without_a_doubt_has_its_file_at_once() -> None:
    decision = decide()
    assert failed(decision) == []
    assert start_in_utc(ics(decision)) == dt.datetime(2027, 3, 13, 16, tzinfo=dt.UTC)
    assert value(ics(decision), "DTEND") == "20270313T190000"
    assert answer(decision).to_confirm == []
    assert "nothing was sent" in decision.message


@pytest.mark.parametrize(
    ("parameters", "options", "text", "check"),
    [
        ({"start": "soon"}, {}, SAID, None),
        ({"start": "2027-03-28T02:30", "quote": ""}, {}, "at some time in 2027", "clock_exists"),
        ({"start": "2027-10-31T02:30", "quote": ""}, {}, "at some time in 2027", "clock_is_one"),
        (
            {"start": "2026-11-24T17:00", "quote": "24 November 2026"},
            {},
            "24 November 2026",
            "in_the_future",
        ),
        ({"end": "2027-03-13T16:00"}, {}, SAID, "ends_after_start"),
        ({}, {"zone": ""}, SAID, "zone_known"),
        ({"timezone": "Mars/Olympus"}, {"zone": ""}, SAID, "zone_known"),
    ],
)
def test_what_cannot_be_written_down_is_never_written(
    parameters: dict[str, Any], options: dict[str, Any], text: str, check: str | None
) -> None:
    decision = decide(parameters, text=text, **options, confirmed=True)
    if check is None:
        assert decision.outcome is Outcome.CANNOT_TELL
        return
    assert check in failed(decision)
    assert answer(decision).ics is None
    assert "No file was written" in decision.message


@pytest.mark.parametrize(
    ("parameters", "text", "check", "said"),
    [
        ({"start": "2027-03-14T17:00"}, SAID, "weekday_fits date_fits_words", "is a Sunday"),
        ({"start": "2027-03-20T17:00"}, SAID, "date_fits_words", "is not 20 March"),
        ({"start": "2027-03-13T15:00"}, SAID, "time_fits_words", "is not 15:00"),
        ({"quote": "on Saturday at five"}, SAID, "quote_exists", "not in the text"),
        ({"location": "the moon"}, SAID, "place_in_text", "moon"),
        ({"guests": ["eve@example.org"]}, SAID, "guests_in_text", "eve@example.org"),
        ({"start": "2027-03-13T17:00+05:00"}, SAID, "offset_fits_zone", "Europe/Berlin"),
    ],
)
def test_what_the_words_do_not_say_needs_a_person(
    parameters: dict[str, Any], text: str, check: str, said: str
) -> None:
    decision = decide(parameters, text=text)
    assert failed(decision) == check.split()
    assert answer(decision).ics is None
    assert said in " ".join(answer(decision).to_confirm)
    assert decision.outcome is Outcome.PARTLY
    assert ics(decide(parameters, text=text, confirmed=True))


WEEKDAYS = {
    "en": "on Saturday, 13 March at 17:00",
    "de": "am Samstag, dem 13. März, um 17 Uhr",
    "fr": "samedi 13 mars à 17h",
    "it": "sabato 13 marzo, alle 17:00",
    "pt": "sábado, 13 de março, às 17h",
    "hi": "शनिवार, 13 मार्च को 17:00",
    "es": "el sábado 13 de marzo a las 17:00",
    "th": "วันเสาร์ที่ 13 มีนาคม 17:00",
}


@pytest.mark.parametrize("language", WEEKDAYS)
def test_a_year_left_out_is_the_next_and_is_asked_about_in_eight_languages(language: str) -> None:
    words = WEEKDAYS[language]
    said = {"start": "2023-03-13T17:00", "quote": words, "location": None}
    decision = decide(said, text=words)
    assert failed(decision) == ["year_given"]
    assert answer(decision).event.start == "2027-03-13T17:00"
    assert "2027 is the next" in answer(decision).to_confirm[0]
    wrong = decide({**said, "start": "--03-14T18:00"}, text=words)
    assert failed(wrong) == ["year_given", "weekday_fits", "date_fits_words", "time_fits_words"]


def test_a_day_by_its_weekday_alone_needs_no_year() -> None:
    words = "Tea this Saturday at 17:00 in the garden"
    assert failed(decide({"start": "2026-11-28T17:00", "quote": words}, text=words)) == []


@pytest.mark.parametrize(("hour", "utc"), [("first", 0), ("second", 1)])
def test_an_hour_that_comes_twice_is_the_one_a_person_says(hour: str, utc: int) -> None:
    said = {"start": "2027-10-31T02:30", "quote": "", "location": None}
    decision = decide(said, text="some time in 2027", which_hour=hour, confirmed=True)
    assert start_in_utc(ics(decision)) == dt.datetime(2027, 10, 31, utc, 30, tzinfo=dt.UTC)


def test_what_nobody_said_is_said_to_be_assumed() -> None:
    decision = decide({"end": None}, minutes=90)
    assert failed(decision) == []
    assert answer(decision).to_confirm == ["No end is said, so it lasts 90 minutes."]
    assert answer(decision).event.end == "2027-03-13T18:30"


def test_a_whole_day_needs_no_zone() -> None:
    words = "The fair is on 13 March 2027"
    said = {"start": "2027-03-13", "end": None, "quote": "13 March 2027", "location": None}
    decision = decide(said, text=words, zone="")
    assert failed(decision) == []
    assert "DTSTART;VALUE=DATE:20270313" in ics(decision)


def test_guests_are_asked_by_whoever_invites() -> None:
    decision = decide({"guests": ["anna@example.org"]}, organizer="tom@example.org")
    assert answer(decision).method == "REQUEST"
    assert value(ics(decision), "ATTENDEE").endswith("mailto:anna@example.org")
    assert value(ics(decision), "ORGANIZER") == "mailto:tom@example.org"


@pytest.mark.parametrize(
    "options",
    [
        {"zone": "CET"},
        {"zone": "Berlin"},
        {"organizer": "tom"},
        {"guests": "a@b.c\r\nATTENDEE:x@y.z"},
        {"which_hour": "third"},
    ],
)
def test_options_that_make_no_sense_are_refused(options: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"zone|address|first"):
        InviteOptions.model_validate(options)


def test_a_change_keeps_the_name_and_counts_on() -> None:
    first = decide({"guests": ["anna@example.org"]}, organizer="tom@example.org")
    sent = Message(ics(first).replace("\r\n", "\n"))
    moved = "Tea moves to Sunday, 14 March 2027 at 16:00"
    said = {"start": "2027-03-14T16:00", "quote": moved[13:], "location": None}
    changed = decide(said, text=moved, name="update_event", more=(sent,))
    assert failed(changed) == []
    assert value(ics(changed), "UID") == value(ics(first), "UID")
    assert value(ics(changed), "SEQUENCE") == "1"
    assert value(ics(changed), "LOCATION") == "the garden"
    assert answer(changed).method == "REQUEST"
    gone = {"title": "", "start": "", "end": None, "location": None, "quote": ""}
    off = decide(gone, text="Tea is off, sorry", name="cancel_event", more=(sent,))
    assert failed(off) == []
    assert answer(off).method == "CANCEL"
    assert value(ics(off), "STATUS") == "CANCELLED"
    assert start_in_utc(ics(off)) == start_in_utc(ics(first))
    assert value(ics(off), "UID") == value(ics(first), "UID")


def test_a_change_of_nothing_known_is_not_written() -> None:
    decision = decide(name="update_event", confirmed=True)
    assert failed(decision) == ["earlier_known"]
    assert answer(decision).ics is None


def test_a_text_about_no_event_is_said_to_be_none() -> None:
    assert decide(name="no_event").outcome is Outcome.CANNOT_TELL
    assert decide({"title": "", "start": ""}).outcome is Outcome.CANNOT_TELL


async def ask(tmp_path: Path, reply: str | None, **more: Any) -> tuple[Record, Received]:
    """Ask a model that answers in these words."""
    with ModelServer() as server:
        server.then(Say(reply or json.dumps(CALL)))
        box = Endpoint(url=server.url, model="scripted", deadline_s=20)
        settings = Settings(data_folder=tmp_path, endpoints={"box": box}, reuse=False)
        request = Request("invite", **{"uploads": (MAIL,), "endpoint": "box", **more})
        async with Pipeline.open(settings) as pipeline:
            return await pipeline.run(request).record(), server.requests[0]


PYTHONIC = ", ".join(f"{name}={said!r}" for name, said in CALL["parameters"].items())


@pytest.mark.parametrize(
    "reply",
    [
        json.dumps(CALL),
        f"<|python_tag|>{json.dumps(CALL)}<|eom_id|>",
        f"[create_event({PYTHONIC})]",
        f"Here you are:\n```python\ncreate_event({PYTHONIC})\n```",
        f"<function=create_event>{json.dumps(CALL['parameters'])}</function>",
    ],
)
async def test_a_call_in_any_shape_becomes_the_same_event(tmp_path: Path, reply: str) -> None:
    record, request = await ask(tmp_path, reply, options={"zone": "Europe/Rome"})
    assert record.outcome is Outcome.ANSWERED, record.message
    assert record.attempts == 1, "nothing had to be repaired"
    assert record.answer is not None
    assert record.answer["event"]["start"] == "2037-03-14T19:30"
    assert record.provenance["/event/quote"] == "read"
    assert "Monday 2037-03-02 09:15" in request.text


async def test_several_calls_become_the_first_and_a_word_on_the_others(tmp_path: Path) -> None:
    reply = f"[create_event({PYTHONIC}), create_event(title='Another')]"
    record, _ = await ask(tmp_path, reply, options={"zone": "Europe/Rome"})
    assert record.outcome is Outcome.PARTLY
    assert [check.detail for check in record.checks if not check.ok] == ["1 more are left out"]


async def test_a_poster_is_read_by_a_model_that_sees(tmp_path: Path) -> None:
    poster = Upload((EXAMPLES / "fridge.png").read_bytes(), "poster.png")
    options = {"zone": "Europe/Rome"}
    record, request = await ask(tmp_path, None, uploads=(poster,), options=options)
    assert request.pictures == 1
    assert [each.kind for each in record.inputs] == ["picture"]
    assert record.outcome is Outcome.ANSWERED, record.message


async def test_a_poster_and_a_message_go_together(tmp_path: Path) -> None:
    poster = Upload((EXAMPLES / "fridge.png").read_bytes(), "poster.png")
    record, request = await ask(tmp_path, None, uploads=(MAIL, poster))
    assert request.pictures == 1
    assert "Trattoria Sole" in request.text
    assert [each.kind for each in record.inputs] == ["text", "picture"]

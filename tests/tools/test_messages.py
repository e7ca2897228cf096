"""Messages: nothing stands without its quote, and every date is held to the words beside it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.calendar_words import days_off_in, months_in, weekdays_in
from visiontools.answers.languages import language_of
from visiontools.answers.messages import SeenThread, Summary
from visiontools.answers.messages_dates import doubt, next_day, resolved
from visiontools.testing.counted import COUNTED
from visiontools.texts.thread import messages_of, read_text
from visiontools.tooling import Case, Decision
from visiontools.tools.messages import Messages, MessagesAnswer, MessagesOptions
from visiontools.types import Check, Message, Outcome, Provenance, Upload

EXAMPLES = Path(__file__).parents[2] / "examples"
TOOL = Messages()
MONDAY = dt.datetime(2026, 3, 2, 9, 15)
READ = json.loads((EXAMPLES / "messages.observation.json").read_text("utf-8"))
CHAT = Upload((EXAMPLES / "messages.txt").read_bytes(), "messages.txt")
THREAD = messages_of([read_text(CHAT, "messages.txt", 10**6)])


def decide(
    seen: dict[str, Any], messages: tuple[Message, ...] = THREAD, **options: str
) -> Decision[MessagesAnswer]:
    case = Case(options=MessagesOptions.model_validate(options), messages=messages)
    return TOOL.decide(SeenThread.model_validate(seen), case)


def answer(decision: Decision[MessagesAnswer]) -> MessagesAnswer:
    assert decision.answer is not None
    return decision.answer


def failed(decision: Decision[MessagesAnswer]) -> list[Check]:
    return [check for check in decision.checks if not check.ok]


def todo(quote: str, due: str | None = None, **more: Any) -> dict[str, Any]:
    return {"todos": [{"text": "Do it.", "quote": quote, "message": 1, "due": due, **more}]}


def test_the_sample_is_what_its_script_writes_and_every_check_holds(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLES / "make_messages.py", tmp_path], check=True)
    for name in ("messages.txt", "messages.observation.json"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()
    decision = decide(READ)
    assert decision.outcome is Outcome.ANSWERED
    assert not failed(decision)
    assert [each.due for each in answer(decision).todos] == ["2026-03-06", "2026-03-03"]
    assert answer(decision).thread.people == ["Anna", "Tom", "Priya"]


def test_a_point_whose_quote_is_not_there_is_left_out_and_said() -> None:
    seen = {"decisions": [{"text": "We sell.", "quote": "we sell the company", "message": 1}]}
    decision = decide({**seen, "questions": READ["questions"]})
    assert answer(decision).decisions == []
    assert answer(decision).dropped[0].text == "We sell."
    assert [check.name for check in failed(decision)] == ["quotes_exist"]
    assert decision.outcome is Outcome.PARTLY


@pytest.mark.parametrize("quote", ["", "a", "e", "the"])
def test_a_quote_too_short_to_prove_anything_proves_nothing(quote: str) -> None:
    assert answer(decide(todo(quote) | {"summary": "x"})).todos == []


def test_quotes_are_found_through_white_space_and_typography_in_the_right_message() -> None:
    said = Message("“Let's meet\n  at noon” – she wrote", "A", MONDAY)
    seen = {"decisions": [{"text": "Noon.", "quote": "Let’s meet at noon", "message": 7}]}
    (point,) = answer(decide(seen, (Message("Hi", "B"), said))).decisions
    assert point.message.number == 2
    assert point.message.sender == "A"


def test_of_a_long_quote_the_beginning_is_looked_up() -> None:
    text = "We agreed on everything that was on the table. " * 20
    (point,) = answer(
        decide({"decisions": [{"text": "Agreed.", "quote": text, "message": 1}]}, (Message(text),))
    ).decisions
    assert len(point.quote) <= 400


def test_a_point_said_twice_counts_once() -> None:
    seen = {"decisions": READ["decisions"] * 2}
    assert len(answer(decide(seen)).decisions) == 1


def test_an_owner_is_somebody_of_the_thread() -> None:
    quote = "please update the website by Friday"
    decision = decide(todo(quote, message=5, owner="Zaphod"))
    assert answer(decision).todos[0].owner is None
    assert "Zaphod" in failed(decision)[0].detail
    mine = todo("I will ask the lawyer", message=7, owner="I")
    assert answer(decide(mine)).todos[0].owner == "Priya"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("2026-03-06", "2026-03-06"),
        ("2026-03-06T17:00", "2026-03-06"),
        ("2026-W10-5", "2026-03-06"),
        ("--03-06", "2026-03-06"),
        ("03-01", "2027-03-01"),
        ("--02-29", "2028-02-29"),
        ("P3D", "2026-03-05"),
        ("P2W", "2026-03-16"),
        ("P1M", "2026-04-02"),
        ("Friday", None),
        ("2026-02-30", None),
        ("P", None),
        ("--13-40", None),
    ],
)
def test_dates_are_resolved_from_the_day_of_their_message(said: str, day: str | None) -> None:
    found = resolved(said, MONDAY)
    assert (found.isoformat() if found else None) == day


def test_without_a_time_of_the_message_only_whole_dates_are_dates() -> None:
    assert resolved("P3D", None) is None
    assert resolved("--03-06", None) is None
    assert resolved("2026-03-06", None) == dt.date(2026, 3, 6)


@given(st.text(max_size=20))
def test_no_date_a_model_writes_raises(said: str) -> None:
    resolved(said, MONDAY)


@given(st.integers(1, 12), st.integers(1, 31), st.dates(max_value=dt.date(9000, 1, 1)))
def test_the_next_such_day_is_on_or_after(month: int, day: int, start: dt.date) -> None:
    found = next_day(month, day, start)
    assert found is None or (found >= start and (found.month, found.day) == (month, day))


FRIDAY = {
    "en": "Please send it by Friday.",
    "de": "Bitte schick es bis Freitag.",
    "fr": "Merci de l'envoyer d'ici vendredi.",
    "it": "Mandalo entro venerdì, per favore.",
    "pt": "Envia isso até sexta-feira, por favor.",
    "hi": "कृपया इसे शुक्रवार तक भेज दें।",
    "es": "Envíalo antes del viernes, por favor.",
    "th": "กรุณาส่งภายในวันศุกร์นี้",
}


@pytest.mark.parametrize("language", FRIDAY)
def test_a_weekday_and_a_date_that_disagree_are_said_in_eight_languages(language: str) -> None:
    words = FRIDAY[language]
    message = Message(words, "A", MONDAY)
    assert weekdays_in(words) == {4}
    assert doubt(dt.date(2026, 3, 6), words, message) == ""
    assert "is a Saturday, but its quote says Friday" in doubt(dt.date(2026, 3, 7), words, message)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("I'll do it tomorrow", 1),
        ("Das mache ich übermorgen", 2),
        ("je le ferai après-demain", 2),
        ("Aujourd’hui encore", 0),
        ("lo faccio dopodomani", 2),
        ("faço isso depois de amanhã", 2),
        ("lo hago pasado mañana", 2),
        ("आज भेज दूँगा", 0),
        ("จะส่งพรุ่งนี้", 1),
        ("the day after tomorrow", 2),
    ],
)
def test_words_for_a_day_hold_its_date(words: str, days: int) -> None:
    assert days_off_in(words) == {days}
    message = Message(words, "A", MONDAY)
    right = MONDAY.date() + dt.timedelta(days=days)
    assert doubt(right, words, message) == ""
    assert "its quote means" in doubt(right + dt.timedelta(days=3), words, message)


@pytest.mark.parametrize("words", ["Guten Morgen zusammen", "mañana", "कल मिलते हैं", "Montagelampe"])
def test_words_that_may_mean_something_else_hold_nothing(words: str) -> None:
    assert days_off_in(words) == set()
    assert weekdays_in(words) == set()


@pytest.mark.parametrize(
    ("words", "month"),
    [("12 de março", 3), ("12. März", 3), ("12 मार्च को", 3), ("12 มีนาคม", 3), ("le 12 août", 8)],
)
def test_months_are_known_by_name(words: str, month: int) -> None:
    assert months_in(words) == {month}


@pytest.mark.parametrize(
    ("quote", "due", "why"),
    [
        ("Thanks a lot for that", "2026-03-06", "its message names no day"),
        ("send it on 1 March", "2026-03-01", "before its message"),
    ],
)
def test_a_doubtful_date_is_shown_with_the_check_that_fails(quote: str, due: str, why: str) -> None:
    decision = decide(todo(quote, due), (Message(quote, "A", MONDAY),))
    assert answer(decision).todos[0].due == due
    assert [check.name for check in failed(decision)] == ["dates_fit_words"]
    assert why in failed(decision)[0].detail


def test_a_date_nobody_can_read_is_left_out_and_said() -> None:
    decision = decide(todo("please update the website by Friday", "next Friday", message=5))
    assert answer(decision).todos[0].due is None
    assert [check.name for check in failed(decision)] == ["dates_readable"]


def test_figures_that_are_not_in_the_messages_are_said() -> None:
    decision = decide({**READ, "summary": "The launch costs 5000 and is on 12 March."})
    assert [check.name for check in failed(decision)] == ["figures_known"]
    assert failed(decision)[0].detail.endswith("5000")


def test_length_and_language_are_held_to_what_was_asked() -> None:
    long = decide({**READ, "summary": "word " * 90}, length="short")
    assert [check.name for check in failed(long)] == ["summary_length"]
    german = decide(READ, language="de")
    assert failed(german)[0].detail == "it is in English"
    assert "in German" in TOOL.ask(MessagesOptions(language="de"), MONDAY)


@pytest.mark.parametrize("language", ["en", "de", "fr", "it", "pt", "hi", "es", "th"])
def test_the_eight_languages_are_told_apart(language: str) -> None:
    assert language_of(COUNTED[language][1]) == language


def test_too_few_words_are_in_no_language() -> None:
    assert language_of("OK, 12:30") is None


def test_nothing_found_is_said_instead_of_an_empty_answer() -> None:
    assert decide({}).outcome is Outcome.CANNOT_TELL


def test_parts_are_joined_with_and_without_a_model() -> None:
    parts = [SeenThread(summary="One."), SeenThread.model_validate(READ)]
    assert TOOL.join(parts, Summary(summary="Both.")).summary == "Both."
    joined = TOOL.join(parts, None)
    assert joined.summary.startswith("One.\n")
    assert len(joined.todos) == 2
    wanted = TOOL.gather(parts, MessagesOptions())
    assert wanted is not None
    assert "1. One." in wanted.prompt


def test_quotes_count_as_read_and_points_as_judged() -> None:
    from visiontools.provenance import provenance_of

    found = provenance_of(answer(decide(READ)), {}, by_person=False)
    assert found["/todos/0/quote"] is Provenance.READ
    assert found["/todos/0/text"] is Provenance.INFERRED
    assert found["/todos/0/due"] is Provenance.COMPUTED
    assert found["/summary"] is Provenance.INFERRED

"""What stands under an answer is honest about who said it and what failed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from visiontools.types import (
    Asked,
    Check,
    ObserverName,
    Outcome,
    Provenance,
    Record,
    Reply,
    Tried,
    Usage,
)
from visiontools.views.account import account, headline, replied, warnings
from visiontools.views.blocks import Notice, Section


def record(**changed: Any) -> Record:
    given: dict[str, Any] = {
        "id": "0c1d2e3f",
        "created": dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC),
        "tool": "diet",
        "tool_version": "1",
        "request": Asked(),
        "outcome": Outcome.ANSWERED,
        "observation": {},
        "message": "Tea has less.",
        "observer": ObserverName(endpoint="lab", profile="vllm", model="a-model"),
    }
    return Record(**{**given, **changed})


def facts(**changed: Any) -> dict[str, str]:
    return dict(account(record(**changed)).rows)


@pytest.mark.parametrize(
    ("observer", "words"),
    [
        (("lab", "vllm", "a-model"), "a-model at lab"),
        (("reader", "reader", "x"), "the built-in reader"),
        (("person", "person", "person"), "a person's observation"),
    ],
)
def test_the_observer_is_named(observer: tuple[str, str, str], words: str) -> None:
    endpoint, profile, model = observer
    name = ObserverName(endpoint=endpoint, profile=profile, model=model)
    assert facts(observer=name)["Observed by"] == words


def test_who_was_asked_and_said_nothing_did_not_observe() -> None:
    told = facts(observation=None)
    assert told["Asked"] == "a-model at lab"
    assert "Observed by" not in told


def test_a_file_that_cannot_be_used_was_shown_to_nobody() -> None:
    told = facts(observation=None, outcome=Outcome.UNUSABLE)
    assert not {"Asked", "Observed by"} & set(told)


def test_the_sources_of_the_fields_are_counted_in_words() -> None:
    provenance = {"/a": Provenance.READ, "/b": Provenance.READ, "/c": Provenance.TYPICAL}
    assert facts(provenance=provenance)["Fields"] == "2 read in the picture, 1 typical, not seen"


def test_failed_checks_are_counted_and_shown_but_held_ones_are_not() -> None:
    checks = (Check(name="adds_up", ok=False, detail="9 is not 8"), Check(name="fine", ok=True))
    assert facts(checks=checks)["Checks"] == "1 of 2 held"
    assert warnings(record(checks=checks)) == (
        Notice('Failed check "adds up": 9 is not 8', "warning"),
    )


def test_notes_are_shown() -> None:
    assert warnings(record(notes=("small print",))) == (Notice("small print"),)


def test_an_endpoint_tried_before_is_named_and_the_last_one_is_not_repeated() -> None:
    tried = (
        Tried(endpoint="a", error="server_fault"),
        Tried(endpoint="lab", error="unreachable"),
    )
    assert facts(tried=tried)["Tried in vain"] == "a (server fault)"


def test_tokens_and_calls_are_told_where_there_were_any() -> None:
    usage = Usage(input_tokens=1234, output_tokens=5)
    assert facts(usage=usage, attempts=3)["Tokens"] == "1,234 in, 5 out in 3 calls"
    assert "Tokens" not in facts()


def test_what_is_no_answer_is_headed_by_its_outcome() -> None:
    assert headline(record()).text == "Tea has less."
    assert headline(record(outcome=Outcome.CANNOT_TELL)).text == "Cannot tell: Tea has less."


def test_a_reply_stands_under_its_question() -> None:
    assert replied(record()) == ()
    asked = record(request=Asked(ask="Why?"), reply=Reply(text="Less sugar.", grounds=("/choice",)))
    [section] = replied(asked)
    assert isinstance(section, Section)
    assert section.title == "Why?"
    assert len(section.blocks) == 2

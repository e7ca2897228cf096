"""Who gets events, who gets the record, and who gets neither."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.doors.api.negotiate import wants_events
from visiontools.doors.api.problems import ProblemError


@pytest.mark.parametrize(
    ("accept", "events"),
    [
        (None, False),
        ("", False),
        ("*/*", False),
        ("application/*", False),
        ("application/json", False),
        ("text/event-stream", True),
        ("TEXT/Event-Stream; q=0.5", True),
        ("text/*", True),
        ("text/event-stream, application/json", True),
        ("application/json;q=0.9, text/event-stream;q=0.1", False),
        ("text/event-stream;q=0, */*", False),
        ("text/html, application/json;q=0.9, */*;q=0.8", False),
    ],
)
def test_the_form_liked_best_is_sent(accept: str | None, events: bool) -> None:
    assert wants_events(accept) is events


@pytest.mark.parametrize(
    "accept",
    [
        "image/png",
        "application/json;q=0",
        "*/*;q=0",
        "application/json;q=nan, text/event-stream;q=2",
        ",",
    ],
)
def test_who_takes_neither_is_told_what_there_is(accept: str) -> None:
    with pytest.raises(ProblemError) as told:
        wants_events(accept)
    assert told.value.kind.status == 406
    assert "application/json" in str(told.value.next)


@given(st.text(max_size=60))
def test_any_header_is_answered(accept: str) -> None:
    with contextlib.suppress(ProblemError):
        assert wants_events(accept) in (True, False)

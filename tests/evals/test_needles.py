"""Needles: planted at ten depths, found by the way a long text takes, and counted honestly."""

from __future__ import annotations

from visiontools.evals.needles import DEPTHS, Found, finds_all, holds, score, scripted, thread
from visiontools.testing.model_server import Received
from visiontools.texts.thread import read_text
from visiontools.texts.tokens import most_tokens
from visiontools.types import Record, Upload

ALL = Found({"0%": True}, 1, 1.0, 0.1, 1, 100.0, "answered")


async def test_every_needle_of_a_long_thread_is_found() -> None:
    found = await scripted(12_000, 8192)
    assert len(found.found) == DEPTHS
    assert all(found.found.values())
    assert found.attempts > 3
    assert found.outcome == "answered"


def test_a_thread_has_the_length_and_the_needles_asked_for() -> None:
    text, needles = thread(5000)
    assert 4500 < most_tokens(text) < 5500
    lines = text.split("\n")
    assert needles[0].code in lines[0]
    assert needles[-1].code in lines[-1]
    assert thread(5000)[0] == text, "the same seed makes the same thread"
    assert b'"from"' in read_text(Upload(text.encode()), "a.txt", 10**6).data


def test_what_is_not_in_the_answer_is_not_found() -> None:
    _, needles = thread(1000)
    record = Record.model_construct(answer={"decisions": [{"quote": needles[3].text}]})
    assert [depth for depth, hit in score(needles, record).items() if hit] == ["33%"]
    assert not any(score(needles, Record.model_construct(answer=None)).values())


def test_a_bar_that_is_passed_is_no_success() -> None:
    from dataclasses import replace

    assert holds(ALL)
    for worse in ({"seconds": 6.0}, {"count_seconds": 1.0}, {"peak_mb": 400.0}):
        assert not holds(replace(ALL, **worse))
    assert not holds(replace(ALL, found={"0%": False}))


def test_the_script_reports_only_what_it_is_shown() -> None:
    body = {"messages": [{"role": "user", "content": "[1] A: hello\n[2] B: not decided"}]}
    assert '"decisions": []' in finds_all(Received("/", {}, body)).text

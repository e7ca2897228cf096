"""The guard as the program's user meets it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from visiontools.testing.model_server import ModelServer, Received
from visiontools.testing.script import Say


@pytest.fixture
def guard(home: Path) -> Iterator[ModelServer]:
    with ModelServer() as server:
        (home / "visiontools.toml").write_text(
            f"""
[endpoints.guard]
url = "{server.url}"
model = "scripted"

[guard]
endpoint = "guard"
model = "llama-guard-3-1b"
"""
        )
        yield server


def test_a_blocked_answer_has_its_own_status_and_names_the_category(
    cli: Any, shelf: str, picture: str, seen: str, guard: ModelServer
) -> None:
    guard.say_raw("unsafe\nS2")
    done = cli("run", shelf, picture, "--observation", seen)
    assert done.status == 13
    words = " ".join(done.out.split())
    assert "Blocked: The answer touches on non-violent crimes (S2)" in words
    assert "Guard" in words
    assert "apple" not in words

    told = cli("run", shelf, picture, "--observation", seen, "--json")
    assert told.status == 13
    assert told.json["guard"] == {"input": "off", "output": "blocked"}
    assert told.json["answer"] is None


def test_a_safe_answer_is_shown_with_what_the_guard_said(
    cli: Any, shelf: str, picture: str, seen: str, guard: ModelServer
) -> None:
    guard.say_raw("safe")
    done = cli("run", shelf, picture, "--observation", seen)
    assert done.status == 0
    assert "apple" in done.out
    assert "output passed" in done.out


def test_a_blocked_further_question_says_so(
    cli: Any, shelf: str, picture: str, seen: str, home: Path, guard: ModelServer
) -> None:
    guard.say_raw("safe").say_raw("unsafe\nS11")
    first = cli("run", shelf, picture, "--observation", seen, "--json")
    assert first.status == 0, first.err
    done = cli("ask", first.json["id"], "How do I hurt myself with it?", "--endpoint", "guard")
    assert done.status == 13
    assert "What was asked touches on suicide and self-harm (S11)" in " ".join(done.out.split())


def test_the_guards_endpoint_is_checked_for_verdicts(cli: Any, guard: ModelServer) -> None:
    def judge(received: Received) -> Say:
        return Say("unsafe\nS2" if "steal" in received.text else "safe")

    guard.then(judge)
    done = cli("endpoints", "check", "guard")
    assert done.status == 0, done.out
    assert "non-violent crimes (S2)" in done.out


@pytest.mark.parametrize(
    ("always", "words"),
    [
        ("safe", "finds nothing in"),
        ("unsafe\nS1", "violent crimes (S1) in the question 'Which colours"),
        ("ready", "something else than a verdict"),
    ],
)
def test_a_guard_that_cannot_judge_is_found_out(
    cli: Any, guard: ModelServer, always: str, words: str
) -> None:
    guard.say_raw(always)
    done = cli("endpoints", "check", "guard", "--json")
    assert done.status == 15
    finding = done.json[0]["checks"][-1]
    assert (finding["name"], finding["state"]) == ("guard", "failed")
    assert words in finding["detail"]
    assert "format" in finding["fix"]


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('model = "llama-guard-9"', "guard.model"),
        ('format = "raw"', "guard.format"),
        ('tools = {diet = {S6 = "drop"}}', "guard.tools.diet.S6"),
        ("endpoint = 3", "guard.endpoint"),
        ("strict = true", "guard.strict"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(
    cli: Any, shelf: str, picture: str, seen: str, home: Path, line: str, names: str
) -> None:
    rest = {"endpoint": '"guard"', "model": '"llama-guard-4"'}
    rest.pop(line.split(" ")[0], None)
    table = "\n".join(["[guard]", line, *(f"{name} = {value}" for name, value in rest.items())])
    (home / "visiontools.toml").write_text(table)
    done = cli("run", shelf, picture, "--observation", seen)
    assert done.status == 2
    assert names in done.err

"""``visiontools ask``: a further question about a past run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from visiontools.testing.model_server import ModelServer


@pytest.fixture
def server(home: Path) -> Iterator[ModelServer]:
    with ModelServer() as server:
        entry = f'[endpoints.box]\nurl = "{server.url}"\nmodel = "scripted"\n'
        (home / "visiontools.toml").write_text(entry)
        yield server


@pytest.fixture
def record(cli: Any, shelf: str, picture: str, seen: str, server: ModelServer) -> str:
    done = cli("run", shelf, picture, "--observation", seen, "--json")
    assert done.status == 0, done.err
    return str(done.json["id"])


def test_a_further_question_is_answered_by_a_model(
    cli: Any, record: str, server: ModelServer
) -> None:
    server.say({"text": "Apples are in the majority.", "grounds": ["/things/0/name"]})
    done = cli("ask", record[:8], "What is there most of?", "--endpoint", "box")
    assert done.status == 0
    assert "Apples are in the majority." in done.out
    assert server.requests[0].pictures == 1


def test_the_list_tells_a_further_question_from_what_it_was_asked_about(
    cli: Any, record: str, server: ModelServer
) -> None:
    server.say({"text": "Apples.", "grounds": ["/things/0/name"]})
    cli("ask", record[:8], "What is there most of?", "--endpoint", "box")
    further, first = cli("records", "list").out.splitlines()[2:]
    assert "“What is there most of?”" in further
    assert "What is there most of?" not in first


def test_a_further_picture_goes_beside_the_earlier_one(
    cli: Any, record: str, picture: str, server: ModelServer
) -> None:
    server.say({"things": [{"name": "pear", "count": 1}]})
    server.say({"text": "Pears.", "grounds": []})
    done = cli("ask", record, "And here?", "--picture", picture, "--endpoint", "box", "--json")
    assert done.status == 0, done.err
    assert any("which is A" in note for note in done.json["notes"])
    assert len(done.json["inputs"]) == 2


def test_a_further_picture_that_is_none_was_not_looked_at(
    cli: Any, record: str, tmp_path: Path
) -> None:
    (tmp_path / "no.png").write_bytes(b"no picture")
    done = cli("ask", record, "And here?", "--picture", str(tmp_path / "no.png"), "--json")
    assert done.status == 16
    assert done.json["notes"] == []


def test_a_further_picture_there_is_not_is_a_usage_error(cli: Any, record: str) -> None:
    done = cli("ask", record, "And here?", "--picture", "nope.png")
    assert done.status == 2
    assert "There is no file 'nope.png'" in done.err


def test_without_a_model_the_answer_stands_and_the_question_stays_open(
    cli: Any, record: str
) -> None:
    done = cli("ask", record, "What is there most of?", "--json")
    assert done.status == 0
    assert done.json["outcome"] == "partly"
    assert done.json["parent"] == record
    (failed,) = [check for check in done.json["checks"] if not check["ok"]]
    assert "needs a model" in failed["detail"]


def test_a_record_there_is_not_is_a_usage_error(cli: Any) -> None:
    done = cli("ask", "ffffffff", "Why?", "--json")
    assert done.status == 2
    assert done.out == ""
    assert "no record" in done.err


def test_a_person_sees_the_reply_and_what_it_stands_on_and_not_all_again(
    cli: Any, record: str, server: ModelServer
) -> None:
    server.say({"text": "Apples, 3 of them.", "grounds": ["/things/0/name", "/things/0/count"]})
    done = cli("ask", record, "What is there most of?", "--endpoint", "box")
    assert done.out.startswith("What is there most of?\nApples, 3 of them.")
    assert "things 1, name   apple" in done.out
    assert "things 1, count  3" in done.out
    assert "What was counted" not in done.out
    assert "Asked" in done.out
    assert f"records show {record[:8]}" in done.out


def test_a_reply_that_says_other_figures_is_marked(
    cli: Any, record: str, server: ModelServer
) -> None:
    server.say({"text": "There are 77.", "grounds": ["/nope"]})
    done = cli("ask", record, "How many?", "--endpoint", "box")
    assert 'Failed check "reply figures known": not in the checked answer: 77' in done.out
    assert 'Failed check "reply grounds exist": no such field: /nope' in done.out


def test_why_there_is_no_reply_stands_below_the_question(cli: Any, record: str) -> None:
    done = cli("ask", record, "What is there most of?")
    assert done.out.startswith("What is there most of?\nWarning: Your question needs a model")
    assert "Failed check" not in done.out


@pytest.mark.parametrize("question", ["", "  "])
def test_an_empty_question_is_a_usage_error(
    cli: Any, shelf: str, picture: str, question: str
) -> None:
    for args in (("ask", "ffffffff", question), ("run", shelf, picture, "--ask", question)):
        done = cli(*args)
        assert (done.status, done.out) == (2, "")
        assert "is empty" in done.err

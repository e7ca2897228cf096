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

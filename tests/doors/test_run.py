"""`visiontools run` for a person and for a program."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from visiontools.testing.model_server import ModelServer, Received
from visiontools.types import Record

EXAMPLES = Path(__file__).parents[2] / "examples"
APPLES = {"things": [{"name": "apple", "count": 3}, {"name": "pear", "count": 1}]}


@pytest.fixture
def server(home: Path) -> Iterator[ModelServer]:
    with ModelServer() as server:
        (home / "visiontools.toml").write_text(
            f'[endpoints.lab]\nurl = "{server.url}"\nmodel = "scripted"\ndeadline_s = 20\n'
        )
        yield server


def test_a_person_sees_the_answer_and_its_account(
    cli: Any, shelf: str, picture: str, seen: str
) -> None:
    said = cli("run", shelf, picture, "--observation", seen)
    assert said.status == 0
    assert said.err == ""
    lines = said.out.splitlines()
    assert lines[0] == "4 in all; most are 'apple' (3)."
    assert any(line.startswith("apple  ███") and line.endswith("3 (75 %)  best") for line in lines)
    assert "Observed by  a person's observation" in lines
    assert "Checks       1 of 1 held" in lines
    assert lines[-1].startswith("All of it as JSON: visiontools records show ")


def test_a_program_gets_one_record_and_nothing_else(
    cli: Any, shelf: str, picture: str, seen: str
) -> None:
    said = cli("run", shelf, picture, "--observation", seen, "--json")
    record = Record.model_validate(said.json)
    assert record.answer is not None
    assert record.answer["total"] == 4
    assert said.json["outcome"] == "answered"
    assert said.err == ""


def test_a_failed_check_is_shown_in_public(cli: Any, shelf: str, picture: str, home: Path) -> None:
    twice = {"things": [{"name": "apple", "count": 3}, {"name": "Apple", "count": 1}]}
    (home / "twice.json").write_text(json.dumps(twice))
    said = cli("run", shelf, picture, "--observation", "twice.json")
    assert 'Warning: Failed check "named once": every kind of thing is listed once' in said.out
    assert "0 of 1 held" in said.out


def test_the_sentence_that_matters_is_said_once(cli: Any, home: Path) -> None:
    observation = EXAMPLES / "car_damage.observation.json"
    said = cli(
        "run", "car_damage", str(EXAMPLES / "car_damage.png"), "--observation", str(observation)
    )
    assert said.status == 0
    first = said.out.split("\n\n")[0]
    assert said.out.count(first) == 1


def test_the_same_question_is_answered_from_its_record(
    cli: Any, shelf: str, picture: str, seen: str
) -> None:
    ask = ("run", shelf, picture, "--observation", seen)
    first = cli(*ask, "--json").json
    assert cli(*ask, "--json").json["id"] == first["id"]
    assert "--again asks anew" in cli(*ask).out
    assert cli(*ask, "--again", "--json").json["id"] != first["id"]


def test_the_picture_may_come_from_standard_input(
    cli: Any, shelf: str, picture: str, seen: str
) -> None:
    data = Path(picture).read_bytes()
    said = cli("run", shelf, "-", "--observation", seen, "--json", stdin=data)
    assert said.status == 0
    assert said.json["inputs"][0]["width"] == 320


def test_the_observation_may_come_from_standard_input(cli: Any, shelf: str, picture: str) -> None:
    data = json.dumps(APPLES).encode()
    said = cli("run", shelf, picture, "--observation", "-", "--json", stdin=data)
    assert said.json["answer"]["most"] == "apple"


def test_an_option_reaches_the_tool(cli: Any, shelf: str, picture: str, seen: str) -> None:
    said = cli("run", shelf, picture, "--observation", seen, "--option", "at_least=2", "--json")
    assert said.json["answer"]["total"] == 3
    assert said.json["request"]["options"] == {"at_least": 2}


@pytest.mark.parametrize(
    ("observation", "status", "outcome"),
    [
        ({"things": []}, 10, "cannot_tell"),
        ({"picture": "other", "picture_shows": "a dog"}, 11, "wrong_picture"),
    ],
)
def test_what_is_no_answer_has_its_own_status(
    cli: Any, shelf: str, picture: str, observation: dict[str, Any], status: int, outcome: str
) -> None:
    data = json.dumps(observation).encode()
    said = cli("run", shelf, picture, "--observation", "-", "--json", stdin=data)
    assert (said.status, said.json["outcome"]) == (status, outcome)


def test_the_reader_says_what_to_set_up_where_eyes_are_needed(
    cli: Any, shelf: str, picture: str
) -> None:
    said = cli("run", shelf, picture)
    assert said.status == 15
    assert "needs eyes" in said.out
    assert "visiontools endpoints add" in " ".join(said.out.split())


def test_a_file_that_is_no_picture_is_unusable(cli: Any, shelf: str, seen: str) -> None:
    said = cli("run", shelf, seen, "--observation", seen, "--json")
    assert (said.status, said.json["outcome"]) == (16, "unusable")


def test_a_model_is_asked_and_named(
    cli: Any, shelf: str, picture: str, server: ModelServer
) -> None:
    server.say(APPLES)
    said = cli("run", shelf, picture, "--endpoint", "lab")
    assert said.status == 0
    assert "Observed by  scripted at lab" in said.out
    assert server.requests[-1].pictures == 1


def test_a_model_that_refuses(cli: Any, shelf: str, picture: str, server: ModelServer) -> None:
    server.say_raw("I'm not able to help with that.")
    said = cli("run", shelf, picture, "--endpoint", "lab", "--json")
    assert (said.status, said.json["outcome"]) == (12, "refused")


def test_a_model_that_never_answers_validly(
    cli: Any, shelf: str, picture: str, server: ModelServer
) -> None:
    server.say({"things": "many"})
    said = cli("run", shelf, picture, "--endpoint", "lab", "--json")
    assert (said.status, said.json["outcome"]) == (14, "invalid")


def test_a_server_that_does_not_accept_the_key(
    cli: Any, shelf: str, picture: str, server: ModelServer
) -> None:
    server.rules.key = "secret"
    said = cli("run", shelf, picture, "--endpoint", "lab", "--json")
    assert (said.status, said.json["outcome"]) == (15, "unavailable")


def test_what_a_model_writes_cannot_steer_the_terminal(
    cli: Any, shelf: str, picture: str, server: ModelServer
) -> None:
    nasty = "\x1b[31m[bold]apple[/bold]\x1b]0;owned\x07"
    server.say({"things": [{"name": nasty, "count": 2}]})
    said = cli("run", shelf, picture, "--endpoint", "lab")
    assert said.status == 0
    assert "\x1b" not in said.out + said.err
    assert "[bold]apple[/bold]" in said.out


class Noticed(list[Received]):
    """Requests that can be waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.some = threading.Event()

    def append(self, received: Received) -> None:
        super().append(received)
        self.some.set()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_stopping_ends_the_call_and_the_record_says_so(
    start: Callable[..., subprocess.Popen[str]],
    shelf: str,
    picture: str,
    server: ModelServer,
    number: signal.Signals,
) -> None:
    server.hang().requests = asked = Noticed()
    process = start("run", shelf, picture, "--endpoint", "lab", "--json")
    assert asked.some.wait(30)
    process.send_signal(number)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 17
    assert json.loads(out)["outcome"] == "cancelled"
    assert "Traceback" not in err
    assert asked[0].closed.wait(10)


SLOW = """
import time
from pathlib import Path

from visiontools_user_tools.shelf import Shelf


class Slow(Shelf):
    name = "slow"

    def read(self, pictures):
        Path("reading").touch()
        time.sleep(60)
"""


def test_stopping_does_not_wait_for_the_reader(
    start: Callable[..., subprocess.Popen[str]], shelf: str, picture: str, home: Path
) -> None:
    (home / "tools" / "slow.py").write_text(SLOW)
    process = start("run", "slow", picture, "--json")
    while not (home / "reading").exists():
        assert process.poll() is None
        time.sleep(0.05)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=50)
    assert time.monotonic() - began < 10
    assert process.returncode == 17
    assert json.loads(out)["outcome"] == "cancelled"


USAGE = {
    "a missing file": (("nowhere.png",), "There is no file 'nowhere.png'"),
    "a missing folder": (("no/where.png",), "The folder no does not exist"),
    "an empty name": (("",), "is empty"),
    "a folder": ((".",), "'.' is a folder"),
    "no picture": ((), "needs a picture of"),
    "standard input twice": (("-", "-"), "only once"),
    "an unknown endpoint": (("shelf.png", "--endpoint", "x"), "no endpoint named 'x'"),
    "an unknown option": (("shelf.png", "--option", "color=red"), "at_least"),
    "a pair without =": (("shelf.png", "--option", "red"), "key=value"),
    "an option without a value": (("shelf.png", "--option", "at_least"), "at_least=VALUE"),
    "an option twice": (
        ("shelf.png", "--option", "at_least=1", "--option", "at_least=2"),
        "given twice",
    ),
    "an option that does not fit": (("shelf.png", "--option", "at_least=many"), "at_least"),
    "a missing observation": (
        ("shelf.png", "--observation", "x.json"),
        "There is no file 'x.json'",
    ),
    "both from standard input": (("-", "--observation", "-"), "both"),
}


@pytest.mark.parametrize("case", USAGE)
def test_wrong_usage_is_one_sentence_and_status_2(
    cli: Any, shelf: str, picture: str, case: str
) -> None:
    args, sentence = USAGE[case]
    said = cli("run", shelf, *args, "--json")
    assert said.status == 2
    assert said.out == ""
    assert said.err.startswith("Error: ")
    assert sentence in said.err
    assert said.err.count("\n") == 1


def test_the_nearest_tool_is_suggested(cli: Any, shelf: str, picture: str) -> None:
    said = cli("run", "shelv", picture)
    assert said.status == 2
    assert "Did you mean 'shelf'?" in said.err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b'{"things": [\n  {"name": "a" "count": 1}]}', "line 2, column 16"),
        (b"[1]", "not a JSON object"),
        (b'{"things": NaN}', "NaN"),
        (b"\xff\xfe{}", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"thing": []}', "thing"),
        (b'{"things": [{"name": "a", "count": 0}]}', "things.0.count"),
    ],
)
def test_a_bad_observation_is_explained(
    cli: Any, shelf: str, picture: str, text: bytes, sentence: str
) -> None:
    said = cli("run", shelf, picture, "--observation", "-", stdin=text)
    assert said.status == 2
    assert said.out == ""
    assert sentence in said.err


def test_an_unreadable_file_is_explained(cli: Any, shelf: str, home: Path) -> None:
    (home / "loop.png").symlink_to("loop.png")
    said = cli("run", shelf, "loop.png")
    assert said.status == 2
    assert "'loop.png' cannot be read" in said.err


def test_a_data_folder_that_cannot_be_used_is_explained(
    cli: Any, shelf: str, picture: str, seen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_DATA_FOLDER", seen)
    said = cli("run", shelf, picture, "--observation", seen)
    assert said.status == 2
    assert "The data folder seen.json cannot be used" in said.err


def test_a_tool_that_does_not_load_is_left_out_with_a_warning(
    cli: Any, shelf: str, picture: str, seen: str, home: Path
) -> None:
    (home / "tools" / "broken.py").write_text("import nothing_of_that_name")
    said = cli("run", shelf, picture, "--observation", seen, "--json")
    assert said.status == 0
    assert "broken.py was left out" in said.err
    assert said.json["outcome"] == "answered"


def test_a_device_or_a_pipe_nobody_writes_to_is_refused_at_once(
    cli: Any, shelf: str, home: Path
) -> None:
    os.mkfifo(home / "pipe.png")
    for name in ("pipe.png", "/dev/zero"):
        said = cli("run", shelf, name, "--json")
        assert (said.status, said.out) == (2, "")
        assert f"'{name}' is a " in said.err


def test_a_database_of_another_shape_is_explained(
    cli: Any, shelf: str, picture: str, seen: str, home: Path
) -> None:
    (home / "data").mkdir()
    with closing(sqlite3.connect(home / "data" / "records.sqlite3")) as other:
        other.execute("create table records (id text)")
        other.commit()
    said = cli("run", shelf, picture, "--observation", seen, "--json")
    assert (said.status, said.out) == (2, "")
    assert said.err.count("\n") == 1
    assert "The data folder" in said.err


def test_a_variable_that_does_not_fit_is_explained(
    cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_ENDPOINTS", "x")
    said = cli("tools", "--json")
    assert (said.status, said.out) == (2, "")
    assert "endpoints" in said.err

"""``visiontools serve`` as a person starts and stops it."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from visiontools.testing.model_server import ModelServer
from visiontools.testing.script import Say

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def serving(start: Start) -> Iterator[Callable[..., tuple[Any, str]]]:
    """Start it on a free port; the process and the address it says it is at."""
    with ExitStack() as stack:

        def serve(*args: str) -> tuple[Any, str]:
            running = stack.enter_context(start("serve", "--port", "0", *args))
            stack.callback(running.kill)
            assert running.stderr is not None
            said = running.stderr.readline()
            assert said.startswith("visiontools is at http://127.0.0.1:"), said
            return running, said.split()[3]

        yield serve


@contextmanager
def _taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_it_says_where_it_is_and_ends_well_when_told(home: Path, serving: Any) -> None:
    running, address = serving()
    assert httpx2.get(address).status_code == 200
    assert httpx2.get(f"{address}healthz").json() == {"status": "ok"}
    running.send_signal(signal.SIGTERM)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (0, "", "")


def test_an_answer_that_runs_when_it_is_stopped_may_finish(
    home: Path, shelf: str, picture: str, serving: Any
) -> None:
    with ModelServer() as model:
        go_on = threading.Event()

        def answer(_: Any) -> Any:
            go_on.wait(30)
            return Say(json.dumps({"things": [{"name": "apple", "count": 3}]}))

        model.then(answer)
        done = _stopped_while_running(home, shelf, picture, serving, model, go_on.set)
    assert done["outcome"] == "answered"


def test_an_answer_that_takes_longer_is_cut_and_its_record_says_so(
    home: Path, shelf: str, picture: str, serving: Any, cli: Any
) -> None:
    with ModelServer() as model:
        model.hang()
        done = _stopped_while_running(home, shelf, picture, serving, model, grace_s=0.2)
        assert model.requests[0].closed.wait(30)
    assert done["outcome"] == "cancelled"
    kept = cli("records", "list", "--json").json
    assert [record["id"] for record in kept] == [done["id"]]


def test_who_watches_the_steps_of_an_answer_that_is_cut_is_told_so(
    home: Path, shelf: str, picture: str, serving: Any
) -> None:
    with ModelServer() as model:
        model.hang()
        done = _stopped_while_running(
            home, shelf, picture, serving, model, grace_s=0.2, accept="text/event-stream"
        )
    assert (done["outcome"], done["message"]) == (
        "cancelled",
        "The run was stopped before it had an answer.",
    )


def _stopped_while_running(
    home: Path,
    shelf: str,
    picture: str,
    serving: Any,
    model: ModelServer,
    then: Callable[[], None] = lambda: None,
    grace_s: float = 30,
    accept: str = "application/json",
) -> Any:
    """The record of a run that was being worked on when SIGTERM came."""
    (home / "visiontools.toml").write_text(
        f'[web]\ngrace_s = {grace_s}\n[endpoints.box]\nurl = "{model.url}"\nmodel = "scripted"\n'
    )
    running, address = serving()
    form = {"picture": (home / picture).read_bytes(), "endpoint": (None, "box")}
    answers: list[httpx2.Response] = []

    def ask() -> None:
        where = f"{address}api/v1/tools/{shelf}/runs"
        answers.append(httpx2.post(where, files=form, timeout=60, headers={"Accept": accept}))

    asking = threading.Thread(target=ask)
    asking.start()
    assert model.arrived.wait(30)
    running.send_signal(signal.SIGTERM)
    then()
    asking.join(60)
    assert running.wait(30) == 0
    *_, last = answers[0].text.rstrip().splitlines()  # of a stream: the data of its last event
    return json.loads(last.removeprefix("data: "))


def test_it_listens_to_other_machines_only_when_told_so_in_words(
    cli: Any, home: Path, start: Start
) -> None:
    refused = cli("serve", "--host", "0.0.0.0")
    assert refused.status == 2
    assert "there is no sign-in" in refused.err
    assert "--without-sign-in" in refused.err

    with start("serve", "--host", "0.0.0.0", "--port", "0", "--without-sign-in") as running:
        assert running.stderr is not None
        assert "visiontools is at http://0.0.0.0:" in running.stderr.readline()
        running.terminate()


def test_a_port_that_is_taken_is_said_with_another_to_take(cli: Any, home: Path) -> None:
    with _taken() as port:
        done = cli("serve", "--port", str(port))
    assert done.status == 2
    assert f"Port {port} of 127.0.0.1 is taken" in done.err
    assert f"--port {port + 1}" in done.err


def test_an_address_that_is_not_this_machines_is_said(cli: Any, home: Path) -> None:
    done = cli("serve", "--host", "192.0.2.7", "--without-sign-in")
    assert done.status == 2
    assert "Cannot listen on 192.0.2.7" in done.err


def test_a_missing_extra_is_named_with_the_command_that_installs_it(home: Path) -> None:
    without = "import sys; sys.modules['fastapi'] = None; from visiontools.doors.cli import main; "
    done = subprocess.run(
        [sys.executable, "-c", f"{without}main(['serve'])"], capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "fastapi is missing" in done.stderr
    assert "pip install 'visiontools[web]'" in done.stderr


def test_records_that_cannot_be_opened_are_one_sentence(home: Path, start: Start) -> None:
    (home / "data").write_text("a file where the folder should be")
    with start("serve", "--port", "0") as running:
        _, err = running.communicate(timeout=30)
    assert running.returncode == 2
    assert err.startswith("Error: The data folder")
    assert "Traceback" not in err


def test_settings_say_where_it_listens(cli: Any, home: Path) -> None:
    with _taken() as port:
        (home / "visiontools.toml").write_text(f"[web]\nport = {port}\n")
        done = cli("serve")
    assert done.status == 2
    assert f"Port {port}" in done.err


ALLOWING = """[endpoints.watch]
url = "http://127.0.0.1:9/v1"
model = "llama-guard3:1b"
[guard]
endpoint = "watch"
model = "llama-guard-3-1b"
on_failure = "allow"
"""


@pytest.mark.parametrize(
    ("web", "args"),
    [
        ("", ["--host", "0.0.0.0", "--without-sign-in"]),
        ('sign_in = "password"', []),
        ('public_hosts = ["pictures.example"]', []),
        ('public_url = "https://pictures.example"', []),
        ('trusted_proxies = ["10.0.0.5"]', []),
    ],
)
def test_a_guard_that_lets_through_what_it_did_not_see_is_refused_for_others(
    cli: Any, home: Path, web: str, args: list[str]
) -> None:
    (home / "visiontools.toml").write_text(f"[web]\n{web}\n{ALLOWING}")
    done = cli("serve", "--port", "0", *args)
    assert done.status == 2
    assert "on_failure is 'allow'" in done.err
    assert "guard.allow_for_others = true" in done.err


@pytest.mark.parametrize("more", ["", 'allow_for_others = true\n[web]\nsign_in = "password"\n'])
def test_it_is_served_to_oneself_or_when_told_so_in_words(
    home: Path, serving: Any, more: str
) -> None:
    (home / "visiontools.toml").write_text(ALLOWING + more)
    _, address = serving()
    assert httpx2.get(f"{address}healthz").status_code == 200


def test_a_backup_made_while_it_serves_brings_records_and_pictures_back(
    home: Path, shelf: str, seen: str, picture: str, serving: Any, cli: Any
) -> None:
    _, address = serving()
    form = {
        "picture": (home / picture).read_bytes(),
        "observation": (None, (home / seen).read_text()),
    }
    made = httpx2.post(f"{address}api/v1/tools/{shelf}/runs", files=form, timeout=60).json()
    backup = home / "backup"
    backup.mkdir()
    with (
        closing(sqlite3.connect(home / "data" / "records.sqlite3")) as served,
        closing(sqlite3.connect(backup / "records.sqlite3")) as copy,
    ):
        served.backup(copy)  # what .backup does
    shutil.copytree(home / "data" / "pictures", backup / "pictures")
    assert cli("records", "delete", made["id"], "--yes").status == 0

    shutil.copytree(backup, home / "restored")
    with pytest.MonkeyPatch.context() as changed:
        changed.setenv("VISIONTOOLS_DATA_FOLDER", str(home / "restored"))
        assert cli("records", "show", made["id"], "--json").json["answer"] == made["answer"]
        assert cli("records", "replay", made["id"]).status == 0, "its picture is there, too"

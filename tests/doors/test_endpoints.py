"""`visiontools endpoints`: set a server up, and learn what is wrong with it."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from visiontools.testing.model_server import ModelServer

READY = {"word": "ready"}
HALVES = {"left": "red", "right": "blue"}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer() as server:
        yield server


@pytest.fixture
def lab(cli: Any, server: ModelServer) -> str:
    added = cli("endpoints", "add", "lab", "--url", server.url, "--model", "scripted")
    assert added.status == 0
    return "lab"


def findings(cli: Any, name: str) -> tuple[int, dict[str, str], str]:
    """Exit status, state by check, and every fix."""
    said = cli("endpoints", "check", name, "--json")
    [result] = said.json
    states = {each["name"]: each["state"] for each in result["checks"]}
    assert result["ok"] == ("failed" not in states.values())
    return said.status, states, " ".join(each["fix"] for each in result["checks"])


def test_the_reader_is_always_there_and_first(cli: Any) -> None:
    [reader] = cli("endpoints", "list", "--json").json
    assert reader["name"] == "reader"
    assert reader["default"] is True
    assert cli("endpoints", "list").out.startswith("reader (the default)")


def test_an_added_endpoint_is_listed(cli: Any, lab: str, server: ModelServer) -> None:
    listed = cli("endpoints", "list", "--json").json
    assert [each["name"] for each in listed] == ["reader", "lab"]
    assert listed[1]["url"] == server.url
    assert server.url in cli("endpoints", "list").out


def test_the_rest_of_the_file_stays_as_it_is_written(cli: Any, home: Path) -> None:
    path = home / "visiontools.toml"
    path.write_text('# mine\nreuse = false\n[endpoints.a]\nurl = "http://a/v1"\nmodel = "m"')
    before = path.read_text()
    odd = 'we"ird\\ id \x7f é'
    assert cli("endpoints", "add", "b", "--url", "http://b", "--model", odd).status == 0
    assert path.read_text().startswith(before)
    assert tomllib.loads(path.read_text())["endpoints"]["b"]["model"] == odd


def test_a_profile_brings_its_usual_values_and_its_notes(cli: Any, home: Path) -> None:
    said = cli("endpoints", "add", "home", "--profile", "ollama")
    assert "endpoints check home" in said.err
    assert "Note: " in said.err
    entry = tomllib.loads((home / "visiontools.toml").read_text())["endpoints"]["home"]
    assert entry["url"] == "http://localhost:11434/v1"


def test_what_is_missing_is_asked_for_on_a_terminal(cli: Any, home: Path) -> None:
    said = cli("endpoints", "add", "x", stdin=b"vllm\n\nmine\n", typed=True)
    assert said.status == 0
    entry = tomllib.loads((home / "visiontools.toml").read_text())["endpoints"]["x"]
    assert entry == {"profile": "vllm", "url": "http://localhost:8000/v1", "model": "mine"}


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("reader",), "meaning of its own"),
        (("Bad Name",), "no endpoint name"),
        (("x", "--url", "ftp://x", "--model", "m"), "http://localhost:8000/v1"),
        (("x", "--url", "http://u:p@x/v1", "--model", "m"), "password"),
        (("x", "--profile", "nope"), "openai_compatible"),
        (("x",), "The Model id is missing"),
        (("x", "--profile", "vertex"), "The URL is missing"),
    ],
)
def test_a_bad_entry_is_refused_and_nothing_written(
    cli: Any, home: Path, args: tuple[str, ...], sentence: str
) -> None:
    said = cli("endpoints", "add", *args)
    assert (said.status, said.out) == (2, "")
    assert sentence in said.err
    assert (home / "visiontools.toml").read_text() == ""


def test_a_taken_name_is_refused(cli: Any, lab: str) -> None:
    said = cli("endpoints", "add", lab, "--url", "http://x/v1", "--model", "m")
    assert said.status == 2
    assert "already" in said.err


def test_a_broken_settings_file_is_left_alone(cli: Any, home: Path) -> None:
    (home / "visiontools.toml").write_text("not toml [")
    said = cli("endpoints", "add", "x", "--url", "http://x/v1", "--model", "m")
    assert said.status == 2
    assert "is not TOML" in said.err
    assert (home / "visiontools.toml").read_text() == "not toml ["


def test_the_file_is_made_where_there_is_none(
    cli: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_CONFIG", str(home / "new" / "visiontools.toml"))
    assert cli("endpoints", "add", "x", "--url", "http://x/v1", "--model", "m").status == 0
    assert cli("endpoints", "list").status == 0


def test_a_server_that_works_passes_every_check(cli: Any, lab: str, server: ModelServer) -> None:
    server.say(READY).say(HALVES)
    status, states, _ = findings(cli, lab)
    assert status == 0
    assert states == dict.fromkeys(("reachable", "model", "json", "picture"), "ok")


def test_a_model_that_does_not_see_is_found_out(cli: Any, lab: str, server: ModelServer) -> None:
    server.say(READY).say({"left": "blue", "right": "blue"})
    status, states, fix = findings(cli, lab)
    assert (status, states["json"], states["picture"]) == (15, "ok", "failed")
    assert "vision = false" in fix


def test_a_server_without_pictures_fails_that_check_only(
    cli: Any, lab: str, server: ModelServer
) -> None:
    server.say(READY).rules.most_pictures = 0
    status, states, fix = findings(cli, lab)
    assert (status, states["json"], states["picture"]) == (15, "ok", "failed")
    assert fix


def test_another_model_on_the_server_is_named(cli: Any, lab: str, server: ModelServer) -> None:
    server.rules.models = ("scripted-2",)
    status, states, fix = findings(cli, lab)
    assert (status, states["model"]) == (15, "failed")
    assert 'model = "scripted-2"' in fix


def test_a_wrong_key_is_told_from_no_connection(cli: Any, lab: str, server: ModelServer) -> None:
    server.rules.key = "secret"
    status, states, fix = findings(cli, lab)
    assert (status, states) == (15, {"signed in": "failed"})
    assert fix


def test_a_server_that_is_not_there(cli: Any) -> None:
    cli("endpoints", "add", "gone", "--url", "http://127.0.0.1:9/v1", "--model", "m")
    status, states, fix = findings(cli, "gone")
    assert (status, states) == (15, {"reachable": "failed"})
    assert fix


def test_a_key_that_is_not_set_is_a_matter_of_settings(cli: Any) -> None:
    url = "http://127.0.0.1:9/v1"
    cli("endpoints", "add", "k", "--url", url, "--model", "m", "--key-env", "LAB_KEY")
    status, states, fix = findings(cli, "k")
    assert (status, states) == (15, {"settings": "failed"})
    assert "LAB_KEY" in fix


def test_a_check_for_a_person_shows_what_to_do(cli: Any, lab: str, server: ModelServer) -> None:
    server.say(READY).say({"left": "blue", "right": "blue"})
    said = cli("endpoints", "check", lab)
    assert said.out.startswith("lab\n  ok     reachable")
    assert "  failed picture" in said.out


def test_the_reader_can_be_checked(cli: Any) -> None:
    status, states, _ = findings(cli, "reader")
    assert (status, states) == (0, {"installed": "ok", "picture": "ok"})


def test_an_unknown_endpoint_is_wrong_usage(cli: Any) -> None:
    said = cli("endpoints", "check", "nope")
    assert (said.status, said.out) == (2, "")
    assert "There are: reader." in said.err


def test_without_a_name_it_says_how_to_go_on(cli: Any) -> None:
    said = cli("endpoints", "add")
    assert (said.status, said.out) == (2, "")
    assert "visiontools endpoints add home" in said.err


def test_a_person_is_asked_for_what_is_missing(cli: Any, home: Path) -> None:
    typed = b"home\nollama\n\nmy-model\n"
    assert cli("endpoints", "add", stdin=typed, typed=True).status == 0
    entry = tomllib.loads((home / "visiontools.toml").read_text())["endpoints"]["home"]
    assert (entry["profile"], entry["model"]) == ("ollama", "my-model")

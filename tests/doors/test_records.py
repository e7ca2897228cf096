"""`visiontools records`: what was asked can be found, asked again, compared and deleted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from visiontools.types import Record


@pytest.fixture
def first(cli: Any, shelf: str, picture: str, seen: str) -> str:
    return str(cli("run", shelf, picture, "--observation", seen, "--json").json["id"])


@pytest.fixture
def second(cli: Any, shelf: str, picture: str, first: str) -> str:
    more = json.dumps({"things": [{"name": "plum", "count": 9}]}).encode()
    said = cli("run", shelf, picture, "--observation", "-", "--json", stdin=more)
    return str(said.json["id"])


def test_without_records_the_list_says_how_to_make_one(cli: Any) -> None:
    assert "visiontools run" in cli("records", "list").out
    assert cli("records", "list", "--json").json == []


def test_the_list_is_newest_first_and_can_be_narrowed(cli: Any, first: str, second: str) -> None:
    listed = cli("records", "list", "--json").json
    assert [Record.model_validate(each).id for each in listed] == [second, first]
    assert [r["id"] for r in cli("records", "list", "--limit", "1", "--json").json] == [second]
    assert cli("records", "list", "--tool", "diet", "--json").json == []
    assert cli("records", "list", "--outcome", "refused", "--json").json == []
    assert first[:8] in cli("records", "list").out


def test_a_record_is_shown_as_its_run_was(cli: Any, first: str) -> None:
    shown = cli("records", "show", first[:6])
    assert shown.status == 0
    assert shown.out.startswith("4 in all; most are 'apple' (3).")
    assert cli("records", "show", first, "--json").json["id"] == first


def test_a_record_outlives_its_tool(cli: Any, first: str, home: Path) -> None:
    (home / "tools" / "shelf.py").unlink()
    shown = cli("records", "show", first)
    assert shown.status == 0
    assert '"total": 4' in shown.out
    assert "cannot show this answer any more" in shown.out


def test_a_replay_is_a_new_record_of_the_same_request(cli: Any, first: str) -> None:
    said = cli("records", "replay", first, "--json")
    assert said.status == 0
    assert said.json["id"] != first
    assert said.json["answer"]["total"] == 4
    assert cli("records", "diff", first, said.json["id"], "--json").json == []


def test_a_replay_elsewhere_tells_its_outcome_by_its_status(cli: Any, first: str) -> None:
    assert cli("records", "replay", first, "--endpoint", "reader").status == 15


def test_what_differs_is_named_field_by_field(cli: Any, first: str, second: str) -> None:
    differences = cli("records", "diff", first, second, "--json").json
    assert {"pointer": "/answer/total", "was": 4, "now": 9} in differences
    assert "/answer/total" in cli("records", "diff", first, second).out
    assert "the same" in cli("records", "diff", first, first).out


def test_a_deleted_record_is_gone_and_the_others_stay(cli: Any, first: str, second: str) -> None:
    assert cli("records", "delete", first, "--yes").status == 0
    assert [r["id"] for r in cli("records", "list", "--json").json] == [second]
    gone = cli("records", "show", first)
    assert (gone.status, gone.out) == (2, "")
    assert "There is no record" in gone.err


def test_a_program_deletes_only_if_it_says_so(cli: Any, first: str) -> None:
    said = cli("records", "delete", first)
    assert (said.status, said.out) == (2, "")
    assert "--yes" in said.err
    assert cli("records", "show", first).status == 0


def test_nothing_is_deleted_where_one_name_is_wrong(cli: Any, first: str) -> None:
    assert cli("records", "delete", first, "0" * 12, "--yes").status == 2
    assert cli("records", "show", first).status == 0


def test_a_person_is_asked_before_deleting(cli: Any, first: str) -> None:
    refused = cli("records", "delete", first, stdin=b"n\n", typed=True)
    assert refused.status == 17
    assert cli("records", "show", first).status == 0
    assert cli("records", "delete", first, stdin=b"y\n", typed=True).status == 0
    assert cli("records", "show", first).status == 2


@pytest.mark.parametrize("command", ["show", "replay", "delete"])
@pytest.mark.parametrize("name", ["", "abc", "00000000-0000", "%", "no such"])
def test_a_name_that_fits_no_record_is_wrong_usage(cli: Any, command: str, name: str) -> None:
    said = cli("records", command, name)
    assert (said.status, said.out) == (2, "")
    assert said.err.startswith("Error: ")


def test_a_program_is_told_what_was_deleted(cli: Any, first: str, second: str) -> None:
    said = cli("records", "delete", first, second, first[:8], "--yes", "--json")
    assert (said.status, said.json) == (0, {"deleted": [first, second]})


def test_what_only_one_record_has_is_named_and_nothing_empty(
    cli: Any, home: Path, first: str, shelf: str, picture: str
) -> None:
    """A run that nobody could answer has no checks: no line says so."""
    failed = cli("run", shelf, picture, "--json").json
    assert failed["checks"] == []
    pointers = {
        each["pointer"] for each in cli("records", "diff", first, failed["id"], "--json").json
    }
    assert any(pointer.startswith("/checks/") for pointer in pointers)
    assert "/checks" not in pointers
    assert "{}" not in cli("records", "diff", first, failed["id"]).out

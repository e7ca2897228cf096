"""`visiontools database status` and `upgrade`, for both kinds of database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from visiontools.store.schema import VERSION
from visiontools.testing.postgres import PostgresServer


@pytest.fixture
def database(database_url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Each kind of database, as the settings name it."""
    if database_url:
        monkeypatch.setenv("VISIONTOOLS_DATABASE", database_url)
    return database_url


def test_a_new_database_is_made_by_whoever_is_first(
    cli: Any, database: str, shelf: str, picture: str, seen: str
) -> None:
    found = cli("database", "status", "--json").json
    assert (found["state"], found["version"], found["wanted"]) == ("new", None, VERSION)
    assert found["server"].startswith("postgresql 1" if database else "sqlite 3.")
    run = cli("run", shelf, picture, "--observation", seen, "--json").json
    assert cli("database", "status", "--json").json["state"] == "ready"
    assert cli("records", "show", run["id"], "--json").json == run
    assert "up to date" in cli("database", "upgrade").err


def test_by_hand_it_is_made_by_the_command_only(
    cli: Any, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_DATABASE_UPGRADE", "manual")
    refused = cli("records", "list")
    assert refused.status == 2
    assert "'visiontools database upgrade'" in refused.err
    assert "make its tables with 'visiontools" in " ".join(cli("database", "status").out.split())
    assert "upgraded from no version to" in cli("database", "upgrade").err
    assert cli("records", "list", "--json").json == []


@pytest.mark.parametrize("command", ["status", "upgrade"])
def test_what_is_wrong_is_said_without_the_password(
    cli: Any, command: str, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = postgres.url(user="guarded", password="marmalade")
    monkeypatch.setenv("VISIONTOOLS_DATABASE", url)
    said = cli("database", command)
    assert said.status == 2
    assert "does not accept user 'guarded' and the password" in said.err
    assert "marmalade" not in said.err


def test_a_newer_database_is_told_and_left_alone(cli: Any, home: Path) -> None:
    cli("database", "upgrade")
    with closing(sqlite3.connect(home / "data" / "records.sqlite3")) as connection:
        connection.execute("UPDATE visiontools_version SET version_num = '9999'")
        connection.commit()
    assert cli("database", "status", "--json").json["state"] == "newer"
    for command in (("database", "upgrade"), ("records", "list")):
        said = cli(*command)
        assert said.status == 2
        assert "is of version 9999, which is newer than this program's" in said.err

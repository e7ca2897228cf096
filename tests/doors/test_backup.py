"""Backing up and restoring by the lines of docs/database.md, and `visiontools records check`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.testing.postgres import PostgresServer
from visiontools.testing.storage_server import StorageServer

ROOT = Path(__file__).parents[2]
CHAPTER = (ROOT / "docs" / "database.md").read_text("utf-8").partition("## Backup and restore")[2]
BACK_UP, RESTORE = re.findall(r"^```sh\n(.*?)^```", CHAPTER, re.MULTILINE | re.DOTALL)[:2]

NAME = "rehearsal"
PICTURES = "pictures in the data folder"

Follow = Callable[..., None]
Made = Callable[[str], dict[str, Any]]


@pytest.fixture
def made(cli: Any, home: Path, shelf: str, seen: str) -> Made:
    """Make a record with a picture of that colour; what is seen on it is a person's."""

    def run(colour: str) -> dict[str, Any]:
        Image.new("RGB", (320, 240), colour).save(home / f"{colour}.png")
        record: dict[str, Any] = cli(
            "run", shelf, f"{colour}.png", "--observation", seen, "--json"
        ).json
        return record

    return run


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def kind(
    request: pytest.FixtureRequest, home: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Each kind of database, by the name the page has for it."""
    if request.param == "PostgreSQL":
        server: PostgresServer = request.getfixturevalue("postgres")
        server.sql(f"CREATE DATABASE {NAME}")
        monkeypatch.setenv("VISIONTOOLS_DATABASE", server.url(database=NAME))
    yield request.param
    if request.param == "PostgreSQL":
        server.sql(f"DROP DATABASE {NAME} WITH (FORCE)")


@pytest.fixture
def follow(postgres: PostgresServer) -> Follow:
    """Run the page's lines that are for everybody, and those for what is named."""
    programs = (Path(sys.executable).parent, postgres.programs, os.environ["PATH"])
    path = os.pathsep.join(map(str, programs))

    def run(block: str, *named: str) -> None:
        lines = [tuple(map(str.strip, line.partition("  # "))) for line in block.splitlines()]
        assert set(named) < {remark for _, _, remark in lines}
        for command, _, remark in lines:
            if remark in ("", *named) or remark.startswith("where "):
                subprocess.run(["sh", "-c", command], check=True, env=os.environ | {"PATH": path})

    return run


def test_what_was_backed_up_comes_back_and_is_whole(
    cli: Any, home: Path, kind: str, made: Made, follow: Follow, postgres: PostgresServer
) -> None:
    records = [made("tan"), made("teal")]
    follow(BACK_UP, kind)
    later = made("red")
    follow(BACK_UP, PICTURES)
    assert cli("records", "delete", records[0]["id"], "--yes").status == 0

    def destroy() -> None:
        shutil.rmtree(home / "data", ignore_errors=True)
        if kind == "PostgreSQL":
            postgres.sql(f"DROP DATABASE {NAME} WITH (FORCE)", f"CREATE DATABASE {NAME}")

    destroy()
    assert cli("records", "list", "--json").json == []
    destroy()  # with what listing made

    follow(RESTORE, kind, PICTURES)
    assert cli("records", "list", "--json").json == records[::-1]  # a deleted one is back, too
    assert cli("records", "show", later["id"]).status == 2
    found = cli("records", "check", "--json")
    assert found.status == 0
    assert (found.json["records"], found.json["pictures"], found.json["lacking"]) == (2, 2, [])
    assert [name.rpartition("/")[2] for name in found.json["strays"]] == [sent(later)]

    gone = cli("records", "check", "--delete-strays", "--yes")
    assert (gone.status, "1, deleted for good" in gone.out) == (0, True)
    left = cli("records", "check", "--json").json
    assert (left["pictures"], left["lacking"], left["strays"]) == (2, [], [])
    assert len(list((home / "data" / "pictures").glob("*/*"))) == 2


def sent(record: dict[str, Any]) -> str:
    """The SHA-256 of its one picture, as it is kept."""
    (one,) = record["inputs"]
    return str(one["sent"]["sha256"])


def test_a_picture_that_is_gone_or_damaged_is_named_with_its_record(
    cli: Any, home: Path, made: Made
) -> None:
    gone, damaged, whole = made("tan"), made("teal"), made("red")
    (missing,) = (home / "data" / "pictures").glob(f"*/{sent(gone)}")
    missing.unlink()
    (changed,) = (home / "data" / "pictures").glob(f"*/{sent(damaged)}")
    changed.write_bytes(b"something else")
    found = cli("records", "check")
    assert found.status == 15
    told = " ".join(found.out.split())
    assert "1 of 3 are there" in told
    assert re.search(rf"{sent(gone)[:12]}\W+gone\W+{gone['id'][:8]}", told)
    assert re.search(rf"{sent(damaged)[:12]}\W+damaged\W+{damaged['id'][:8]}", told)
    assert sent(whole)[:12] not in told
    listed = cli("records", "check", "--json").json["lacking"]
    assert sorted(one["damaged"] for one in listed) == [False, True]


def test_pictures_in_a_bucket_are_checked_as_well(
    cli: Any, home: Path, made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    with StorageServer("pictures") as bucket:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", bucket.url)
        (home / "visiontools.toml").write_text('pictures = "gs://pictures/kept"\n')
        record = made("tan")
        (stored,) = bucket.remains()
        stray = replace(stored, name=f"kept/{'0' * 32}/{'1' * 64}", generation=1)
        elsewhere = replace(stored, name=f"other/{'0' * 32}/{'1' * 64}", generation=2)
        bucket._stored += [stray, elsewhere]
        assert cli("records", "check", "--json").json["strays"] == [stray.name[5:]]
        assert cli("records", "check", "--delete-strays", "--yes").status == 0
        assert bucket.remains() == [stored, elsewhere]
        stored.data = b""
        assert cli("records", "check").status == 15
        cli("records", "delete", record["id"], "--yes")
        assert cli("records", "check").status == 0


def test_a_database_that_knows_of_nothing_makes_no_strays(cli: Any, home: Path, made: Made) -> None:
    made("tan")
    for file in (home / "data").glob("records.sqlite3*"):
        file.unlink()
    refused = cli("records", "check", "--delete-strays", "--yes")
    assert (refused.status, "none was deleted" in refused.err) == (2, True)
    assert len(cli("records", "check", "--json").json["strays"]) == 1


def test_nobody_is_asked_where_nobody_types(cli: Any, home: Path, made: Made) -> None:
    said = cli("records", "check", "--delete-strays")
    assert (said.status, "Say --yes" in said.err) == (2, True)


def test_a_backup_overwrites_nothing_and_is_its_owners_alone(
    cli: Any, home: Path, made: Made
) -> None:
    nothing = cli("database", "backup", "copy.sqlite3")
    assert (nothing.status, "nothing to copy" in nothing.err) == (2, True)
    made("tan")
    assert cli("database", "backup", "copy.sqlite3").status == 0
    assert (home / "copy.sqlite3").stat().st_mode & 0o777 == 0o600
    again = cli("database", "backup", "copy.sqlite3")
    assert (again.status, "is there already" in again.err) == (2, True)
    nowhere = cli("database", "backup", "no/such/copy.sqlite3")
    assert (nowhere.status, "cannot be written" in nowhere.err) == (2, True)


def test_postgresql_is_left_to_its_own_program(
    cli: Any, made: Made, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_DATABASE", postgres_url)
    made("tan")
    said = cli("database", "backup", "a copy")
    assert said.status == 2
    assert "pg_dump --format=custom --file='a copy'" in " ".join(said.err.split())

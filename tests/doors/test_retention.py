"""`visiontools records prune` and `lifecycle`: what is old goes; the bucket can be told, too."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from visiontools.settings import Settings
from visiontools.store.records import Records
from visiontools.testing.storage_server import StorageServer
from visiontools.types import Upload


@pytest.fixture
def bucket(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StorageServer]:
    """A bucket that the settings name, and that Google's library finds."""
    with StorageServer("pictures") as server:
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
        (home / "visiontools.toml").write_text(
            'pictures = "gs://pictures/kept"\nretention_days = 30\n'
        )
        yield server


@pytest.fixture
def kept(cli: Any, shelf: str, picture: str, seen: str) -> str:
    return str(cli("run", shelf, picture, "--observation", seen, "--json").json["id"])


def _age(home: Path, record: str, days: int) -> None:
    made = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    with sqlite3.connect(home / "data" / "records.sqlite3") as connection:
        connection.execute(
            "UPDATE records SET created = ? WHERE id = ?", (f"{made:%Y-%m-%d %H:%M:%S.%f}", record)
        )
    connection.close()


def test_a_run_leaves_its_picture_in_the_bucket_until_it_is_deleted(
    cli: Any, home: Path, bucket: StorageServer, kept: str
) -> None:
    assert len(bucket.remains()) == 1
    assert not (home / "data" / "pictures").exists()
    assert cli("records", "replay", kept, "--json").status == 0
    (again, first) = cli("records", "list", "--json").json
    assert cli("records", "delete", again["id"], "--yes").status == 0
    assert len(bucket.remains()) == 1
    assert cli("records", "delete", first["id"], "--yes").status == 0
    assert bucket.remains() == []


def test_a_deleted_bucket_loses_no_answer(
    cli: Any, bucket: StorageServer, shelf: str, picture: str, seen: str
) -> None:
    bucket.bucket = None
    said = cli("run", shelf, picture, "--observation", seen)
    assert said.status == 0
    assert "4 in all" in said.out
    assert "there is no bucket gs://pictures" in " ".join(said.out.split())


def test_only_what_is_old_is_pruned(cli: Any, home: Path, bucket: StorageServer, kept: str) -> None:
    assert "Nothing is that old" in cli("records", "prune", "--yes").err
    nothing = {"deleted": 0, "days": 30}
    assert cli("records", "prune", "--yes", "--json").json == nothing
    _age(home, kept, 31)
    assert "older than 40 days" not in cli("records", "prune", "--days", "40", "--yes").err
    assert cli("records", "show", kept).status == 0
    pruned = cli("records", "prune", "--yes")
    assert (pruned.status, pruned.out) == (0, "")
    assert "Deleted one record older than 30 days." in pruned.err
    assert cli("records", "list", "--json").json == []
    assert bucket.remains() == []


def test_files_that_were_attached_and_never_sent_go_too(cli: Any, bucket: StorageServer) -> None:
    yesterday = dt.datetime.now(dt.UTC) - dt.timedelta(hours=25)

    async def attached() -> None:
        records = Records.open(Settings.load().kept)
        await records.uploads("ann").put(Upload(b"old", "old.txt"), yesterday)
        await records.uploads("ann").put(Upload(b"new", "new.txt"), yesterday)
        await records.close()

    asyncio.run(attached())
    assert len(bucket.remains()) == 2
    assert "Nothing is that old" in cli("records", "prune", "--yes").err
    assert bucket.remains() == []


def test_a_person_is_asked_before_pruning_and_a_program_says_so(
    cli: Any, home: Path, bucket: StorageServer, kept: str
) -> None:
    _age(home, kept, 31)
    assert "--yes" in cli("records", "prune").err
    assert cli("records", "prune", stdin=b"n\n", typed=True).status == 17
    assert cli("records", "show", kept).status == 0
    pruned = cli("records", "prune", "--json", stdin=b"y\n", typed=True)
    assert pruned.json == {"deleted": 1, "days": 30}
    assert cli("records", "show", kept).status == 2


def test_without_a_number_of_days_nothing_is_pruned(cli: Any) -> None:
    said = cli("records", "prune", "--yes")
    assert said.status == 2
    assert "retention_days" in said.err


def test_a_half_deleted_record_is_finished_by_deleting_it_again(
    cli: Any, bucket: StorageServer, kept: str
) -> None:
    bucket.denied = {"delete"}
    said = cli("records", "delete", kept, "--yes")
    assert said.status == 2
    assert "roles/storage.objectUser" in said.err
    assert f"visiontools records delete {kept}" in cli("records", "show", kept).err
    assert cli("records", "list", "--json").json == []
    bucket.denied = set()
    assert cli("records", "delete", kept, "--yes").status == 0
    assert bucket.remains() == []


def test_the_rules_for_the_bucket_count_from_the_last_use(cli: Any, bucket: StorageServer) -> None:
    said = cli("records", "lifecycle")
    rules = json.loads(said.out)["rule"]
    assert rules[0] == {
        "action": {"type": "Delete"},
        "condition": {"daysSinceCustomTime": 31, "matchesPrefix": ["kept/"]},
    }
    assert all(rule["condition"]["matchesPrefix"] == ["kept/"] for rule in rules)
    assert "--lifecycle-file=lifecycle.json" in said.err
    assert "--clear-soft-delete" in said.err


def test_a_folder_has_no_lifecycle(cli: Any) -> None:
    said = cli("records", "lifecycle", "--days", "30")
    assert (said.status, said.out) == (2, "")
    assert "records prune" in said.err


def test_a_place_that_is_none_is_named(cli: Any, home: Path) -> None:
    (home / "visiontools.toml").write_text('pictures = "s3://pictures"\n')
    said = cli("records", "list")
    assert said.status == 2
    assert "gs://BUCKET/PREFIX" in said.err

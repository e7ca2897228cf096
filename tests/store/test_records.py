"""Records are kept, found, held to their owner, and deleted so that nothing remains."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import os
import sqlite3
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from visiontools.errors import ConfigurationError, UsageError
from visiontools.store import sqlite
from visiontools.store.database import Database
from visiontools.store.diff import diff
from visiontools.store.pictures import PictureFolder
from visiontools.store.records import Kept, Records
from visiontools.store.schema import metadata, records
from visiontools.types import Asked, Outcome, Picture, Record, Source

SECRET = "marmalade-7731"


@pytest.fixture
def store(tmp_path: Path, database: Database) -> Records:
    return Records(tmp_path / "store", database=database)


def _picture(data: bytes = b"picture " + SECRET.encode()) -> Picture:
    sha256 = hashlib.sha256(data).hexdigest()
    return Picture(data, "image/png", 3, 2, sha256, (Source("ab" * 32, 30, 20, "A"),), ("a note",))


def _record(owner: str = "local", **more: object) -> Record:
    given: dict[str, object] = {
        "id": str(uuid.uuid4()),
        "created": dt.datetime.now(dt.UTC),
        "owner": owner,
        "tool": "diet",
        "tool_version": "1",
        "request": Asked(ask=SECRET),
        "outcome": Outcome.ANSWERED,
        "message": f"It says {SECRET}.",
    }
    return Record.model_validate(given | more)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def _remains(folder: Path) -> list[Path]:
    return [path for path in _files(folder) if SECRET.encode() in path.read_bytes()]


def _open_to_all(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o755)  # whatever the umask is
    return folder


async def test_a_record_comes_back_as_it_was_kept_with_its_pictures(store: Records) -> None:
    record, picture = _record(), _picture()
    await store.keep(Kept(record, (picture,)))
    assert await store.find("local", record.id) == record
    assert await store.pictures(record) == (picture,)
    assert await store.links(record) == (None,), "a folder has no addresses"


async def test_nobody_else_can_read_them_even_in_a_folder_all_can_look_into(
    tmp_path: Path,
) -> None:
    open_to_all = _open_to_all(tmp_path / "shared")
    store = Records(open_to_all)
    await store.keep(Kept(_record(), (_picture(),)))
    modes = {path.name: path.stat().st_mode & 0o077 for path in _files(open_to_all)}
    await store.close()
    assert set(modes.values()) == {0}
    assert "records.sqlite3-wal" in modes


async def test_a_prefix_of_six_characters_is_enough(store: Records) -> None:
    record = _record(id="abcdef12-0000-4000-8000-000000000000")
    await store.keep(Kept(record))
    assert (await store.find("local", "abcdef")).id == record.id
    with pytest.raises(UsageError, match="not enough"):
        await store.find("local", "abcde")
    with pytest.raises(UsageError, match="no record"):
        await store.find("local", "ffffff")


@pytest.mark.parametrize("name", ["", "%", "______", "' OR 1=1 --", "../../etc/passwd"])
async def test_a_strange_id_finds_nothing(store: Records, name: str) -> None:
    await store.keep(Kept(_record()))
    with pytest.raises(UsageError):
        await store.find("local", name)


async def test_one_owner_never_reaches_anothers_record(store: Records) -> None:
    record = _record("ann")
    await store.keep(Kept(record, (_picture(),), reuse_key="k"))
    assert await store.list("bob") == []
    assert await store.reusable("bob", "k") is None
    for attempt in (store.find("bob", record.id), store.delete("bob", record.id)):
        with pytest.raises(UsageError):
            await attempt
    assert await store.find("ann", record.id) == record


async def _texts(store: Records) -> list[str]:
    """Everything every table holds."""

    def read(connection: Connection) -> list[str]:
        return [
            str(tuple(r)) for t in metadata.sorted_tables for r in connection.execute(select(t))
        ]

    return await store.database.read(read)


async def test_a_deleted_record_leaves_nothing_in_tables_or_on_disk(
    store: Records, tmp_path: Path
) -> None:
    record, other = _record(), _record(request=Asked(ask="another"), message="Fine.")
    await store.keep(Kept(record, (_picture(),), reuse_key="k"))
    await store.keep(Kept(other))
    assert _remains(tmp_path), "the test must be able to see what it looks for"
    assert any(SECRET in text for text in await _texts(store))
    await store.delete("local", record.id)
    assert _remains(tmp_path) == []
    assert not any(SECRET in text or record.id in text for text in await _texts(store))
    assert await store.list("local") == [other]
    with pytest.raises(UsageError):
        await store.find("local", record.id)


async def test_a_picture_stays_while_another_record_shows_it(
    store: Records, tmp_path: Path
) -> None:
    first, second, of_ann = _record(), _record(), _record("ann")
    for record in (first, second, of_ann):
        await store.keep(Kept(record, (_picture(),)))
    await store.delete("local", first.id)
    assert await store.pictures(second) == (_picture(),)
    await store.delete("local", second.id)
    assert await store.pictures(of_ann) == (_picture(),)
    await store.delete("ann", of_ann.id)
    assert _remains(tmp_path) == []


async def test_records_kept_at_the_same_moment_all_arrive(store: Records) -> None:
    made = [_record() for _ in range(50)]
    await asyncio.gather(*(store.keep(Kept(record, (_picture(),))) for record in made))
    assert {r.id for r in await store.list("local")} == {r.id for r in made}


async def test_a_record_that_cannot_be_kept_takes_no_other_along(store: Records) -> None:
    taken = _record()
    await store.keep(Kept(taken))
    made = [_record() for _ in range(5)]
    keeping = [store.keep(Kept(each, (_picture(),))) for each in (*made[:2], taken, *made[2:])]
    came = await asyncio.gather(*keeping, return_exceptions=True)
    assert [isinstance(each, ConfigurationError) for each in came] == [False] * 2 + [True] + [
        False
    ] * 3
    assert {r.id for r in await store.list("local")} == {r.id for r in (taken, *made)}


async def test_a_record_another_program_deletes_before_its_picture_is_there_leaves_nothing(
    store: Records, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, other = _record(), Database.at(database_url, tmp_path / "store")
    put_now = PictureFolder.put_now

    def put(folder: PictureFolder, owner: str, picture: Picture) -> None:
        meanwhile = Records(tmp_path / "store", database=other)
        with ThreadPoolExecutor(1) as elsewhere:
            elsewhere.submit(asyncio.run, meanwhile.delete("local", record.id)).result()
        put_now(folder, owner, picture)

    monkeypatch.setattr(PictureFolder, "put_now", put)
    await store.keep(Kept(record, (_picture(),)))
    assert await store.list("local") == []
    assert _remains(tmp_path) == []
    await other.close()


async def test_the_list_is_newest_first_and_filtered(store: Records) -> None:
    now = dt.datetime.now(dt.UTC)
    old = _record(created=now - dt.timedelta(days=1), tool="fridge")
    new = _record(created=now, outcome=Outcome.PARTLY)
    for record in (old, new):
        await store.keep(Kept(record))
    assert await store.list("local") == [new, old]
    assert await store.list("local", tool="fridge") == [old]
    assert await store.list("local", outcome=Outcome.PARTLY) == [new]
    assert await store.list("local", limit=1) == [new]


async def test_the_newest_record_of_a_request_answers_it_again(store: Records) -> None:
    old = _record(created=dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    new = _record()
    for record in (new, old):
        await store.keep(Kept(record, reuse_key="same"))
    assert await store.reusable("local", "same") == new
    assert await store.reusable("local", "other") is None


def test_a_difference_names_the_field_and_both_values() -> None:
    a = _record(answer={"parts": [{"name": "door"}], "cost": 1})
    b = _record(answer={"parts": [{"name": "roof"}], "cost": 1})
    assert [(d.pointer, d.was, d.now) for d in diff(a, b)] == [
        ("/answer/parts/0/name", "door", "roof")
    ]
    assert diff(a, a) == []


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE records (id TEXT PRIMARY KEY, owner TEXT, body TEXT)",
        "CREATE VIEW records AS SELECT 1 AS id",
        "CREATE TABLE record_pictures (record_id TEXT, picture BLOB NOT NULL)",
    ],
)
def test_a_database_of_another_shape_is_explained_and_left_as_it_is(
    tmp_path: Path, statement: str
) -> None:
    with sqlite3.connect(tmp_path / "records.sqlite3") as other:
        other.execute(statement)
    with pytest.raises(ConfigurationError, match="another program made: its table"):
        Records(tmp_path)
    assert other.execute("SELECT count(*) FROM sqlite_schema WHERE sql LIKE ?", [statement])
    other.close()


def test_a_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite3").write_bytes(b"not a database " * 100)
    with pytest.raises(ConfigurationError, match="not a database"):
        Records(tmp_path)


async def test_a_record_of_another_version_is_left_out_explained_and_deletable(
    store: Records, tmp_path: Path
) -> None:
    old, new = _record(), _record()
    await store.keep(Kept(old, (_picture(),), "k"))
    written = update(records).values(body='{"novel": "' + SECRET + '"}')
    await store.database.write(lambda connection: connection.execute(written).rowcount)
    await store.keep(Kept(new))
    assert await store.list("local") == [new]
    assert await store.reusable("local", "k") is None
    with pytest.raises(UsageError, match="another version"):
        await store.find("local", old.id)
    await store.delete("local", old.id)
    await store.delete("local", new.id)
    assert _remains(tmp_path) == []


async def test_a_deletion_that_another_program_keeps_from_being_complete_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_MS", 50)
    store, record = Records(tmp_path), _record()
    await store.keep(Kept(record))
    reader = sqlite3.connect(tmp_path / "records.sqlite3")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM records").fetchone()
    with pytest.raises(ConfigurationError, match="keeps its text"):
        await store.delete("local", record.id)
    reader.close()
    await store.close()
    assert _remains(tmp_path) == []


async def test_a_run_that_cannot_be_kept_whole_leaves_nothing(
    store: Records, tmp_path: Path
) -> None:
    record = _record()
    await store.keep(Kept(record))
    with pytest.raises(ConfigurationError):
        await store.keep(Kept(record, (_picture(),)))  # the id is taken
    assert not list((tmp_path / "store" / "pictures").rglob("*"))


async def test_what_a_killed_program_left_half_written_is_swept_away(
    store: Records, tmp_path: Path
) -> None:
    folder = tmp_path / "store" / "pictures"
    folder.mkdir(parents=True)
    for name, age in (("old.half", 3600), ("new.half", 0)):
        (folder / name).write_bytes(SECRET.encode())
        os.utime(folder / name, (time.time() - age,) * 2)
    await store.keep(Kept(_record(), (_picture(),)))
    assert [path.name for path in folder.glob("*.half")] == ["new.half"]


async def test_a_picture_whose_writing_was_cut_off_is_made_whole_by_the_next_run(
    store: Records, tmp_path: Path
) -> None:
    record, picture = _record(), _picture()
    await store.keep(Kept(record, (picture,)))
    (file,) = [path for path in (tmp_path / "store" / "pictures").rglob("*") if path.is_file()]
    file.write_bytes(picture.data[:5])
    with pytest.raises(ConfigurationError, match="again with --again"):
        await store.pictures(record)
    await store.keep(Kept(_record(), (picture,)))
    (kept,) = await store.pictures(record)
    assert kept.data == picture.data

"""What is attached waits for its owner, at every process, and not for ever."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from visiontools.errors import ConfigurationError, StorageError
from visiontools.store.database import Database
from visiontools.store.pictures import PictureFolder
from visiontools.store.records import Kept, Records
from visiontools.store.schema import uploads
from visiontools.testing.storage_server import StorageServer
from visiontools.types import Asked, Outcome, Picture, Record, Upload

NOW = dt.datetime(2026, 11, 25, 12, tzinfo=dt.UTC)
PNG = Upload(b"\x89PNG and so on", "a.png")


@pytest.fixture
def kept(database: Database, tmp_path: Path) -> Records:
    return Records(tmp_path / "store", database=database)


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(uploads)) or 0


def _files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "store" / "pictures").rglob("*") if path.is_file()]


async def test_a_file_is_the_owners_alone(kept: Records, tmp_path: Path) -> None:
    ann, ben = kept.uploads("ann"), kept.uploads("ben")
    file = await ann.put(PNG)
    assert await ann.get(file.upper()) == PNG
    assert await ben.get(file) is None
    await ben.drop(file)
    assert await ann.get(file) == PNG
    await ann.drop(file)
    assert await ann.get(file) is None
    await ann.drop(file)
    assert await kept.database.read(_count) == 0
    assert _files(tmp_path) == []
    assert await ann.get(str(uuid.uuid4())) is None


async def test_the_same_file_attached_twice_is_there_until_both_are_gone(
    kept: Records, tmp_path: Path
) -> None:
    ann = kept.uploads("ann")
    one, two = await ann.put(PNG), await ann.put(Upload(PNG.data, "b.png"))
    await ann.drop(one)
    assert await ann.get(two) == Upload(PNG.data, "b.png")
    await ann.drop(two)
    assert _files(tmp_path) == []


async def test_files_nobody_sent_go_after_a_day(kept: Records, tmp_path: Path) -> None:
    ann, ben = kept.uploads("ann"), kept.uploads("ben")
    old = await ann.put(PNG, NOW - dt.timedelta(hours=25))
    new = await ann.put(Upload(b"new", "new.png"), NOW - dt.timedelta(hours=23))
    await ben.put(PNG, NOW)
    assert await ann.get(old) is None
    assert await ann.get(new) is not None
    assert len(_files(tmp_path)) == 2


async def test_only_so_many_are_kept_of_one_person(kept: Records) -> None:
    ann, ben = kept.uploads("ann"), kept.uploads("ben")
    other = await ben.put(PNG, NOW)
    files = [await ann.put(PNG, NOW + dt.timedelta(seconds=n)) for n in range(66)]
    assert await kept.database.read(_count) == 65
    assert [await ann.get(file) is None for file in files[:3]] == [True, True, False]
    assert await ben.get(other) is not None


def _record(picture: Picture) -> Kept:
    record = Record(
        id=str(uuid.uuid4()),
        created=NOW,
        owner="ann",
        tool="diet",
        tool_version="1",
        request=Asked(),
        outcome=Outcome.ANSWERED,
        message="Yes.",
    )
    return Kept(record, (picture,), None)


async def test_a_picture_of_a_record_that_is_attached_again_outlives_either(
    kept: Records, picture: Callable[..., Picture], tmp_path: Path
) -> None:
    """A prepared picture can be downloaded, and handed in again."""
    shown = picture()
    ann = kept.uploads("ann")
    first = await kept.keep(_record(shown))
    file = await ann.put(Upload(shown.data, "again.png"))
    await kept.delete("ann", first.id)
    assert await ann.get(file) is not None
    second = await kept.keep(_record(shown))
    await ann.drop(file)
    assert await kept.pictures(second) == (shown,)
    await kept.delete("ann", second.id)
    assert _files(tmp_path) == []


class Failing(PictureFolder):
    """A store that deletes nothing while it is silent."""

    silent = False

    async def delete(self, *given: Any) -> None:
        if self.silent:
            raise StorageError("The bucket does not answer.")
        await super().delete(*given)


async def test_what_was_interrupted_is_finished_with_the_next_file(
    database: Database, tmp_path: Path
) -> None:
    shelf = Failing(tmp_path / "store" / "pictures")
    kept = Records(tmp_path / "store", shelf, database)
    ann = kept.uploads("ann")
    file = await ann.put(PNG)
    shelf.silent = True
    with pytest.raises(StorageError):
        await ann.drop(file)
    assert await ann.get(file) is None
    assert len(_files(tmp_path)) == 1
    other = await ann.put(Upload(b"other", "other.png"))
    assert await ann.get(other) is not None
    shelf.silent = False
    await kept.uploads("ben").put(Upload(b"third", "third.png"))
    assert len(_files(tmp_path)) == 2
    assert await database.read(_count) == 2


async def test_another_process_finds_it_in_the_bucket(
    database: Database, opened: Callable[..., Any], server: StorageServer, tmp_path: Path
) -> None:
    one = Records(tmp_path / "one", opened(server.url), database)
    other = Records(tmp_path / "other", opened(server.url), database)
    file = await one.uploads("ann").put(PNG)
    assert await other.uploads("ann").get(file) == PNG
    await other.uploads("ann").drop(file)
    assert await one.uploads("ann").get(file) is None
    assert server.remains() == []


async def test_a_folder_that_cannot_be_used_is_said(database: Database, tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"")
    kept = Records(tmp_path / "taken", database=database)
    with pytest.raises(ConfigurationError, match="cannot be used"):
        await kept.uploads("ann").put(PNG)

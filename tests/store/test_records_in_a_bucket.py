"""Records whose pictures are in a bucket: kept whole, deleted whole, and never an answer lost."""

from __future__ import annotations

import asyncio
import datetime as dt
import uuid
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from visiontools.errors import ConfigurationError, StorageError, UsageError
from visiontools.store.database import Database
from visiontools.store.pictures.cloud import CloudPictures, Patience
from visiontools.store.records import Kept, Records
from visiontools.store.schema import pictures
from visiontools.testing.storage_faults import LOSE_REPLY, Fail, FaultProxy
from visiontools.testing.storage_server import StorageServer
from visiontools.types import Asked, Outcome, Picture, Record

SECRET = "marmalade-7731"
SHORT = Patience(deadline_s=0.6, request_s=0.3, first_s=0.01)
Make = Callable[..., Picture]


@pytest.fixture
async def store(
    tmp_path: Path, database: Database, opened: Callable[..., CloudPictures], proxy: FaultProxy
) -> AsyncIterator[Records]:
    records = Records(tmp_path / "store", opened(proxy.url, patience=SHORT), database)
    yield records
    await records.close()


def _record(owner: str = "local", days: float = 0) -> Record:
    return Record(
        id=str(uuid.uuid4()),
        created=dt.datetime.now(dt.UTC) - dt.timedelta(days=days),
        owner=owner,
        tool="diet",
        tool_version="1",
        request=Asked(ask=SECRET),
        outcome=Outcome.ANSWERED,
        message=f"It says {SECRET}.",
    )


def _text_remains(folder: Path) -> bool:
    return any(SECRET.encode() in p.read_bytes() for p in folder.rglob("*") if p.is_file())


async def test_a_run_is_kept_and_deleted_whole(
    store: Records, server: StorageServer, picture: Make, tmp_path: Path
) -> None:
    record, pictures = _record(), (picture(b"one"), picture(b"two"))
    assert await store.keep(Kept(record, pictures)) == record
    assert await store.pictures(record) == pictures
    await store.delete("local", record.id)
    assert server.remains() == []
    assert not _text_remains(tmp_path)


async def test_a_picture_stays_while_another_record_of_its_owner_shows_it(
    store: Records, server: StorageServer, picture: Make
) -> None:
    first, second, of_ann = _record(), _record(), _record("ann")
    for record in (first, second, of_ann):
        await store.keep(Kept(record, (picture(),)))
    assert len(server.remains()) == 2
    await store.delete("local", first.id)
    assert await store.pictures(second) == (picture(),)
    await store.delete("local", second.id)
    assert await store.pictures(of_ann) == (picture(),)
    await store.delete("ann", of_ann.id)
    assert server.remains() == []


async def test_an_answer_is_not_lost_with_its_picture(
    store: Records, server: StorageServer, picture: Make
) -> None:
    server.bucket = None
    record = _record()
    kept = await store.keep(Kept(record, (picture(),), "key"))
    (note,) = kept.notes
    assert note.startswith("Of this run only the record was kept. A picture could not be kept: ")
    assert "gs://pictures" in note
    assert await store.find("local", record.id) == kept
    assert await store.reusable("local", "key") == kept
    server.bucket = "pictures"
    with pytest.raises(UsageError, match=r"is gone, or was never kept\. .*--again"):
        await store.pictures(kept)
    await store.keep(Kept(_record(), (picture(),)))  # the same picture, now that there is a bucket
    assert await store.pictures(kept) == (picture(),)


async def test_a_picture_that_cannot_be_deleted_now_can_be_later(
    store: Records, server: StorageServer, proxy: FaultProxy, picture: Make, tmp_path: Path
) -> None:
    record, other = _record(), _record()
    await store.keep(Kept(record, (picture(),), "key"))
    await store.keep(Kept(other))
    proxy.always(Fail(503))
    with pytest.raises(StorageError, match="The text of one record is deleted, but not"):
        await store.delete("local", record.id)
    assert await store.list("local") == [other]
    assert await store.reusable("local", "key") is None
    with pytest.raises(UsageError, match=f"visiontools records delete {record.id}"):
        await store.find("local", record.id)
    await store.delete("local", other.id)
    assert not _text_remains(tmp_path), "the text is gone at once"
    proxy.always(None)
    await store.delete("local", record.id)
    assert server.remains() == []
    with pytest.raises(UsageError, match="There is no record"):
        await store.find("local", record.id)


async def test_an_upload_nobody_confirmed_is_deleted_with_its_record(
    store: Records, server: StorageServer, proxy: FaultProxy, picture: Make
) -> None:
    proxy.always(LOSE_REPLY)
    kept = await store.keep(Kept(_record(), (picture(),)))
    assert kept.notes
    assert server.remains(), "the test must have written what it is about"
    proxy.always(None)
    await store.delete("local", kept.id)
    assert server.remains() == []


async def test_a_record_deleted_while_its_picture_is_on_the_way_leaves_nothing(
    store: Records, server: StorageServer, picture: Make
) -> None:
    for _ in range(5):
        record = _record()
        keeping = asyncio.create_task(store.keep(Kept(record, (picture(),))))
        while not await store.list("local"):  # noqa: ASYNC110  (its row is what is waited for)
            await asyncio.sleep(0)
        await asyncio.gather(keeping, store.delete("local", record.id))
        assert server.remains() == []


async def test_keeping_and_deleting_the_same_picture_at_once_loses_none(
    store: Records, server: StorageServer, picture: Make
) -> None:
    last = _record()
    await store.keep(Kept(last, (picture(),)))
    for _ in range(8):
        record = _record()
        await asyncio.gather(store.delete("local", last.id), store.keep(Kept(record, (picture(),))))
        assert await store.pictures(record) == (picture(),)
        last = record
    await store.delete("local", last.id)
    assert server.remains() == []


async def test_what_is_old_is_deleted_owner_by_owner(
    store: Records, server: StorageServer, picture: Make
) -> None:
    old, new, of_ann = _record(days=31), _record(days=29), _record("ann", days=31)
    for record in (old, new, of_ann):
        await store.keep(Kept(record, (picture(),)))
    than = dt.datetime.now(dt.UTC) - dt.timedelta(days=30)
    assert sorted(await store.owners()) == ["ann", "local"]
    assert await store.older("local", than) == [old.id]
    assert await store.prune("local", than) == 1
    assert await store.list("local") == [new]
    assert await store.pictures(new) == (picture(),)
    assert await store.pictures(of_ann) == (picture(),)
    assert await store.prune("ann", than) == 1
    assert len(server.remains()) == 1


async def test_pruning_finishes_what_was_half_deleted(
    store: Records, server: StorageServer, proxy: FaultProxy, picture: Make
) -> None:
    record = _record()
    await store.keep(Kept(record, (picture(),)))
    proxy.always(Fail(503))
    with pytest.raises(ConfigurationError):
        await store.delete("local", record.id)
    proxy.always(None)
    assert await store.prune("local", dt.datetime(2000, 1, 1, tzinfo=dt.UTC)) == 1
    assert server.remains() == []
    count = select(func.count()).select_from(pictures)
    assert await store.database.read(lambda connection: connection.scalar(count)) == 0


async def test_many_old_records_go_at_once(
    store: Records, server: StorageServer, picture: Make
) -> None:
    kept = [Kept(_record(days=40), (picture(b"%d" % (n % 30)),)) for n in range(60)]
    await asyncio.gather(*(store.keep(each) for each in kept))
    assert len(server.remains()) == 30
    assert await store.prune("local", dt.datetime.now(dt.UTC)) == 60
    assert server.remains() == []

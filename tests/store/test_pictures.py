"""What every picture store promises, whichever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from visiontools.errors import ConfigurationError, StorageError
from visiontools.store.pictures import PictureFolder, PictureStore, bucket_of, open_pictures
from visiontools.store.pictures.places import Bucket, path_of
from visiontools.types import Picture

Make = Callable[..., Picture]


async def _nobody() -> bool:
    return False


async def _somebody() -> bool:
    return True


async def _is_gone(shelf: PictureStore, owner: str, sha256: str) -> bool:
    try:
        await shelf.get(owner, sha256)
    except FileNotFoundError:
        return True
    return False


async def test_a_picture_comes_back_as_it_was_put(shelf: PictureStore, picture: Make) -> None:
    for data in (b"small", bytes(range(256)) * 100, b"\r\n--boundary--\r\n"):
        await shelf.put("ann", picture(data))
        assert await shelf.get("ann", picture(data).sha256) == data


async def test_a_picture_larger_than_one_request_comes_back(
    shelf: PictureStore, picture: Make
) -> None:
    large = picture(b"0123456789abcdef" * (9 * 2**16))  # 9 MiB: Google's library sends it apart
    for _ in range(2):
        await shelf.put("ann", large)
    assert await shelf.get("ann", large.sha256) == large.data


async def test_pictures_are_listed_by_names_they_can_be_dropped_by(
    shelf: PictureStore, picture: Make
) -> None:
    assert await shelf.names() == []
    for owner in ("ann", "ben"):
        await shelf.put(owner, picture())
    (first, second) = sorted(await shelf.names())
    assert {first, second} == {path_of(owner, picture().sha256) for owner in ("ann", "ben")}
    await shelf.drop(first, _somebody)
    await shelf.drop(second, _nobody)
    assert await shelf.names() == [first]


async def test_what_was_never_put_is_gone(shelf: PictureStore, picture: Make) -> None:
    assert await _is_gone(shelf, "ann", picture().sha256)
    await shelf.delete("ann", picture().sha256, _nobody)


async def test_a_picture_is_deleted_when_nobody_needs_it(
    shelf: PictureStore, picture: Make
) -> None:
    await shelf.put("ann", picture())
    await shelf.delete("ann", picture().sha256, _somebody)
    assert await shelf.get("ann", picture().sha256) == picture().data
    await shelf.delete("ann", picture().sha256, _nobody)
    assert await _is_gone(shelf, "ann", picture().sha256)
    await shelf.put("ann", picture())
    assert await shelf.get("ann", picture().sha256) == picture().data


@pytest.mark.parametrize("other", ["bob", "ANN", "ann/", "../ann", "ann\x00", ""])
async def test_no_owner_reaches_anothers_picture(
    shelf: PictureStore, picture: Make, other: str
) -> None:
    await shelf.put("ann", picture())
    assert await _is_gone(shelf, other, picture().sha256)
    await shelf.delete(other, picture().sha256, _nobody)
    assert await shelf.get("ann", picture().sha256) == picture().data


@pytest.mark.parametrize("name", ["", "..", "../" * 20 + "etc/passwd", "A" * 64, "a" * 63 + "/"])
async def test_only_hashes_are_names(shelf: PictureStore, name: str) -> None:
    for asked in (shelf.get("ann", name), shelf.delete("ann", name, _nobody)):
        with pytest.raises(ValueError, match="SHA-256"):
            await asked


async def test_twenty_puts_of_one_picture_at_once_are_one_picture(
    shelf: PictureStore, picture: Make
) -> None:
    await asyncio.gather(*(shelf.put("ann", picture()) for _ in range(20)))
    assert await shelf.get("ann", picture().sha256) == picture().data
    await shelf.delete("ann", picture().sha256, _nobody)
    assert await _is_gone(shelf, "ann", picture().sha256)


def test_the_folder_is_left_empty(tmp_path: Path, picture: Make) -> None:
    async def come_and_go() -> None:
        store = PictureFolder(tmp_path / "pictures")
        await asyncio.gather(*(store.put("ann", picture()) for _ in range(20)))
        await asyncio.gather(*(store.delete("ann", picture().sha256, _nobody) for _ in range(20)))

    asyncio.run(come_and_go())
    assert list((tmp_path / "pictures").rglob("*")) == []


async def test_a_damaged_file_is_not_shown(tmp_path: Path, picture: Make) -> None:
    store = PictureFolder(tmp_path / "pictures")
    await store.put("ann", picture())
    (tmp_path / "pictures" / path_of("ann", picture().sha256)).write_bytes(b"another")
    with pytest.raises(StorageError, match="not the one that was kept"):
        await store.get("ann", picture().sha256)


async def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path, picture: Make) -> None:
    (tmp_path / "pictures").write_text("a file, where a folder belongs")
    store = PictureFolder(tmp_path / "pictures")
    with pytest.raises(ConfigurationError, match=r"pictures cannot be used: .*VISIONTOOLS_DATA"):
        await store.put("ann", picture())


@pytest.mark.parametrize("put_at", [1, 2])
async def test_a_picture_put_while_it_is_deleted_stays(
    shelf: PictureStore, picture: Make, put_at: int, request: pytest.FixtureRequest
) -> None:
    if "emulator" in request.node.name:
        put_at = 1  # it knows no preconditions: what was looked at is deleted, touched or not
    await shelf.put("ann", picture())
    asked = 0
    shown = False

    async def needed() -> bool:
        """Somebody puts the picture again just after they were asked for."""
        nonlocal asked, shown
        asked += 1
        was_shown = shown
        if asked == put_at:
            shown = True
            await shelf.put("ann", picture())
        return was_shown

    await shelf.delete("ann", picture().sha256, needed)
    assert await shelf.get("ann", picture().sha256) == picture().data


async def test_two_that_delete_one_picture_leave_nothing(
    shelf: PictureStore, picture: Make
) -> None:
    for _ in range(10):
        await shelf.put("ann", picture())
        await asyncio.gather(*(shelf.delete("ann", picture().sha256, _nobody) for _ in range(2)))
        assert await _is_gone(shelf, "ann", picture().sha256)


@pytest.mark.parametrize(
    ("place", "bucket"),
    [
        ("gs://pictures", Bucket("pictures")),
        ("gs://my.bucket-1/a/b", Bucket("my.bucket-1", "a/b/")),
        ("gs://pictures/a/", Bucket("pictures", "a/")),
    ],
)
def test_a_place_in_the_cloud_is_read(place: str, bucket: Bucket) -> None:
    assert bucket_of(place) == bucket


@pytest.mark.parametrize(
    "place",
    ["", "pictures", "s3://x/y", "gs://", "gs://B", "gs://a", "gs://ok/../x", "gs://ok//x",
     "gs://ok/a b", "gs://ok/.", "x gs://ok/a", "gs://ok/a#1", "gs://ok/a?b"],
)  # fmt: skip
def test_a_place_that_is_none_is_explained(place: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="is no place for pictures"):
        open_pictures(place, tmp_path)

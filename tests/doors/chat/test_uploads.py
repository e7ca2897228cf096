"""Attached pictures wait in the data folder: each owner's apart, and not for ever."""

from __future__ import annotations

import os
import time
import uuid
from pathlib import Path

import pytest

from visiontools.doors.chat.uploads import Held
from visiontools.errors import ConfigurationError
from visiontools.pictures.kinds import BadPicture


async def test_a_file_is_the_owners_alone(tmp_path: Path, png: bytes) -> None:
    ann, ben = Held(tmp_path, "ann"), Held(tmp_path, "ben")
    file = await ann.put(png, "a/b\\c.png\n")
    found = await ann.get(file)
    assert found is not None
    assert (found.data, found.name) == (png, "c.png")
    assert await ben.get(file) is None
    await ben.drop(file)
    assert await ann.get(file) == found
    await ann.drop(file)
    assert await ann.get(file) is None


async def test_files_nobody_sent_go_after_a_day(tmp_path: Path, png: bytes) -> None:
    ann, ben = Held(tmp_path, "ann"), Held(tmp_path, "ben")
    old, new = await ann.put(png, "old"), await ann.put(png, "new")
    _age(tmp_path, old, 25 * 3600)
    await ben.put(png, "another's")
    assert await ann.get(old) is None
    assert await ann.get(new) is not None


async def test_only_so_many_are_kept_of_one_person(tmp_path: Path, png: bytes) -> None:
    ann = Held(tmp_path, "ann")
    files = []
    for at in range(70):
        files.append(await ann.put(png, "x"))
        _age(tmp_path, files[-1], 70 - at)
    left = [file for file in files if await ann.get(file) is not None]
    assert left == files[-64:]


async def test_what_is_no_picture_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(BadPicture, match=r"page\.png is a web page"):
        await Held(tmp_path, "ann").put(b"<html>", "page.png")
    assert await Held(tmp_path, "ann").get(str(uuid.uuid4())) is None


async def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path, png: bytes) -> None:
    _file(tmp_path / "taken")
    with pytest.raises(ConfigurationError, match="cannot be used"):
        await Held(tmp_path / "taken", "ann").put(png, "x")


def _file(path: Path) -> None:
    path.write_bytes(b"")


def _age(root: Path, name: str, seconds: float) -> None:
    (path,) = root.glob(f"*/{name}")
    then = time.time() - seconds
    os.utime(path, (then, then))

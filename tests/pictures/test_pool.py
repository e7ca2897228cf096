"""Workers are limited, replaced when they fail, and never left behind."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.errors import UnusableError, UsageError
from visiontools.pictures import pool
from visiontools.pictures.prepare import Preparer
from visiontools.types import LLAMA_3_2_PICTURES, READER_PICTURES, Picture, Upload


def children() -> set[int]:
    """Process ids of this process's own children."""
    own = Path(f"/proc/{os.getpid()}/task")
    return {int(p) for t in own.iterdir() for p in (t / "children").read_text().split()}


def files_in(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def prepare(preparer: Preparer, *data: bytes, rules: Any = LLAMA_3_2_PICTURES) -> Any:
    uploads = [Upload(each, f"{i}.png") for i, each in enumerate(data)]
    return await preparer.prepare(uploads, rules, printed=False)


def only(before: set[int]) -> int:
    (worker,) = children() - before
    return worker


async def test_no_process_and_no_file_is_left_behind(
    made: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = children()
    async with Preparer() as preparer:
        await prepare(preparer, made.file(made.corner()))
        assert len(children() - before) == 1
        with pytest.raises(UnusableError):
            await prepare(preparer, made.file(made.corner())[:60])
    assert children() == before
    assert files_in(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells a process of its parent's end")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_at_work_ends_with_a_program_that_is_killed(made: Any, how: int) -> None:
    script = """
import asyncio, sys, pathlib, os
from visiontools.pictures.prepare import Preparer
from visiontools.types import LLAMA_3_2_PICTURES, Upload
async def main():
    data = sys.stdin.buffer.read()
    async with Preparer() as preparer:
        await preparer.prepare([Upload(data)], LLAMA_3_2_PICTURES, printed=False)
        children = pathlib.Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
        print(children.read_text(), flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(made.file(made.corner()))
        program.stdin.close()
        worker = int(program.stdout.readline())
        os.kill(worker, signal.SIGSTOP)  # a job that will not end by itself
        program.send_signal(how)
    for _ in range(100):
        if not Path(f"/proc/{worker}").exists():
            return
        time.sleep(0.05)
    pytest.fail("the worker is left behind")


async def test_no_worker_is_started_for_a_file_that_is_no_picture() -> None:
    before = children()
    async with Preparer() as preparer:
        with pytest.raises(UnusableError, match="web page"):
            await prepare(preparer, b"<html>")
        assert children() == before


async def test_after_a_worker_is_killed_the_next_picture_works(made: Any) -> None:
    before = children()
    async with Preparer() as preparer:
        await prepare(preparer, made.file(made.corner()))
        os.kill(only(before), signal.SIGKILL)
        with pytest.raises(UnusableError, match=r"0\.png made the decoder fail"):
            await prepare(preparer, made.file(made.corner()))
        (picture,) = await prepare(preparer, made.file(made.corner()))
        assert picture.width == 120
    assert children() == before


async def test_workers_are_reaped_by_the_event_loop_alone(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever polls one reaps it, and now and then asyncio says "Unknown child process"."""
    polled: list[int] = []
    async with Preparer() as preparer:
        await prepare(preparer, made.file(made.corner()))
        monkeypatch.setattr(subprocess.Popen, "poll", lambda self: polled.append(self.pid))
    assert polled == []


async def test_a_picture_that_takes_too_long_is_refused_and_its_worker_killed(made: Any) -> None:
    before = children()
    async with Preparer(timeout_s=1.5) as preparer:
        await prepare(preparer, made.file(made.corner()))
        os.kill(only(before), signal.SIGSTOP)  # a decoder that never ends
        with pytest.raises(UnusableError, match=r"0\.png could not be decoded within 1\.5 seconds"):
            await prepare(preparer, made.file(made.corner()))
        assert children() == before
        assert (await prepare(preparer, made.file(made.corner())))[0].width == 120


async def test_a_picture_that_needs_too_much_memory_is_refused_and_the_next_works(
    made: Any,
) -> None:
    large = made.file(Image.new("1", (8900, 8900)))
    async with Preparer(memory_mb=160) as preparer:
        with pytest.raises(UnusableError, match=r"0\.png needs more memory"):
            await prepare(preparer, large)
        assert (await prepare(preparer, made.file(made.corner())))[0].width == 120


async def at_work(preparer: Preparer, data: bytes, before: set[int]) -> asyncio.Task[Any]:
    """A task that waits for a worker that will not answer."""
    await prepare(preparer, data)
    os.kill(only(before), signal.SIGSTOP)
    task = asyncio.create_task(prepare(preparer, data))
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    return task


async def test_cancelling_ends_the_work_and_the_next_picture_works(made: Any) -> None:
    before = children()
    async with Preparer() as preparer:
        task = await at_work(preparer, made.file(made.corner()), before)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert children() == before
        assert (await prepare(preparer, made.file(made.corner())))[0].width == 120
    assert children() == before


async def test_closing_while_a_picture_is_at_work_leaves_nothing(made: Any) -> None:
    before = children()
    preparer = Preparer()
    task = await at_work(preparer, made.file(made.corner()), before)
    await preparer.close()
    assert children() == before
    with pytest.raises(RuntimeError, match="closed"):
        await task
    with pytest.raises(RuntimeError, match="closed"):
        await prepare(preparer, made.file(made.corner()))


async def test_several_workers_serve_many_at_once_in_order(made: Any) -> None:
    files = [made.file(made.corner(100 + i, 80)) for i in range(12)]
    before = children()
    async with Preparer(workers=2) as preparer:
        pictures: Sequence[Picture] = await prepare(preparer, *files, rules=READER_PICTURES)
        assert [picture.width for picture in pictures] == [100 + i for i in range(12)]
        assert len(children() - before) == 2


async def test_one_bad_picture_among_several_is_named(made: Any) -> None:
    good = made.file(made.corner())
    async with Preparer() as preparer:
        with pytest.raises(UnusableError, match=r"^1\.png is damaged"):
            await prepare(preparer, good, good[:80], good, rules=READER_PICTURES)
        with pytest.raises(UnusableError, match=r"^1\.png is damaged"):
            await prepare(preparer, good, good[:80], good)
        assert len(await prepare(preparer, good)) == 1


async def test_ten_pictures_for_one_canvas_and_none_at_all_are_usage_errors(made: Any) -> None:
    good = made.file(made.corner())
    async with Preparer() as preparer:
        with pytest.raises(UsageError, match="10 pictures are too many"):
            await prepare(preparer, *[good] * 10)
        with pytest.raises(UsageError, match="No picture"):
            await prepare(preparer)


async def test_a_worker_sees_no_secrets_and_may_write_no_file(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    before = children()
    async with Preparer() as preparer:
        await prepare(preparer, made.file(made.corner()))
        worker = Path(f"/proc/{only(before)}")
        assert b"secret" not in (worker / "environ").read_bytes()
        limits = (worker / "limits").read_text()
        assert any(
            line.startswith("Max file size") and line.split()[3] == "0"
            for line in limits.splitlines()
        )
        loaded = (worker / "maps").read_text()
        assert "cv2" not in loaded
        assert "pydantic" not in loaded


async def test_a_worker_that_answers_nonsense_is_a_failure_of_that_picture_only(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    nonsense = "import sys; sys.stdout.buffer.write(b'\\0\\0\\0\\x10' + b'{' * 16)"
    sane = pool._MAIN
    for script in (nonsense, _answering({"picture": {}}), _answering({"picture": 3, "error": 1})):
        monkeypatch.setattr(pool, "_MAIN", script)
        async with Preparer() as preparer:
            with pytest.raises(UnusableError, match=r"0\.png made the decoder fail"):
                await prepare(preparer, made.file(made.corner()))
            monkeypatch.setattr(pool, "_MAIN", sane)


def _answering(head: dict[str, Any]) -> str:
    """A worker's program that reads a job and gives one answer, whatever was asked."""
    return (
        "import sys; from visiontools.pictures import wire; wire.read(sys.stdin.buffer); "
        f"sys.stdout.buffer.write(wire.message({head!r}, [b'no picture']))"
    )


def test_the_program_itself_loads_no_decoder() -> None:
    script = "import sys, visiontools.pictures.prepare; print('PIL' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "False\n"

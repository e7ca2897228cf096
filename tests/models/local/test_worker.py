"""The worker process by itself: it says why it cannot load, and ends when the program is gone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

LOAD = {"projector": None, "context": 512, "threads": 1}


@pytest.fixture
def worker() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "visiontools.models.local.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def tell(worker: subprocess.Popen[str], model: Path) -> dict[str, object]:
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.write(json.dumps({"load": {**LOAD, "model": str(model)}}) + "\n")
    worker.stdin.flush()
    said: dict[str, object] = json.loads(worker.stdout.readline())
    return said


def test_it_ends_with_the_program_that_started_it(
    worker: subprocess.Popen[str], weights: Path
) -> None:
    assert tell(worker, weights) == {"loaded": True}
    assert worker.stdin is not None
    worker.stdin.close()
    assert worker.wait(timeout=30) == 0


def test_it_hands_over_what_llama_cpp_says_when_it_cannot_load(
    worker: subprocess.Popen[str], tmp_path: Path
) -> None:
    (tmp_path / "odd.gguf").write_bytes(b"odd bytes, which no model begins with")
    assert "invalid magic" in str(tell(worker, tmp_path / "odd.gguf")["failed"])
    assert worker.wait(timeout=30) == 0

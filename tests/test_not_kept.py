"""An answer that cannot be kept is shown all the same, and says so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

PROGRAM = """
import asyncio, json, resource, sys
from pathlib import Path
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.types import Request, Upload

folder, picture, seen, when, least = sys.argv[1:]

def fill_the_disk():
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(least), resource.RLIM_INFINITY))

async def main():
    if when == "before":
        fill_the_disk()
    async with Pipeline.open(Settings(data_folder=Path(folder))) as pipeline:
        if when == "after":
            fill_the_disk()
        said = json.loads(Path(seen).read_text())
        upload = Upload(Path(picture).read_bytes())
        record = await pipeline.run(Request("fridge", (upload,), observation=said)).record()
        print(record.model_dump_json())

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of this kind stands for a full disk")
@pytest.mark.parametrize(("when", "least"), [("before", 0), ("after", 0), ("after", 100)])
def test_an_answer_is_not_lost_with_the_disk_that_is_full(
    tmp_path: Path, when: str, least: int
) -> None:
    picture, seen = tmp_path / "fridge.png", tmp_path / "seen.json"
    Image.effect_noise((200, 200), 90).save(picture)
    seen.write_text(json.dumps({"inventory": [{"name": "milk"}]}))
    arguments = [str(tmp_path / "kept"), str(picture), str(seen), when, str(least)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["answer"]["inventory"][0]["name"] == "milk"
    assert any(n.startswith("This run was not kept. The data folder") for n in record["notes"])
    assert not [p for p in (tmp_path / "kept" / "pictures").rglob("*") if p.is_file()]


@pytest.mark.skipif(sys.platform != "linux", reason="a limit of this kind stands for a full disk")
def test_a_folder_that_takes_nothing_is_said_when_something_is_looked_for(tmp_path: Path) -> None:
    nothing = "import resource as r; r.setrlimit(r.RLIMIT_FSIZE, (0, 0))"
    program = f"{nothing}; from visiontools.doors.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, "records", "list"],
        capture_output=True, text=True, check=False,
        env=os.environ | {"VISIONTOOLS_DATA_FOLDER": str(tmp_path / "kept")},
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "cannot be used" in done.stderr
    assert "Traceback" not in done.stderr

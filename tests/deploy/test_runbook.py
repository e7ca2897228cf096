"""docs/runbook.md: its program does what it says, and its alarms are those that Terraform makes."""

from __future__ import annotations

import asyncio
import hashlib
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.deploy.bench import ROOT

from visiontools.settings import Settings
from visiontools.store.records import Kept, Records
from visiontools.store.users import Users
from visiontools.types import Asked, Outcome, Picture, Record

PAGE = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
ALARMS = (ROOT / "deploy" / "terraform" / "modules" / "watch" / "alerts.tf").read_text()


def test_every_alarm_is_explained() -> None:
    titles = re.findall(r'^ +title += "(.+)"', ALARMS, re.MULTILINE)
    titles += re.findall(r'display_name += "\$\{var.place.name\}: ([^$"]+)"', ALARMS)
    assert len(titles) >= 8
    rows = {line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("| ")}
    assert set(titles) - {"operators"} <= rows


def _record(owner: str, number: int) -> Kept:
    record = Record(
        id=f"{number}f2e3d4c-0000-4000-8000-000000000000",
        created=datetime.now(UTC),
        tool="diet",
        owner=owner,
        tool_version="1",
        request=Asked(ask="Which?"),
        outcome=Outcome.ANSWERED,
        message="The second.",
    )
    data = b"a picture"
    return Kept(record, (Picture(data, "image/png", 3, 2, hashlib.sha256(data).hexdigest(), ()),))


async def test_the_program_that_forgets_a_person_deletes_all_of_theirs_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_DATA_FOLDER", str(tmp_path / "data"))
    records = Records.open(Settings.load().kept)
    users = Users(records.database)
    ada = await users.from_provider("https://cloud.google.com/iap", "1", "ada@example.com")
    eve = await users.from_provider("https://cloud.google.com/iap", "2", "eve@example.com")
    for number, owner in enumerate((ada.id, ada.id, eve.id)):
        await records.keep(_record(owner, number))
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    command = [sys.executable, "-c", program, "ada@example.com"]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    assert done.stdout == "2 records deleted\n", done.stderr
    assert await records.list(ada.id, limit=5) == []
    assert len(await records.list(eve.id, limit=5)) == 1
    assert [user.name for user in await users.list()] == ["eve@example.com"]
    pictures = [path for path in (tmp_path / "data" / "pictures").rglob("*") if path.is_file()]
    assert len(pictures) == 1
    await records.close()

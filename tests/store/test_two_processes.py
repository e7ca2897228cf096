"""Two programs on one database: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from visiontools.store.database import Database
from visiontools.store.records import Records
from visiontools.store.schema import records

PROGRAM = """
import asyncio, datetime as dt, json, sys, uuid
from pathlib import Path
from visiontools.store.budgets import Budgets
from visiontools.store.database import Database
from visiontools.store.idempotency import Fresh, Idempotency
from visiontools.store.records import Kept, Records
from visiontools.types import Asked, Outcome, Picture, Record

url, folder, who = sys.argv[1:]
SHA256 = "7d1a54127b222502f5b79b5fb0803061152a44f92b37e23c6527baf665d4da9a"

def made():
    record = Record(
        id=str(uuid.uuid4()), created=dt.datetime.now(dt.UTC), tool="diet", tool_version="1",
        request=Asked(), outcome=Outcome.ANSWERED, message=who,
    )
    return Kept(record, (Picture(b"abcdefg", "image/png", 1, 1, SHA256, ()),))

async def main():
    database = Database.at(url, Path(folder))
    store = Records(Path(folder), database=database)
    keys, budgets = Idempotency(database), Budgets(database, per_day=25)
    print("ready", flush=True)
    sys.stdin.readline()
    kept, claims, spent = [], [], []

    async def writer():
        for number in range(5):
            kept.append(await store.keep(made()))
            claims.append(await keys.begin("ann", str(number), "asked"))
            spent.append(await budgets.spend("ann"))
        await store.delete("local", kept.pop().id)

    await asyncio.gather(*(writer() for _ in range(20)))
    print(json.dumps([len(kept), claims.count(Fresh()), spent.count(None)]))
    await store.close()

asyncio.run(main())
"""


def _run_both(url: str, folder: Path) -> list[list[int]]:
    """What each of two programs that begin together came to."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, url, str(folder), who],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for who in ("one", "two")
    ]  # fmt: skip
    for program in programs:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n", program.communicate()
    results = []
    for program in programs:
        assert program.stdin is not None
        program.stdin.write("\n")
        program.stdin.flush()
    for program in programs:
        out, err = program.communicate(timeout=60)
        assert program.returncode == 0, err
        results.append(json.loads(out))
    return results


async def test_twenty_writers_in_each_of_two_programs(database_url: str, tmp_path: Path) -> None:
    results = await asyncio.to_thread(_run_both, database_url, tmp_path / "store")
    kept, fresh, spent = (sum(each) for each in zip(*results, strict=True))
    assert (kept, fresh, spent) == (160, 5, 25)
    store = Records(tmp_path / "store", database=Database.at(database_url, tmp_path / "store"))
    count = select(func.count()).select_from(records)
    assert await store.database.read(lambda connection: connection.scalar(count)) == 160
    for record in (await store.list("local", limit=200))[::20]:
        assert [picture.data for picture in await store.pictures(record)] == [b"abcdefg"]
    await store.close()

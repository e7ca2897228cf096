"""What keeping a run costs: CPU and median latency of ``Records.keep``, alone and many at once.

Each run has a record as the tools write it and a picture of 60 kB of its own. The figures are the
medians over the rounds.

    python benchmarks/keep.py [--rounds 5] [--database postgresql://...] [--json]
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import hashlib
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from pathlib import Path

from disk import settled
from visiontools.store.database import Database
from visiontools.store.records import Kept, Records
from visiontools.types import Asked, Outcome, Picture, Record, Source

CONCURRENT = {1: 200, 50: 800, 200: 1600}
PICTURE = os.urandom(60_000)
ROWS = [
    {"nutrient": name, "amount": 1.5, "unit": "g", "basis": "per_100ml"}
    for name in ("fat", "sugars", "salt", "protein", "fibre", "carbohydrate")
]


def made() -> Kept:
    """A run that is like no other."""
    data = PICTURE + uuid.uuid4().bytes
    sha256 = hashlib.sha256(data).hexdigest()
    record = Record(
        id=str(uuid.uuid4()),
        created=dt.datetime.now(dt.UTC),
        tool="diet",
        tool_version="1",
        request=Asked(ask="Which has less sugar?"),
        outcome=Outcome.ANSWERED,
        answer={"products": [{"name": "Cola", "as_printed": ROWS}] * 2},
        observation={"products": [{"name": "Cola", "rows": ROWS}] * 2},
        message="The second has less.",
    )
    picture = Picture(data, "image/jpeg", 560, 560, sha256, (Source(sha256, 560, 560),))
    return Kept(record, (picture,), sha256)


async def measure(records: Records, concurrent: int) -> tuple[float, float]:
    """CPU per keep and median latency, in ms, with so many at a time."""
    waiting = [made() for _ in range(CONCURRENT[concurrent])]
    latencies: list[float] = []

    async def work() -> None:
        while waiting:
            kept = waiting.pop()
            began = time.perf_counter()
            await records.keep(kept)
            latencies.append(time.perf_counter() - began)

    cpu = time.process_time()
    await asyncio.gather(*(work() for _ in range(concurrent)))
    spent = time.process_time() - cpu
    return 1000 * spent / len(latencies), 1000 * statistics.median(latencies)


async def bench(folder: Path, database: str, rounds: int) -> list[dict[str, float]]:
    records = Records(folder, database=Database.at(database, folder))
    found = []
    for concurrent in CONCURRENT:
        await measure(records, concurrent)  # warms up
        costs = [await measure(records, concurrent) for _ in range(rounds)]
        cpu, latency = (statistics.median(each) for each in zip(*costs, strict=True))
        found.append(
            {"concurrent": concurrent, "cpu_ms": round(cpu, 3), "latency_ms": round(latency, 2)}
        )
    await records.close()
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--database", default="", help="PostgreSQL's URL; SQLite unless told")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"making a file: {settled(Path(folder)):.3f} ms of CPU", file=sys.stderr)
        found = asyncio.run(bench(Path(folder), asked.database, asked.rounds))
    if asked.json:
        print(json.dumps(found))
        return 0
    for row in found:
        print(f"{row['concurrent']:>4} at once: {row['cpu_ms']} ms CPU, {row['latency_ms']} ms")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What reading a nutrition label costs once the reader is warm: CPU seconds and memory.

Bars: at most 2.5 s of CPU and 700 MB of resident memory. Exit status 1 over a bar.

    python benchmarks/label.py [PICTURE ...]
"""

from __future__ import annotations

import asyncio
import resource
import statistics
import sys
import time
from pathlib import Path

from visiontools.pictures.prepare import Preparer
from visiontools.reader.label import read_labels
from visiontools.types import READER_PICTURES, Picture, Upload

CPU_BAR_S = 2.5
MEMORY_BAR_MB = 700
ROUNDS = 5
EXAMPLE = Path(__file__).parents[1] / "examples" / "diet_two_drinks.png"


async def prepared(paths: list[Path]) -> list[Picture]:
    async with Preparer() as preparer:
        uploads = [Upload(path.read_bytes(), path.name) for path in paths]
        return list(await preparer.prepare(uploads, READER_PICTURES, printed=True))


def main() -> int:
    paths = [Path(name) for name in sys.argv[1:]] or [EXAMPLE]
    ok = True
    for path, picture in zip(paths, asyncio.run(prepared(paths)), strict=True):
        read_labels([picture])  # warms up: models are loaded once a process
        spent = []
        for _ in range(ROUNDS):
            began = time.process_time()
            reading = read_labels([picture])
            spent.append(time.process_time() - began)
        rows = sum(len(product["rows"]) for product in reading.observation["products"])
        cpu = statistics.median(spent)
        print(f"{path.name}: {cpu:.2f} s of CPU, {rows} figures read (bar {CPU_BAR_S} s)")
        ok = ok and cpu <= CPU_BAR_S
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak resident memory: {memory:.0f} MB (bar {MEMORY_BAR_MB} MB)")
    return 0 if ok and memory <= MEMORY_BAR_MB else 1


if __name__ == "__main__":
    sys.exit(main())

"""The disk below a benchmark: what one new file costs there, and waiting until that is ordinary.

ext4 looks past every inode that was freed within the last minute or so before it takes one
(``recently_deleted`` in the kernel's fs/ext4/ialloc.c), so that making a file costs up to 1 ms of
CPU after a folder of thousands was removed, by an earlier run of a benchmark for instance, and
0.02 ms otherwise. A run keeps one file and removes none.
"""

from __future__ import annotations

import os
import statistics
import time
from pathlib import Path

ORDINARY_MS = 0.1
_FILES = 20


def file_cost_ms(folder: Path) -> float:
    """Median CPU in ms of making one empty file in ``folder``; the files are removed again."""
    costs = []
    for number in range(_FILES):
        path = folder / f"{number}.cost"
        began = time.process_time()
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        costs.append(1000 * (time.process_time() - began))
    for number in range(_FILES):
        (folder / f"{number}.cost").unlink()
    return statistics.median(costs)


def settled(folder: Path, patience_s: float = 120) -> float:
    """Wait until a new file costs what it usually does; its cost in ms by then, for the report."""
    until = time.monotonic() + patience_s
    while (cost := file_cost_ms(folder)) > ORDINARY_MS and time.monotonic() < until:
        time.sleep(5)
    return cost

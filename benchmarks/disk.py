"""The disk below a benchmark: what one new file costs there, and waiting until that is ordinary.

ext4 looks past every inode that was freed within the last minutes before it takes one
(``recently_deleted`` in the kernel's fs/ext4/ialloc.c), so that making a file costs up to 1 ms of
CPU after a folder of thousands was removed, by an earlier run of a benchmark for instance, and
0.02 ms otherwise. A run keeps one file and removes none.
"""

from __future__ import annotations

import os
import time
from itertools import count
from pathlib import Path

ORDINARY_MS = 0.05
_FILES = 8000
"""As many as a benchmark makes: the first may find inodes that were free all along."""


def settled(data_folder: Path, patience_s: float = 400) -> float:
    """Wait until a kept picture's file costs what it usually does; its cost in ms by then.

    Files are made where pictures are kept, since ext4 looks for an inode near the folder a file is
    in, and stay there, since removing them would begin the wait anew.
    """
    folder = data_folder / "pictures"
    folder.mkdir()
    until = time.monotonic() + patience_s
    for attempt in count():
        cost = _file_cost_ms(folder, attempt)
        if cost <= ORDINARY_MS or time.monotonic() > until:
            return cost
        time.sleep(20)
    raise AssertionError("count() does not end")


def _file_cost_ms(folder: Path, attempt: int) -> float:
    """CPU in ms of making one empty file, on average."""
    began = time.process_time()
    for number in range(_FILES):
        path = folder / f"{attempt}-{number}.cost"
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    return 1000 * (time.process_time() - began) / _FILES

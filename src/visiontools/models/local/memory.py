"""How much memory there is for a model."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

_MEMINFO = Path("/proc/meminfo")
_LIMIT = Path("/sys/fs/cgroup/memory.max")
_USED = Path("/sys/fs/cgroup/memory.current")
_PARTS = Path("/sys/fs/cgroup/memory.stat")


def available_bytes() -> int | None:
    """Bytes a new process may take without swapping; None where the system does not say.

    In a container its own limit counts, where that is lower. Systems other than Linux tell only
    what is built in.
    """
    found = [n for n in (_free(), _left_in_container()) if n is not None]
    if found:
        return min(found)
    with suppress(AttributeError, ValueError, OSError):
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return None


def _free() -> int | None:
    with suppress(OSError, ValueError):
        for line in _MEMINFO.read_text("ascii").splitlines():
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    return None


def _left_in_container() -> int | None:
    """What the control group (version 2) allows further; files it has read can be dropped."""
    with suppress(OSError, ValueError, KeyError):
        parts = dict(line.split() for line in _PARTS.read_text("ascii").splitlines())
        used = int(_USED.read_text("ascii")) - int(parts["file"])
        return max(0, int(_LIMIT.read_text("ascii")) - used)
    return None

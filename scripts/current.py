"""Whether this environment holds this project and the versions a list pins: current.py LIST.

Run by the environment's own Python, with nothing but the standard library and pip; silent where
all is well, else one line on what is not.
"""

from __future__ import annotations

import importlib.metadata
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)(?: ; (.+?))?(?: \\)?$")
"""A line of a hash-pinned list: name, version, and the marker that says where it is for."""


def stale(pins: str) -> str:
    """What does not agree with the pinned list; nothing where all does."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return f"it has Python {sys.version_info[0]}.{sys.version_info[1]}"
    have = {
        _plain(found.metadata["Name"] or ""): (found.version, found)
        for found in importlib.metadata.distributions()
    }
    for line in pins.splitlines():
        pin = PIN.match(line)
        if pin is None:
            continue
        name, version = _plain(pin[1]), pin[2]
        # A package may be pinned twice, for two versions of Python.
        if name in have and have[name][0] != version and _is_for_here(pin[3]):
            return f"it has {name} {have[name][0]}, not {version}"
        if name not in have and _is_for_here(pin[3]):
            return f"it has no {name}"
        if name in have and have[name][0] == version and not _whole(have[name][1]):
            return f"files of {name} are missing"
    return "" if _is_ours() else "it is of another copy of this project"


def _is_for_here(marker: str | None) -> bool:
    from pip._vendor.packaging.markers import Marker  # what installs them, in every environment

    return marker is None or bool(Marker(marker).evaluate())


def _whole(found: importlib.metadata.Distribution) -> bool:
    """Whether its first modules are there; an interrupted installation may leave its name alone."""
    modules = [file for file in found.files or () if str(file).endswith("__init__.py")][:3]
    return all(Path(str(found.locate_file(file))).is_file() for file in modules)


def _is_ours() -> bool:
    try:
        import visiontools
    except ImportError:
        return False
    return Path(visiontools.__file__).resolve().is_relative_to(ROOT / "src")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    sys.exit(stale(Path(sys.argv[1]).read_text(encoding="utf-8")) or 0)

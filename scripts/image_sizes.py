"""Say what the image holds in MB: each extra by what only it needs, and the largest packages of it.

It runs inside the image, and reads what is installed there::

    docker run --rm -i IMAGE python - < scripts/image_sizes.py
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = "visiontools"
SHOWN = 4
"""Packages of an extra that are named."""


def sizes(installed: dict[str, Distribution]) -> dict[str, int]:
    """Bytes of each package's files as they are on the disk, their bytecode included."""
    found = {}
    for name, package in installed.items():
        files = {Path(str(file.locate())) for file in package.files or ()}
        compiled = {cached for file in files for cached in _bytecode_of(file)}
        found[name] = sum(file.stat().st_size for file in files | compiled if file.is_file())
    return found


def _bytecode_of(file: Path) -> Iterable[Path]:
    if file.suffix != ".py":
        return ()
    return (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc")


def needed(installed: dict[str, Distribution], extras: Iterable[str]) -> set[str]:
    """The packages that ours needs with these extras, ours included."""
    waiting = [(OURS, "")] + [(OURS, extra) for extra in extras]
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = one = waiting.pop()
        if one in seen or name not in installed:
            continue
        seen.add(one)
        for line in installed[name].requires or ():
            wanted = Requirement(line)
            if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
                package = canonicalize_name(wanted.name)
                waiting += [(package, each) for each in ("", *wanted.extras)]
    return {name for name, _ in seen}


def report(installed: dict[str, Distribution]) -> Iterable[str]:
    """The lines, the largest extra first."""
    bytes_of = sizes(installed)
    every = set(installed[OURS].metadata.get_all("Provides-Extra") or ())
    # An extra is there where what only it names is: take those whose packages are all installed.
    there = {extra for extra in every if _is_there(installed, extra)}
    everything = needed(installed, there)
    alone = {extra: everything - needed(installed, there - {extra}) for extra in there}
    shared = everything.difference(*alone.values()) - {OURS}
    groups = {f"only for {extra}": names for extra, names in alone.items()}
    groups |= {"for several": shared, "ours": {OURS}, "for none": set(installed) - everything}
    lines = [(sum(bytes_of[name] for name in names), what, names) for what, names in groups.items()]
    for size, what, names in sorted(lines, key=lambda line: -line[0]):
        largest = sorted(names, key=lambda name: -bytes_of[name])[:SHOWN]
        named = ", ".join(f"{name} {_mb(bytes_of[name])}" for name in largest)
        yield f"{_mb(size):>4}  {what:20} {named}"
    yield f"{_mb(sum(bytes_of.values())):>4}  in all"
    models = sum(file.stat().st_size for file in Path(sys.prefix).rglob("*.onnx"))
    yield f"{_mb(models):>4}  of it the reader's models (*.onnx)"


def _is_there(installed: dict[str, Distribution], extra: str) -> bool:
    wanted = [Requirement(line) for line in installed[OURS].requires or ()]
    direct = [
        canonicalize_name(each.name)
        for each in wanted
        if each.marker is not None
        and each.marker.evaluate({"extra": extra})
        and not each.marker.evaluate({"extra": ""})
    ]
    return all(name in installed for name in direct)


def _mb(size: int) -> int:
    return round(size / 1e6)


def main() -> None:
    print("  MB  what it is for       the largest packages")
    for line in report({canonicalize_name(each.name): each for each in distributions()}):
        print(line)


if __name__ == "__main__":
    main()

"""The data sets by name, and everything else that ``--data`` may name."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from visiontools.errors import ConfigurationError, UsageError
from visiontools.evals import (
    sets_charts,
    sets_eyes,
    sets_fridge,
    sets_injected,
    sets_read,
    sets_texts,
)
from visiontools.evals.cases import Case, DataSet
from visiontools.evals.folder import NAMES, read_folder
from visiontools.evals.hub import PREFIX, read_hub
from visiontools.registry import AnyTool, Tools
from visiontools.tooling import Tool

SETS: dict[str, DataSet] = {
    each.name: each
    for each in (
        sets_read.LABELS,
        sets_read.DIAGRAMS,
        sets_read.HELD_OUT,
        sets_read.CROSSED,
        sets_charts.CHARTS,
        sets_charts.RECEIPTS,
        sets_eyes.CARS,
        sets_eyes.FRIDGES,
        sets_fridge.FRIDGES,
        sets_texts.INVITES,
        sets_texts.THREADS,
        sets_injected.INJECTED,
    )
}


def can_read(tool: AnyTool) -> bool:
    """Whether the built-in reader serves a tool."""
    return type(tool).read is not Tool.read


def sets_for(tool: str) -> list[DataSet]:
    """The sets that have cases for a tool and can be made here."""
    return [each for each in SETS.values() if tool in each.tools and not each.missing()]


def cases_named(
    name: str, tools: Tools, tool: str | None, limit: int | None, seed: int
) -> list[Case]:
    """The cases of a set, a folder or a public set, for one tool or for all they are for.

    Raises UsageError where there is no such set, or nothing in it for the tool.
    """
    if name in SETS:
        return _made(SETS[name], tool, limit, seed)
    if name.startswith(PREFIX):
        return read_hub(name, tool, limit or SETS["labels"].usual)
    folder = Path(name).expanduser()
    if folder.is_file() and folder.name in NAMES:
        folder = folder.parent
    if not folder.is_dir():
        raise UsageError(
            f"There is no data set or folder named '{name}'.",
            next=f"The sets are: {', '.join(SETS)}. A folder of your own has a {' or '.join(NAMES)}"
            " in it.",
        )
    return read_folder(folder, tools, tool)[:limit]


def _made(found: DataSet, tool: str | None, limit: int | None, seed: int) -> list[Case]:
    if why := found.missing():
        raise UsageError(f"The set '{found.name}' cannot be made here. {why}")
    if tool is not None and tool not in found.tools:
        raise UsageError(
            f"The set '{found.name}' has nothing for {tool}.",
            next=f"It is for {', '.join(found.tools)}; for {tool} there are: "
            f"{', '.join(each.name for each in sets_for(tool)) or 'none'}.",
        )
    try:
        return _drawn(found, tool, limit or found.usual, seed)
    except ModuleNotFoundError as error:
        raise ConfigurationError(
            f"The set '{found.name}' cannot be drawn ({error.name} is missing).",
            next="Install it: pip install 'visiontools[reader]'",
        ) from None


def _drawn(found: DataSet, tool: str | None, count: int, seed: int) -> list[Case]:
    if tool is None or len(found.tools) == 1:
        return list(found.make(count, seed))
    # A set for several tools is made larger, and what is for others left out.
    made = (case for case in found.make(count * len(found.tools), seed) if case.tool == tool)
    return list(islice(made, count))


def tools_of(cases: Sequence[Case]) -> list[str]:
    """Which tools the cases are for."""
    return sorted({case.tool for case in cases})

"""Everything that can be measured without a model, in one go: what docs/reliability.md is made of.

The reader reads every set it serves. For the other tools a scripted model that knows the truth
answers, garbling what it says as Llama 3.2 11B was seen to; and a scripted guard judges.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from visiontools.errors import StorageError
from visiontools.evals.cases import Case
from visiontools.evals.figures import by_group, groups, worst
from visiontools.evals.offline_words import (
    ABOUT_GUARD,
    ABOUT_PLANTED,
    ABOUT_READER,
    ABOUT_SCRIPTED,
    HOW_TO_READ,
    YOURS,
)
from visiontools.evals.planted import Reply, run_planted
from visiontools.evals.planted_seen import MAKERS
from visiontools.evals.report import (
    Part,
    conditions,
    sentence,
    tables,
    verdict_chart,
    worst_table,
    wrong_chart,
)
from visiontools.evals.report_more import injection_parts, planted_parts, safety_parts
from visiontools.evals.report_text import text, write_charts
from visiontools.evals.results import Result
from visiontools.evals.runner import Plan, Progress, measure
from visiontools.evals.safety import Judged, judge, scripted
from visiontools.evals.sets import SETS, can_read, cases_named
from visiontools.evals.told import NAME, served, told_model
from visiontools.observers import READER
from visiontools.registry import Tools
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer
from visiontools.views.blocks import Section, Text

TITLE = "How reliable"
TEXT, CHARTS = "reliability.md", "reliability"
READ: Mapping[str, int] = {
    "labels": 120, "diagrams": 160, "charts": 60, "receipts": 40, "wrong-kind": 40, "injected": 30,
}  # fmt: skip
"""How many cases of each set the reader reads: what two cores do in a quarter of an hour."""
TOLD: Mapping[str, int] = {
    "cars-undamaged": 45, "fridge-nothing": 20, "charts": 12, "receipts": 12, "invites": 48,
    "threads": 4, "injected": 20,
}  # fmt: skip
"""The same for the scripted model."""
PLANTED = 2
_DRAWN_BY_CHANCE = "The sets are drawn anew from seed {seed}."


@dataclass(frozen=True, slots=True)
class Offline:
    """All that was measured."""

    read: tuple[Result, ...]
    told: tuple[Result, ...]
    replies: tuple[Reply, ...]
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Sizes:
    """How much is measured; a test takes less."""

    read: Mapping[str, int] = field(default_factory=lambda: READ)
    told: Mapping[str, int] = field(default_factory=lambda: TOLD)
    planted: int = PLANTED
    tools: Sequence[str] = tuple(MAKERS)

    @classmethod
    def held_to(cls, limit: int | None) -> Sizes:
        """At most so many cases of each set."""
        if limit is None:
            return cls()
        small = {name: min(limit, count) for name, count in READ.items() if name in SETS}
        told = {name: min(limit, count) for name, count in TOLD.items()}
        return cls(small, told, min(limit, PLANTED))


async def run_offline(
    settings: Settings,
    tools: Tools,
    out: Path,
    seed: int,
    sizes: Sizes,
    tell: Callable[[Progress], None],
    *,
    again: bool = False,
) -> Offline:
    """Measure it all; goes on where it was stopped."""
    settings = settings.model_copy(update={"guard": None, "endpoints": {}})
    plan = Plan(settings=settings, out=out, endpoints=(READER,), tell=tell, again=again)
    read: list[Result] = []
    by_reader = [name for name, tool in tools.items() if can_read(tool)]
    for name, cases in _cases(tools, sizes.read, seed, by_reader):
        read += (await measure(name, cases, plan)).results
    told: list[Result] = []
    rest = [name for name in tools if name not in by_reader]
    with told_model(settings, tools) as (changed, model):
        plan = Plan(
            settings=changed, out=out, endpoints=(NAME,), tell=tell, again=True, begin=model.begin
        )
        for name, cases in _cases(tools, sizes.told, seed, rest):
            told += (await measure(name, cases, plan)).results
    replies = await run_planted(settings, out / "planted", sizes.tools, sizes.planted, seed)
    with ModelServer() as server:
        judged = await judge(scripted(settings, server), out / "judged")
    return Offline(tuple(read), tuple(told), tuple(replies), tuple(judged))


def _cases(
    tools: Tools, sizes: Mapping[str, int], seed: int, chosen: Sequence[str]
) -> list[tuple[str, list[Case]]]:
    """The cases of each set that are for some of the tools; sets that cannot be made are left."""
    found = []
    for name, count in sizes.items():
        known = SETS.get(name)
        if known is None or known.missing():
            continue
        mine = [tool for tool in known.tools if tool in chosen]
        if not mine:
            continue
        # A set for several tools is made for all, so that each gets its share.
        whole = round(count * len(known.tools) / len(mine))
        cases = served(cases_named(name, tools, None, whole, seed), chosen)
        found += [(name, cases)] if cases else []
    return found


def offline_parts(found: Offline, seed: int) -> list[Part]:
    """The report, in the order a newcomer asks."""
    read, told = by_group(found.read), by_group(found.told)
    parts: list[Part] = [*(Text(words) for words in HOW_TO_READ)]
    parts += [Section("The built-in reader", (Text(ABOUT_READER.format(seed=seed)),))]
    parts += [Text(sentence(row), strong=True) for row in read]
    parts += [verdict_chart(read, "reader"), wrong_chart(read), *tables(read)]
    parts += [block for group in groups(found.read) if (block := conditions(group))]
    if bad := worst(found.read):
        parts.append(replace(worst_table(bad), title="The worst cases"))
    parts += [Section("Replies garbled on purpose", (Text(ABOUT_PLANTED),))]
    parts += planted_parts(found.replies)
    parts += [Section("The other tools, by a scripted model", (Text(ABOUT_SCRIPTED),))]
    parts += [verdict_chart(told, "scripted"), *tables(told)]
    parts += injection_parts([*found.read, *found.told])
    parts += [Section("The guard", (Text(ABOUT_GUARD),)), *safety_parts(found.judged, None)]
    return parts


def write_offline(parts: Sequence[Part], out: Path) -> Path:
    """Write reliability.md and its charts; returns the former. Raises StorageError."""
    try:
        told = f"# {TITLE}\n{text(parts, CHARTS)}\n{YOURS}"
        (out / TEXT).write_text(told, encoding="utf-8")
        write_charts(parts, out / CHARTS)
    except OSError as error:
        raise StorageError(
            f"{out} cannot be written: {error.strerror or error}.", next="Name another --out."
        ) from None
    return out / TEXT


def as_json(found: Offline) -> dict[str, Any]:
    """For programs."""
    return {
        "figures": [row.as_json() for row in by_group([*found.read, *found.told])],
        "replies": len(found.replies),
        "as_planned": sum(each.as_planned for each in found.replies),
        "judged": len(found.judged),
        "judged_rightly": sum(each.right for each in found.judged),
    }


def measure_offline(
    settings: Settings, tools: Tools, out: Path, seed: int, sizes: Sizes,
    tell: Callable[[Progress], None], *, again: bool = False,
) -> Offline:  # fmt: skip
    """The same for callers without a loop."""
    return asyncio.run(run_offline(settings, tools, out, seed, sizes, tell, again=again))

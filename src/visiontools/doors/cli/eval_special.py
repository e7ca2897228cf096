"""``--data planted`` and ``--data safety``: what is measured otherwise than case by case."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from visiontools.doors.cli.eval_told import show_report
from visiontools.doors.cli.output import print_json, say, stdout
from visiontools.errors import UsageError
from visiontools.evals.evaluate import write_parts
from visiontools.evals.planted import Reply, run_planted
from visiontools.evals.planted_seen import MAKERS
from visiontools.evals.report import Part
from visiontools.evals.report_more import planted_parts, safety_parts
from visiontools.evals.safety import Judged, judge, scripted
from visiontools.registry import Tools
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer

SPECIAL = ("planted", "safety")
_ALL = "all"
_PLANTED = 2
"""Observations of each tool, unless told."""


def special(settings: Settings, tools: Tools, tool: str, said: dict[str, Any]) -> int:
    """Measure the one thing named, and report it."""
    if len(said["data"]) > 1:
        raise UsageError(
            f"{' and '.join(SPECIAL)} are measured by themselves.", next="Name one with --data."
        )
    name = said["data"][0]
    out: Path = said["out"]
    out.mkdir(parents=True, exist_ok=True)
    if name == "planted":
        chosen = list(MAKERS) if tool == _ALL else [tools.find(tool).name]
        replies = replies_of(settings, chosen, said["limit"] or _PLANTED, said["seed"])
        parts: Sequence[Part] = planted_parts(replies)
        told: dict[str, Any] = {"replies": [asdict(each) for each in replies]}
    else:
        judged, guard = judged_by(settings)
        parts = safety_parts(judged, guard)
        told = {"guard": guard, "texts": [asdict(each) for each in judged]}
    path = write_parts(f"Evaluation: {name}", parts, told, out)
    if said["as_json"]:
        print_json(told)
        return 0
    show_report(parts, stdout())
    say(f"The report: {path}")
    return 0


def replies_of(settings: Settings, tools: Sequence[str], count: int, seed: int) -> list[Reply]:
    """What comes of garbled replies. Raises UsageError for a tool nothing can be planted for."""
    if unknown := [name for name in tools if name not in MAKERS]:
        raise UsageError(
            f"Nothing can be planted for {', '.join(unknown)}.",
            next=f"There are: {', '.join(MAKERS)}.",
        )
    with TemporaryDirectory() as folder:
        return asyncio.run(run_planted(settings, Path(folder), tools, count, seed))


def judged_by(settings: Settings) -> tuple[list[Judged], str | None]:
    """By the guard of the settings and its model's name, or by a scripted one and None."""
    with TemporaryDirectory() as folder:
        if settings.guard is not None:
            return asyncio.run(judge(settings, Path(folder))), settings.guard.model
        with ModelServer() as server:
            return asyncio.run(judge(scripted(settings, server), Path(folder))), None

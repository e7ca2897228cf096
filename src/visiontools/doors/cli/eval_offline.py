"""``visiontools eval all``: everything that can be measured without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from visiontools.doors.cli.eval_told import show_report, telling
from visiontools.doors.cli.output import print_json, say, stdout
from visiontools.evals.evaluate import write_parts
from visiontools.evals.offline import (
    TITLE,
    Sizes,
    as_json,
    measure_offline,
    offline_parts,
    write_offline,
)
from visiontools.registry import Tools
from visiontools.settings import Settings


def offline(settings: Settings, tools: Tools, said: dict[str, Any]) -> int:
    """Measure, and write the report in its three forms."""
    out: Path = said["out"]
    out.mkdir(parents=True, exist_ok=True)
    sizes = Sizes.held_to(said["limit"])
    with telling() as tell:
        found = measure_offline(
            settings, tools, out, said["seed"], sizes, tell, again=said["again"]
        )
    parts = offline_parts(found, said["seed"])
    told = as_json(found)
    page = write_parts(TITLE, parts, told, out)
    text = write_offline(parts, out)
    if said["as_json"]:
        print_json(told)
        return 0
    show_report(parts, stdout())
    say(f"The report: {page} and {text}")
    return 0

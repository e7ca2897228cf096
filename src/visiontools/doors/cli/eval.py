"""``visiontools eval``: how good a tool is, by whom, on which data; and whether to trust it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.output import print_json, say, stdout, warn
from visiontools.errors import UsageError
from visiontools.registry import Tools, load_tools
from visiontools.settings import Settings

if TYPE_CHECKING:
    from visiontools.evals.evaluate import Wanted

_ALL = "all"
_OUT = "evaluation"


@click.command("eval")
@click.argument("tool", required=False, shell_complete=names.tools)
@click.option(
    "--endpoint",
    "endpoints",
    multiple=True,
    metavar="NAME",
    shell_complete=names.endpoints,
    help="Who is measured, also several times; your default, else the built-in reader.",
)
@click.option(
    "--data",
    multiple=True,
    metavar="SET|FOLDER",
    help="A data set, a folder of your own, or hf:ID of a public set; all sets unless told.",
)
@click.option("--describe", is_flag=True, help="Tell what the data sets are, and measure nothing.")
@click.option("--limit", type=click.IntRange(1), help="At most so many cases of each set.")
@click.option(
    "--compare", nargs=2, metavar="A B", help="Two endpoints on the same cases: who is better?"
)
@click.option(
    "--budget", type=click.FloatRange(0, min_open=True), help="Stop before more is spent."
)
@click.option(
    "--price",
    "prices",
    multiple=True,
    metavar="NAME=IN/OUT",
    help="What a million tokens in and out cost at an endpoint: box=0.35/0.40 EUR",
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of the sets that are drawn.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, show_default=True, help="Cases at a time."
)
@click.option("--again", is_flag=True, help="Measure anew what was measured before.")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path(_OUT),
    show_default=True,
    help="Where the report goes; what is there already is not measured again.",
)
@click.option("--log", is_flag=True, help="Write a log for Inspect's viewer, too ('inspect view').")
@click.option(
    "--save-corrections",
    "save_to",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Save what you put right in the workbench as cases, and measure nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON, nothing else.")
def evaluate(tool: str | None, **said: Any) -> int:
    """Measure TOOL on data whose truth is known, and write a report.

    \b
    visiontools eval diet                                  the reader on every set for it
    visiontools eval diet --data my_photos --endpoint box  your pictures, your model
    visiontools eval car_damage --compare box vertex       which of the two?
    visiontools eval diet --data planted                   replies as a model garbles them
    visiontools eval all --data safety                     the guard, both ways
    visiontools eval all                                   everything, without a model
    visiontools eval --describe                            what the sets are

    What was measured is kept below --out: the same command goes on where it was stopped.
    """  # fmt: skip
    settings = Settings.load()
    tools = load_tools(settings.tools_folder)
    for problem in tools.problems:
        warn(problem)
    if said["describe"]:
        return _describe(said["data"], tool, as_json=said["as_json"])
    if said["save_to"] is not None:
        return _save(settings, None if tool == _ALL else tool, said["save_to"])
    if tool is None:
        raise UsageError(
            "Which tool is to be measured?", next=f"There are: {', '.join(tools)}; or all."
        )
    if tool == _ALL and not said["data"] and not said["endpoints"]:
        from visiontools.doors.cli.eval_offline import offline

        return offline(settings, tools, said)
    return _measure(settings, tools, tool, said)


def _describe(data: tuple[str, ...], tool: str | None, *, as_json: bool) -> int:
    from visiontools.doors.cli.eval_told import describe

    return describe(data, tool, as_json=as_json)


def _save(settings: Settings, tool: str | None, folder: Path) -> int:
    from visiontools.doors.cli.opening import opened_records
    from visiontools.evals.corrections import save_corrections
    from visiontools.types import LOCAL_OWNER

    async def saved() -> int:
        async with opened_records(settings) as records:
            return await save_corrections(records, LOCAL_OWNER, tool, folder)

    count = asyncio.run(saved())
    if not count:
        say("Nothing was put right yet: 'visiontools serve', open an answer, and correct it there.")
        return 0
    say(f"Saved {count} {'case' if count == 1 else 'cases'} in {folder}.")
    say(f"Measure them: visiontools eval {tool or 'TOOL'} --data {folder} --endpoint NAME")
    return 0


def _measure(settings: Settings, tools: Tools, tool: str, said: dict[str, Any]) -> int:
    from visiontools.doors.cli.eval_special import SPECIAL, special
    from visiontools.doors.cli.eval_told import show_report, telling
    from visiontools.evals.evaluate import evaluate as evaluated
    from visiontools.evals.evaluate import write_report

    if any(name in SPECIAL for name in said["data"]):
        return special(settings, tools, tool, said)
    wanted = _wanted(settings, tool, said)
    with telling() as tell:
        found = asyncio.run(evaluated(wanted, settings, tools, tell))
    path = write_report(f"Evaluation of {tool}", found, wanted.out)
    if said["log"]:
        from visiontools.evals.inspect_log import write_log

        say(f"Inspect's log is {write_log(found.results, wanted.out)}")
    if said["as_json"]:
        print_json(found.as_json())
        return 0
    show_report(found.parts, stdout())
    if found.left:
        warn(f"The budget ended before {found.left} cases.")
    say(f"The report with pictures: {path}")
    return 0


def _wanted(settings: Settings, tool: str, said: dict[str, Any]) -> Wanted:
    from visiontools.evals.evaluate import Wanted
    from visiontools.evals.spending import Budget, prices_of

    compared = said["compare"] or None
    endpoints = tuple(dict.fromkeys((*said["endpoints"], *(compared or ()))))
    return Wanted(
        tool=None if tool == _ALL else tool,
        out=said["out"],
        data=said["data"],
        endpoints=endpoints or (settings.default_endpoint,),
        compared=compared,
        limit=said["limit"],
        seed=said["seed"],
        jobs=said["jobs"],
        again=said["again"],
        budget=Budget(said["budget"], prices_of(said["prices"])),
    )

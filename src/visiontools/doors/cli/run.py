"""``visiontools run``: ask a tool about a picture or a text."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.ending import end
from visiontools.doors.cli.inputs import (
    STDIN,
    parse_options,
    read_observation,
    read_uploads,
)
from visiontools.doors.cli.options import local_only_option
from visiontools.doors.cli.output import print_json, say, stderr, warn
from visiontools.errors import UsageError
from visiontools.registry import AnyTool, Tools, load_tools
from visiontools.settings import Settings
from visiontools.types import Request

_TEMPLATE = "template"


@dataclass(frozen=True, slots=True)
class _Said:
    """What the command line says, as it was written."""

    tool: str
    inputs: tuple[str, ...]
    ask: str | None
    endpoint: str | None
    observation: str | None
    options: tuple[str, ...]
    again: bool
    local_only: bool


@click.command()
@click.argument("tool", shell_complete=names.tools)
@click.argument("inputs", nargs=-1, metavar="INPUT...", type=click.Path())
@click.option("--ask", metavar="TEXT", help="A question of your own about the picture.")
@click.option(
    "--endpoint",
    metavar="NAME",
    shell_complete=names.endpoints,
    help="Who is asked to look; of a,b the second where the first cannot answer.",
)
@click.option(
    "--observation",
    metavar="FILE",
    type=click.Path(),
    help="What you see yourself, as JSON ('-' for standard input); nobody else is asked to look. "
    "'template' prints one to fill in.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="KEY=VALUE",
    shell_complete=names.options,
    help="An option of the tool.",
)
@click.option("--again", is_flag=True, help="Ask anew, even if a record holds the answer.")
@local_only_option
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON, nothing else.")
def run(as_json: bool, **said: object) -> int:
    """Ask TOOL about the pictures or texts INPUT ('-' for standard input).

    \b
    visiontools run diet label.png
    visiontools run diet cola.jpg tea.jpg --option goal=less_sugar
    visiontools run fridge fridge.jpg --observation template > seen.json
    visiontools run fridge fridge.jpg --observation seen.json
    visiontools run fridge fridge.jpg --endpoint box --ask "What goes off first?"
    visiontools run messages thread.txt --endpoint local

    'visiontools tools' lists the tools with their options, 'visiontools endpoints' who can look.

    The exit status is 0 for an answer, 2 for wrong usage, 10 for "cannot tell", 11 for the wrong
    picture, 12 refused, 13 blocked, 14 invalid, 15 nobody could answer, 16 an unusable file, 17
    stopped.
    """
    given = _Said(**said)  # type: ignore[arg-type]
    settings = Settings.load().staying(local_only=given.local_only)
    tools = load_tools(settings.tools_folder)
    for problem in tools.problems:
        warn(problem)
    tool = tools.find(given.tool)
    if given.observation == _TEMPLATE:
        _print_template(tool, parse_options(tool, given.options))
        return 0
    request = _request(tool, given, settings)
    return asyncio.run(_ask(request, settings, tools, as_json=as_json))


async def _ask(request: Request, settings: Settings, tools: Tools, *, as_json: bool) -> int:
    from visiontools.doors.cli.opening import opened_pipeline
    from visiontools.doors.cli.progress import walk

    async with opened_pipeline(settings) as pipeline:
        finished = await walk(pipeline.run(request))
    return end(finished, tools, as_json=as_json)


def _request(tool: AnyTool, given: _Said, settings: Settings) -> Request:
    if given.observation == STDIN and STDIN in given.inputs:
        raise UsageError("Standard input ('-') cannot be both the input and the observation.")
    if given.ask is not None and not given.ask.strip():
        raise UsageError("The question of --ask is empty.", next="Write it in quotes.")
    options = parse_options(tool, given.options)
    observation = _observation(tool, given.observation, options) if given.observation else None
    return Request(
        tool=tool.name,
        uploads=read_uploads(given.inputs, settings.max_upload_bytes),
        ask=given.ask,
        options=options,
        endpoint=given.endpoint,
        observation=observation,
        again=given.again,
    )


def _observation(tool: AnyTool, name: str, options: dict[str, Any]) -> dict[str, Any]:
    from visiontools.doors.cli.filled import filled_in

    said, untouched = filled_in(tool, read_observation(name), options)
    if untouched == [""]:
        warn("The observation is the template as it is printed: put in what you see.")
    elif untouched:
        warn(f"Left out, since the template has it just so: {', '.join(untouched)}.")
    return said


def _print_template(tool: AnyTool, options: dict[str, Any]) -> None:
    from visiontools.doors.cli.template import fields, template
    from visiontools.views import terminal
    from visiontools.views.blocks import Table

    print_json(template(tool, options))
    table = Table(("Field", "What it may be", "Meaning"), tuple(fields(tool, options)))
    say(f"What to fill in for {tool.title}; lists take as many entries as you see:")
    terminal.show([table], stderr())
    say(
        "Save the JSON above, put in what you see, then: "
        f"visiontools run {tool.name} INPUT --observation FILE"
    )

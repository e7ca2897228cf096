"""``visiontools tools``: what can be asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import click
from pydantic import ValidationError

from visiontools.doors.cli import names
from visiontools.doors.cli.output import print_json, stdout, warn
from visiontools.doors.describe import described, reader_can
from visiontools.registry import AnyTool, load_tools
from visiontools.settings import Settings
from visiontools.views import terminal
from visiontools.views.blocks import Block, Facts, Section, Text


@click.command()
@click.argument("wanted", metavar="[TOOL]...", nargs=-1, shell_complete=names.tools)
@click.option("--json", "as_json", is_flag=True, help="Print name, texts and JSON Schemas as JSON.")
def tools(wanted: tuple[str, ...], as_json: bool) -> None:
    """List the tools: what each needs, who can look for it, and its options.

    \b
    visiontools tools
    visiontools tools diet      only this one
    """
    settings = Settings.load()
    found = load_tools(settings.tools_folder)
    for problem in found.problems:
        warn(problem)
    chosen = [found.find(name) for name in wanted] or list(found.values())
    if as_json:
        print_json([described(tool) for tool in chosen])
        return
    terminal.show(_shown(chosen, settings), stdout())


def _shown(chosen: Sequence[AnyTool], settings: Settings) -> list[Block]:
    blocks: list[Block] = [_section(tool) for tool in chosen]
    start = chosen[0].name if len(chosen) == 1 else "TOOL"
    inputs = "PICTURE" if len(chosen) > 1 or "picture" in chosen[0].takes else "FILE"
    rows = [
        ("Run one", f"visiontools run {start} {inputs} --option KEY=VALUE"),
        ("Make your own", "visiontools new-tool NAME"),
        ("Your own are in", str(settings.tools_folder)),
    ]
    return [*blocks, Facts(tuple(rows[: 1 if len(chosen) == 1 else None]))]


def _written(value: Any) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _section(tool: AnyTool) -> Section:
    kind = "vision" if "picture" in tool.takes else "language"
    eyes = f"a {kind} model, or you (--observation)"
    rows = [
        ("needs", tool.wants),
        ("looks", f"the built-in reader, {eyes}" if reader_can(tool) else eyes),
        *(("option", line) for line in _options(tool)),
    ]
    return Section(f"{tool.name}: {tool.title}", (Text(tool.summary), Facts(tuple(rows))))


def _options(tool: AnyTool) -> list[str]:
    """Each option with its default as it would be written, its choices and its meaning."""
    schema = tool.options.model_json_schema(by_alias=True)
    try:
        usual = tool.options().model_dump(mode="json", by_alias=True)
    except ValidationError:  # an option that must be given has no default
        usual = {}
    told = schema.get("properties", {}).items()
    return [_option(name, about, usual.get(name)) for name, about in told]


def _option(name: str, about: Mapping[str, Any], usual: Any) -> str:
    given = "" if usual in (None, [], {}) else f"={_written(usual)}"
    choices = f" ({', '.join(map(str, about['enum']))})" if "enum" in about else ""
    meaning = f": {about['description']}" if "description" in about else ""
    return f"{name}{given}{choices}{meaning}"

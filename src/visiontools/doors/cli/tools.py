"""``visiontools tools``: what can be asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from visiontools.doors.cli.output import print_json, stdout, warn
from visiontools.registry import AnyTool, Tools, load_tools
from visiontools.settings import Settings
from visiontools.tooling import Tool
from visiontools.views import terminal
from visiontools.views.blocks import Block, Facts, Section, Text


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print name, texts and JSON Schemas as JSON.")
def tools(as_json: bool) -> None:
    """List the tools: what each needs, who can look for it, and its options."""
    settings = Settings.load()
    found = load_tools(settings.tools_folder)
    for problem in found.problems:
        warn(problem)
    if as_json:
        print_json([_described(tool) for tool in found.values()])
        return
    terminal.show(_shown(found, settings), stdout())


def _described(tool: AnyTool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "title": tool.title,
        "summary": tool.summary,
        "version": tool.version,
        "needs": tool.needs,
        "reader": _reader_can(tool),
        "observation_schema": tool.observation.model_json_schema(by_alias=True),
        "answer_schema": tool.answer.model_json_schema(by_alias=True, mode="serialization"),
        "options_schema": tool.options.model_json_schema(by_alias=True),
    }


def _reader_can(tool: AnyTool) -> bool:
    """Whether the built-in reader can observe for the tool: whether the tool says how."""
    return type(tool).read is not Tool.read


def _shown(found: Tools, settings: Settings) -> list[Block]:
    blocks: list[Block] = [_section(tool) for tool in found.values()]
    if not blocks:
        blocks.append(Text("There are no tools."))
    start = next(iter(found), "TOOL")
    blocks.append(
        Text(
            f"Run one:          visiontools run {start} PICTURE\n"
            f"Make your own:    visiontools new-tool NAME   (in {settings.tools_folder})"
        )
    )
    return blocks


def _section(tool: AnyTool) -> Section:
    eyes = "a vision model, or you (--observation)"
    rows = [
        ("needs", f"a picture of {tool.needs}"),
        ("looks", f"the built-in reader, {eyes}" if _reader_can(tool) else eyes),
        *(("option", line) for line in _options(tool)),
    ]
    return Section(f"{tool.name}: {tool.title}", (Text(tool.summary), Facts(tuple(rows))))


def _options(tool: AnyTool) -> list[str]:
    schema = tool.options.model_json_schema(by_alias=True)
    return [_option(name, about) for name, about in schema.get("properties", {}).items()]


def _option(name: str, about: Mapping[str, Any]) -> str:
    default = about.get("default")
    given = "" if default is None or default in ([], {}) else f"={default}"
    choices = f" ({', '.join(map(str, about['enum']))})" if "enum" in about else ""
    meaning = f": {about['description']}" if "description" in about else ""
    return f"{name}{given}{choices}{meaning}"

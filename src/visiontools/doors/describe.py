"""A tool described for programs: the same words at every door."""

from __future__ import annotations

from typing import Any

from visiontools.registry import AnyTool
from visiontools.tooling import Tool
from visiontools.translations import tr


def described(tool: AnyTool) -> dict[str, Any]:
    """Its name, its texts, and the JSON Schemas of what is seen, answered and may be set."""
    return {
        "name": tool.name,
        "title": tool.title,
        "summary": tool.summary,
        "version": tool.version,
        "needs": tool.needs,
        "takes": list(tool.takes),
        "reader": reader_can(tool),
        "observation_schema": tool.observation.model_json_schema(by_alias=True),
        "answer_schema": tool.answer.model_json_schema(by_alias=True, mode="serialization"),
        "options_schema": tool.options.model_json_schema(by_alias=True),
    }


def wants(tool: AnyTool) -> str:
    """What is to be handed in, for a person."""
    needs = tr(tool.needs)
    if "picture" not in tool.takes:
        return tr("A text: %(needs)s", needs=needs)
    if "text" in tool.takes:
        return tr("A text or picture of %(needs)s", needs=needs)
    return tr("A picture of %(needs)s", needs=needs)


def reader_can(tool: AnyTool) -> bool:
    """Whether the built-in reader can observe for the tool: whether the tool says how."""
    return type(tool).read is not Tool.read

"""A person's observation to start from: valid JSON made from a tool's schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from visiontools.doors.schema import DEEPEST, Schema, example, proposal_schema, resolved
from visiontools.pointers import join
from visiontools.registry import AnyTool


def template(tool: AnyTool, options: Schema | None = None) -> dict[str, Any]:
    """An observation that fits the tool, one example in each list of things.

    Where the tool, with these options, asks for a proposal, an example of it is under ``proposal``.
    """
    observation = example(tool.observation)
    wanted = proposal_schema(tool, observation, options)
    return observation if wanted is None else {**observation, "proposal": example(wanted)}


def fields(tool: AnyTool, options: Schema | None = None) -> list[tuple[str, str, str]]:
    """Each field of the template: its JSON pointer, what it may be, and what it means."""
    observation = example(tool.observation)
    told = list(_told(tool.observation, ""))
    wanted = proposal_schema(tool, observation, options)
    return told if wanted is None else [*told, *_told(wanted, "/proposal")]


def _told(model: type[BaseModel], at: str) -> Iterator[tuple[str, str, str]]:
    schema = model.model_json_schema(by_alias=True)
    yield from _told_below(schema, schema.get("$defs", {}), at, 0)


def _told_below(
    schema: Schema, defs: Schema, at: str, depth: int
) -> Iterator[tuple[str, str, str]]:
    found = resolved(schema, defs)
    if depth >= DEEPEST:
        return
    if "properties" in found:
        for name, each in found["properties"].items():
            yield from _told_below(each, defs, join(at, name), depth + 1)
    elif found.get("type") == "array" and "items" in found:
        if "description" in found:
            yield at, "list", found["description"]
        yield from _told_below(found["items"], defs, join(at, 0), depth + 1)
    else:
        yield at, _allowed(found), found.get("description", "")


def _allowed(schema: Schema) -> str:
    choices = schema.get("enum") or ([schema["const"]] if "const" in schema else None)
    said = ", ".join(map(str, choices)) if choices else str(schema.get("type", "anything"))
    return f"{said}, or null" if schema.get("nullable") else said

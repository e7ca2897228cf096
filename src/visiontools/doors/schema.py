"""JSON Schemas as a person fills them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from visiontools.registry import AnyTool

Schema = Mapping[str, Any]
DEEPEST = 12
"""Schemas may contain themselves; nobody fills in a form deeper than this."""


def resolved(schema: Schema, defs: Schema) -> Schema:
    """The schema behind a reference and the first choice that is not null.

    ``nullable`` in it says whether null was the other choice.
    """
    while True:
        if "$ref" in schema:
            name = schema["$ref"].rsplit("/", 1)[-1]
            schema = {**defs[name], **{k: v for k, v in schema.items() if k != "$ref"}}
        elif "anyOf" in schema or "oneOf" in schema:
            choices = schema.get("anyOf") or schema["oneOf"]
            first = next((c for c in choices if c.get("type") != "null"), choices[0])
            rest = {k: v for k, v in schema.items() if k not in ("anyOf", "oneOf", "default")}
            schema = {**first, **rest, "nullable": len(choices) > 1 and first is not choices[-1]}
        elif len(schema.get("allOf", ())) == 1:
            schema = {**schema["allOf"][0], **{k: v for k, v in schema.items() if k != "allOf"}}
        else:
            return schema


def example(model: type[BaseModel]) -> dict[str, Any]:
    """A value that fits the model: defaults, else the first choice, zero, or an empty text."""
    schema = model.model_json_schema(by_alias=True)
    made = _example(schema, schema.get("$defs", {}), 0)
    return made if isinstance(made, dict) else {}


def proposal_schema(
    tool: AnyTool, observation: dict[str, Any], options: Schema | None = None
) -> type[BaseModel] | None:
    """What the tool asks to be proposed, once this has been seen; None where it asks nothing.

    It may depend on the options that were given: a translation is wanted for some languages.
    """
    try:
        seen = tool.observation.model_validate(observation)
        wanted = tool.proposal(seen, tool.options.model_validate(dict(options or {})))
    except Exception:  # a template without a proposal beats none; the tool may be anybody's
        return None
    return wanted.schema if wanted else None


def _example(schema: Schema, defs: Schema, depth: int) -> Any:
    default = schema.get("default")
    found = resolved(schema, defs)
    kind = found.get("type")
    if kind == "object" or "properties" in found:
        if depth >= DEEPEST:
            return None if found.get("nullable") else {}
        inner = found.get("properties", {}).items()
        return {name: _example(each, defs, depth + 1) for name, each in inner}
    if kind == "array":
        return _list(found, defs, depth)
    if default is not None:
        return default
    return None if found.get("nullable") else _scalar(found)


def _list(schema: Schema, defs: Schema, depth: int) -> list[Any]:
    """One example of an object; a list of plain texts is empty, lest the example be taken in."""
    items = schema.get("items")
    if items is None or depth >= DEEPEST:
        return []
    plain = "properties" not in resolved(items, defs)
    if plain and not schema.get("minItems"):
        return []
    return [_example(items, defs, depth + 1)]


def _scalar(schema: Schema) -> Any:
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind in ("number", "integer"):
        above = schema.get("exclusiveMinimum")
        return schema.get("minimum", 0) if above is None else above + 1
    if kind == "boolean":
        return False
    return "?" * schema.get("minLength", 0) if kind == "string" else None

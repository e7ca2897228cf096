"""Forms made from JSON Schemas: a tool's options, and what a person sees in a picture.

A field is named by the way to it, ``seen.parts.0.severity``, so that a plain HTML form carries the
whole of it. ``forms_read`` makes the value of what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import BaseModel

from visiontools.doors.schema import Schema, resolved

Kind = Literal[
    "text", "long", "number", "flag", "choice", "choices", "lines", "raw", "group", "list"
]
_DEEPEST = 6
"""Schemas may contain themselves: what lies deeper is written as JSON."""
_LONG = 300


@dataclass(frozen=True, slots=True)
class Field:
    """One thing to fill in.

    ``text`` is what stands in it and ``chosen`` what is ticked. A group has its fields ``inside``,
    a list its entries, and an empty ``entry`` to add, in whose names ``index`` stands for its
    number.
    """

    name: str
    label: str
    kind: Kind
    help: str = ""
    text: str = ""
    chosen: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    nullable: bool = False
    whole: bool = False
    inside: tuple[Field, ...] = ()
    entry: Field | None = None
    index: str = ""


def kind_of(schema: Schema, defs: Schema, depth: int) -> Kind:
    """How a value of this (resolved) schema is filled in."""
    if "properties" in schema:
        return "group" if depth < _DEEPEST else "raw"
    kind = schema.get("type")
    if kind == "array":
        return _list_kind(resolved(schema.get("items", {}), defs), depth)
    if "enum" in schema or "const" in schema:
        return "choice"
    if kind in ("number", "integer"):
        return "number"
    if kind == "boolean":
        return "choice" if schema.get("nullable") else "flag"
    if kind == "string":
        return "long" if schema.get("maxLength", 0) >= _LONG else "text"
    return "raw"


def _list_kind(items: Schema, depth: int) -> Kind:
    if "enum" in items:
        return "choices"
    if "properties" in items:
        return "list" if depth < _DEEPEST else "raw"
    return "lines" if items.get("type") == "string" else "raw"


def choices_of(schema: Schema) -> tuple[str, ...]:
    """What may be chosen, as texts."""
    if schema.get("type") == "boolean":
        return ("true", "false")
    found = schema.get("enum") or ([schema["const"]] if "const" in schema else [])
    return tuple(map(str, found))


class FormMaker:
    """Makes the fields of one model."""

    def __init__(self, model: type[BaseModel]) -> None:
        schema: Schema = model.model_json_schema(by_alias=True)
        self.defs: Schema = schema.get("$defs", {})
        self.schema = resolved(schema, self.defs)

    def fields(
        self, prefix: str, value: Mapping[str, Any] | None = None, leave_out: Sequence[str] = ()
    ) -> tuple[Field, ...]:
        """The fields with this value in them, or as they are to start from."""
        known = self.schema.get("properties", {})
        kept = {name: each for name, each in known.items() if name not in leave_out}
        return self._inside(kept, prefix, value, 0)

    def _inside(
        self, known: Schema, prefix: str, value: Mapping[str, Any] | None, depth: int
    ) -> tuple[Field, ...]:
        given = value or {}
        return tuple(
            self.field(each, f"{prefix}.{name}", name, given.get(name, _UNSAID), depth)
            for name, each in known.items()
        )

    def field(self, schema: Schema, at: str, name: str, value: Any, depth: int) -> Field:
        """One field; ``value`` is ``_UNSAID`` where its default is to stand in it."""
        found = resolved(schema, self.defs)
        kind = kind_of(found, self.defs, depth)
        if value is _UNSAID:
            value = schema.get("default")
        label = name.replace("_", " ").capitalize()
        described = schema if kind == "group" else found  # a model's own words are for programs
        about = described.get("description", "")
        nullable = bool(found.get("nullable"))
        if kind == "group":
            inside = self._inside(found["properties"], at, value, depth + 1)
            if nullable:  # left empty, it says nothing: so nothing may be chosen beforehand
                inside = tuple(_may_be_empty(each, value is not None) for each in inside)
            return Field(at, label, kind, about, nullable=nullable, inside=inside)
        if kind == "list":
            return self._list(found, at, label, about, value, depth)
        if kind in ("choices", "lines"):
            listed = tuple(map(str, value or ()))
            choices = choices_of(resolved(found["items"], self.defs)) if kind == "choices" else ()
            text = "\n".join(listed)
            return Field(at, label, kind, about, text, listed, choices)
        choices = choices_of(found) if kind == "choice" else ()
        whole = found.get("type") == "integer"
        return Field(at, label, kind, about, _text(value, kind), (), choices, nullable, whole)

    def _list(
        self, schema: Schema, at: str, label: str, about: str, value: Any, depth: int
    ) -> Field:
        """Its entries; where there are none yet, one to fill in, for those without scripts."""
        one = _one_of(label)
        index = f"__{depth}__"
        items = schema["items"]
        said = value if isinstance(value, list) and value else [_UNSAID]
        entries = tuple(
            self.field(items, f"{at}.{number}", one, each, depth + 1)
            for number, each in enumerate(said)
        )
        entry = self.field(items, f"{at}.{index}", one, _UNSAID, depth + 1)
        return Field(at, label, "list", about, inside=entries, entry=entry, index=index)


_UNSAID: Any = object()


def _may_be_empty(field: Field, filled: bool) -> Field:
    return replace(field, nullable=True, text=field.text if filled else "")


def _one_of(many: str) -> str:
    """What one of a list is called: "Dish" of "Dishes", "Entry" where that cannot be told."""
    for ending, one in (
        ("eries", "eries"),
        ("ies", "y"),
        ("shes", "sh"),
        ("ches", "ch"),
        ("xes", "x"),
        ("s", ""),
    ):
        if many.endswith(ending):
            return many.removesuffix(ending) + one
    return "Entry"


def _text(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if kind == "raw" or isinstance(value, bool):
        return json.dumps(value)
    return f"{value:.12g}" if isinstance(value, float) else str(value)

"""Faults put into an observation, by its JSON Schema: what a model gets wrong, made on purpose."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

Path = tuple[str | int, ...]
Json = Mapping[str, Any]
_NO_CHOICE = "somewhat_unusual"


def draft_of(planted: Json) -> dict[str, Any] | None:
    """The same with one entry less in its longest list: a draft that would do, too."""
    told = copy.deepcopy(dict(planted))
    lists = [(len(value), path) for path, value in _walk(told) if isinstance(value, list) and value]
    if not lists:
        return None
    _, path = max(lists, key=lambda pair: pair[0])
    _at(told, path).pop()
    return told


def enumerated(planted: Json, schema: Json) -> dict[str, Any] | None:
    """One choice replaced by a word that was not offered."""
    told = copy.deepcopy(dict(planted))
    for path in _choices(told, schema):
        _put(told, path, _NO_CHOICE)
        return told
    return None


def hyphened(planted: Json, schema: Json) -> dict[str, Any] | None:
    """Every choice of two words written with a hyphen and capitals; None where there is none."""
    told = copy.deepcopy(dict(planted))
    changed = False
    for path in list(_choices(told, schema)):
        word = _at(told, path)
        if isinstance(word, str) and "_" in word:
            _put(told, path, word.replace("_", " ").title())
            changed = True
    return told if changed else None


def listless(planted: Json, schema: Json) -> dict[str, Any] | None:
    """Words where a list of objects belongs."""
    return _instead_of_list(planted, "none visible")


def null_list(planted: Json, schema: Json) -> dict[str, Any] | None:
    """Null where a list belongs."""
    return _instead_of_list(planted, None)


def _instead_of_list(planted: Json, value: Any) -> dict[str, Any] | None:
    told = copy.deepcopy(dict(planted))
    for path, found in _walk(told):
        if isinstance(found, list) and path:
            _put(told, path, value)
            return told
    return None


def required_left_out(planted: Json, schema: Json) -> dict[str, Any] | None:
    """A field that the schema wants, left out of the first object that has to have it."""
    told = copy.deepcopy(dict(planted))
    for path, value, part in _described(told, schema):
        wanted = [name for name in part.get("required", ()) if name in value] if path else []
        if wanted:
            del value[wanted[0]]
            return told
    return None


def quoted_numbers(planted: Json) -> dict[str, Any] | None:
    """Every number as a text of digits."""
    told = copy.deepcopy(dict(planted))
    numbers = [
        (path, value)
        for path, value in _walk(told)
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    for path, value in numbers:
        _put(told, path, json.dumps(value))
    return told if numbers else None


def bulleted(planted: Json) -> str:
    """The facts as a Markdown list, with no object in it."""
    lines = ["**What I see**", ""]
    for path, value in _walk(planted):
        if not isinstance(value, dict | list):
            name = " ".join(str(step) for step in path)
            lines.append(f"* **{name}**: {value}")
    return "\n".join(lines)


def cut(text: str) -> str:
    """The text up to the middle of a name or word past its half: no bracket can mend it."""
    at = text.index('"', len(text) // 2)
    opening = text[:at].count('"') % 2 == 0
    if not opening:  # that one closes a text
        at = text.find('"', at + 1)
    return text[: at + 2] if at >= 0 else text[: len(text) // 2]


def invented() -> dict[str, Any]:
    """An object that answers another question."""
    return {"weather": {"temperature": 21, "sky": "clear"}, "mood": "calm"}


def _choices(value: Any, schema: Json) -> Iterator[Path]:
    """Where a choice stands."""
    for path, found, part in _described(value, schema):
        for name, item in found.items():
            if "enum" in _resolved(part.get("properties", {}).get(name, {}), schema) and item:
                yield (*path, name)


def _described(value: Any, schema: Json) -> Iterator[tuple[Path, dict[str, Any], Json]]:
    """Every object of a value with the part of the schema that describes it."""
    todo: list[tuple[Path, Any, Json]] = [((), value, schema)]
    while todo:
        path, found, raw = todo.pop(0)
        part = _resolved(raw, schema)
        if isinstance(found, dict):
            yield path, found, part
            properties = part.get("properties", {})
            todo += [((*path, n), item, properties.get(n, {})) for n, item in found.items()]
        elif isinstance(found, list):
            todo += [((*path, i), item, part.get("items", {})) for i, item in enumerate(found)]


def _resolved(part: Json, schema: Json) -> Json:
    """A part of a schema without references, and without the null it allows."""
    for _ in range(8):
        if "$ref" in part:
            part = schema["$defs"][part["$ref"].rsplit("/", 1)[-1]]
        elif "anyOf" in part:
            part = next((each for each in part["anyOf"] if each.get("type") != "null"), {})
        else:
            break
    return part


def _walk(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value below, parents first."""
    yield path, value
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _walk(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, (*path, index))


def _at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _put(value: Any, path: Path, now: Any) -> None:
    _at(value, path[:-1])[path[-1]] = now

"""Tool calls in every shape small models write them, read without running anything.

JSON in its many wrappings, ``[f(a='x')]`` and ``f.call(a="x")``, ``<function=f>{...}</function>``,
with or without ``<|python_tag|>``, in fences, between prose. Python's own parser is asked for the
syntax only, and ``ast.literal_eval`` for the values: names, attributes and calls among them are
no values.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from visiontools.answers.find import candidates
from visiontools.answers.mend import parse, parse_mended

Functions = Mapping[str, Sequence[str]]
"""The functions that may be called, each with its parameters in order."""
_LONGEST = 50_000
_DEEPEST = 40
_SPECIAL = re.compile(r"<\|[a-z_]{1,40}\|>")
_TAG = re.compile(r"<function=(\w{1,60})>")
_TAG_ENDS = "</function>"
_THINK, _THOUGHT = "<think>", "</think>"
_NAMES = ("name", "function", "tool", "function_name", "tool_name")
_ARGUMENTS = ("parameters", "arguments", "args", "kwargs", "input", "params")
_WRAPPERS = ("tool_calls", "function_call", "tool_call", "calls", "function", "functions")
_JSON_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a function that is known."""

    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


def calls_in(text: str, functions: Functions) -> list[Call]:
    """The calls in what a model wrote, in their order; never raises, and runs nothing."""
    text = _SPECIAL.sub(" ", text[:_LONGEST])
    if text.lstrip().startswith(_THINK):  # what is only thought of is not called
        text = text.partition(_THOUGHT)[2]
    return (
        list(_tagged_calls(text, functions))
        or list(_json_calls(text, functions))
        or list(_python_calls(text, functions))
    )


def _tagged_calls(text: str, functions: Functions) -> Iterator[Call]:
    """``<function=f>{...}</function>``; the end may be missing, or stand in a value, too."""
    tags = list(_TAG.finditer(text))
    for tag, following in zip(tags, [*tags[1:], None], strict=False):
        inside = text[tag.end() : following.start() if following else None]
        begins = inside.find("{")
        if tag[1] not in functions or begins < 0 or _TAG_ENDS in inside[:begins]:
            continue
        arguments = _object(inside)
        if arguments is not None:
            yield Call(tag[1], arguments)


def _object(text: Any) -> dict[str, Any] | None:
    """An object, or the first one in a text."""
    if isinstance(text, dict):
        return text
    if not isinstance(text, str):
        return None
    found = (_parsed(candidate) for candidate, _ in candidates(text))
    return next((each for each in found if isinstance(each, dict)), None)


def _parsed(candidate: str) -> Any:
    for read in (parse, lambda each: parse_mended(each, close=True)):
        try:
            return read(candidate)
        except (ValueError, RecursionError):
            continue
    return None


def _json_calls(text: str, functions: Functions) -> Iterator[Call]:
    for candidate, _ in candidates(text):
        yield from _calls_of(_parsed(candidate), functions, 0)


def _calls_of(said: Any, functions: Functions, depth: int) -> Iterator[Call]:
    if depth > _DEEPEST:
        return
    if isinstance(said, list):
        for each in said:
            yield from _calls_of(each, functions, depth + 1)
    elif isinstance(said, dict):
        call = _call_of(said, functions)
        if call is not None:
            yield call
            return
        for key in _WRAPPERS:
            yield from _calls_of(said.get(key), functions, depth + 1)


def _call_of(said: dict[str, Any], functions: Functions) -> Call | None:
    """``{"name": f, "parameters": {...}}`` in other words, or ``{f: {...}}``."""
    name = next((n for key in _NAMES if isinstance(n := said.get(key), str)), None)
    if name is not None and name in functions:
        with_what = next((said[key] for key in _ARGUMENTS if key in said), None)
        return Call(name, _object(with_what) or {})
    if len(said) == 1:
        (key, value) = next(iter(said.items()))
        if key in functions and isinstance(value, dict):
            return Call(key, value)
    return None


def _python_calls(text: str, functions: Functions) -> Iterator[Call]:
    if not functions:
        return
    names = "|".join(map(re.escape, functions))
    start = re.compile(rf"(?<![\w.])({names})(?:\.call)?\s*\(")
    at = 0
    while found := start.search(text, at):
        end = _closing(text, found.end())
        at = found.end() if end is None else end
        if end is None:
            continue
        call = _python_call(found[1], text[found.end() : end - 1], functions[found[1]])
        if call is not None:
            yield call


def _closing(text: str, at: int) -> int | None:
    """Where the bracket open at ``at`` closes; None where it does not, or nests too deep."""
    depth, quote = 1, ""
    while at < len(text):
        character = text[at]
        if quote:
            if character == "\\":
                at += 1
            elif character == quote:
                quote = ""
        elif character in "\"'":
            quote = character
        elif character in "([{":
            depth += 1
            if depth > _DEEPEST:
                return None
        elif character in ")]}":
            depth -= 1
            if not depth:
                return at + 1
        at += 1
    return None


def _python_call(name: str, inside: str, parameters: Sequence[str]) -> Call | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes in strings
            tree = ast.parse(f"f({inside.strip()})", mode="eval").body
        if not isinstance(tree, ast.Call) or len(tree.args) > len(parameters):
            return None
        positional = zip(parameters, tree.args, strict=False)
        given: dict[str, Any] = {parameter: _value(node) for parameter, node in positional}
        for keyword in tree.keywords:
            value = _value(keyword.value)
            more = dict(value) if keyword.arg is None else {keyword.arg: value}
            if given.keys() & more.keys():  # said twice: which is meant cannot be told
                return None
            given |= more
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError):
        return None
    return Call(name, given)


def _value(node: ast.expr) -> Any:
    """A literal as JSON would hold it, with JSON's own words among them."""
    value = ast.literal_eval(_WordsOfJson().visit(node))
    return json.loads(json.dumps(value, allow_nan=False))


class _WordsOfJson(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id in _JSON_WORDS:
            return ast.Constant(_JSON_WORDS[node.id])
        return node

"""What a command line names, read: pictures, options and a person's observation."""

from __future__ import annotations

import json
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from visiontools.errors import UsageError
from visiontools.registry import AnyTool
from visiontools.types import Upload

STDIN = "-"


def somebody_types() -> bool:
    """Whether standard input is a terminal, where a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty()


def read_uploads(names: Sequence[str], most_bytes: int) -> tuple[Upload, ...]:
    """The files of those names; UsageError for one that is missing, a folder or unreadable.

    At most one byte more than ``most_bytes`` is read of each, enough to see that it is too large.
    """
    if names.count(STDIN) > 1:
        raise UsageError("Standard input ('-') can be read only once.")
    return tuple(Upload(read_bytes(name, most_bytes + 1), _label(name)) for name in names)


def read_bytes(name: str, most: int = -1) -> bytes:
    """The bytes of a file, or of standard input for '-'."""
    if name == STDIN:
        if sys.stdin is None or somebody_types():
            raise UsageError("'-' reads standard input, but nothing is piped in.")
        return sys.stdin.buffer.read(most)
    if not name:
        raise UsageError("The name of a file is empty.", next="Name a file, or '-'.")
    path = Path(name)
    try:
        _refuse_what_never_ends(path)
        with path.open("rb") as file:
            return file.read(most)
    except FileNotFoundError:
        raise UsageError(f"There is no file '{name}'.", next=_where(path)) from None
    except IsADirectoryError:
        raise UsageError(
            f"'{name}' is a folder.",
            next=f"Name the files in it, such as {path / '*'}",
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UsageError(f"'{name}' cannot be read: {reason}.") from None


def _refuse_what_never_ends(path: Path) -> None:
    """A device, or a named pipe; the shell's own pipes, as in ``<(...)``, are below /dev/fd."""
    mode = path.stat().st_mode
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        raise UsageError(f"'{path}' is a device, not a file.", next="Name a file, or '-'.")
    if stat.S_ISFIFO(mode) and not str(path).startswith(("/dev/", "/proc/")):
        raise UsageError(f"'{path}' is a pipe, not a file.", next="Pipe it in and name it '-'.")


def _label(name: str) -> str:
    return "standard input" if name == STDIN else Path(name).name


def _where(path: Path) -> str:
    if path.is_absolute() and path.parent.is_dir():
        return ""
    if path.parent.is_dir():
        return f"Looked in {path.parent.resolve()}."
    return f"The folder {path.parent} does not exist either."


def parse_options(tool: AnyTool, pairs: Sequence[str]) -> dict[str, Any]:
    """``key=value`` pairs as the tool's options; lists and objects are written as JSON.

    Raises UsageError for a pair without '=', an option the tool does not have, or one given twice.
    """
    known = tool.options.model_json_schema(by_alias=True).get("properties", {})
    options: dict[str, Any] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals and key in known:
            raise UsageError(
                f"The option '{key}' was given no value.",
                next=f"Write --option {key}=VALUE; 'visiontools tools {tool.name}' explains it.",
            )
        if not equals or not key:
            raise UsageError(
                f"'{pair}' is not an option: write --option key=value.", next=_listed(tool, known)
            )
        if key not in known:
            raise UsageError(f"{tool.title} has no option '{key}'.", next=_listed(tool, known))
        if key in options:
            raise UsageError(f"Option '{key}' is given twice.", next="Give it once.")
        options[key] = _value(key, value, known[key])
    return options


def _listed(tool: AnyTool, known: Mapping[str, Any]) -> str:
    if not known:
        return f"{tool.title} takes no options."
    return f"Its options: {', '.join(known)}. 'visiontools tools' explains them."


def _value(key: str, value: str, schema: Mapping[str, Any]) -> Any:
    """Text as it is, unless the option is a list or an object, and a text that is no JSON."""
    kinds = {schema.get("type"), *(each.get("type") for each in schema.get("anyOf", ()))}
    if "null" in kinds and value in ("", "null"):
        return None
    if not kinds & {"array", "object"}:
        return value
    if "array" in kinds and not value.lstrip().startswith("["):
        return [part.strip() for part in value.split(",") if part.strip()]
    return parse_json(value, f"Option '{key}'")


def read_observation(name: str) -> dict[str, Any]:
    """A person's observation from a JSON file, or standard input for '-'."""
    data = read_bytes(name)
    what = "The observation on standard input" if name == STDIN else f"The observation in '{name}'"
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(
            f"{what} is not UTF-8 text (byte {error.start}).", next="Save it as UTF-8."
        ) from None
    parsed = parse_json(text, what)
    if not isinstance(parsed, dict):
        raise UsageError(f"{what} is not a JSON object ({{...}}).")
    return parsed


def parse_json(text: str, what: str) -> Any:
    """Parsed JSON; UsageError that gives line and column of the first mistake."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        raise UsageError(
            f"{what} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}."
        ) from None
    except RecursionError:
        raise UsageError(f"{what} is nested too deeply.") from None
    except ValueError as error:
        raise UsageError(f"{what} is not JSON: {error}.") from None


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON number")

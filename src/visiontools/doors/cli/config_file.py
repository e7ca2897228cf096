"""Endpoints in the user's visiontools.toml: added, removed, and the rest left as it is written."""

from __future__ import annotations

import json
import re
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from visiontools.errors import ConfigurationError, UsageError


def add_endpoint(path: Path, name: str, entry: Mapping[str, Any]) -> None:
    """Append ``[endpoints.NAME]`` to the file, which is made where there is none.

    Raises UsageError where the name is taken, ConfigurationError where the file is no TOML or
    cannot be written.
    """
    path = path.resolve()
    check_free(path, name)
    text = _read(path)
    lines = [f"{key} = {_toml(value)}" for key, value in entry.items()]
    gap = "" if not text or text.endswith("\n\n") else "\n" if text.endswith("\n") else "\n\n"
    new = f"{text}{gap}[endpoints.{name}]\n" + "\n".join(lines) + "\n"
    _parsed(path, new)
    _write(path, new)


def remove_endpoint(path: Path, name: str) -> Mapping[str, Any]:
    """Take ``[endpoints.NAME]`` out of the file, and return what it said.

    Raises UsageError where there is none, or where it is written in a way that is left to a
    person, and ConfigurationError as ``add_endpoint`` does.
    """
    path = path.resolve()
    text = _read(path)
    before = _parsed(path, text)
    endpoints = before.get("endpoints", {})
    if name not in endpoints:
        found = f"It has: {', '.join(endpoints)}." if endpoints else "It has none."
        raise UsageError(f"{path} has no endpoint named '{name}'.", next=found)
    entry: Mapping[str, Any] = endpoints.pop(name)
    new = _without(text, name)
    if not _says(new, before):
        raise UsageError(
            f"'{name}' does not have a table of its own in {path}.", next="Take it out by hand."
        )
    _write(path, new)
    return entry


def _says(text: str, wanted: dict[str, Any]) -> bool:
    """Whether the text is TOML that says just this; no endpoints are none."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return {"endpoints": {}, **said} == {"endpoints": {}, **wanted}


def _without(text: str, name: str) -> str:
    """The text without the endpoint's tables; comments above the next table stay with it."""
    kept: list[str] = []
    within: list[str] | None = None
    mine = re.compile(rf"""\[\s*endpoints\s*\.\s*(["']?){re.escape(name)}\1\s*[.\]]""")
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith("["):
            kept += _comments(within or [])
            within = [] if mine.match(line.lstrip()) else None
        if within is None:
            kept.append(line)
        else:
            within.append(line)
    return "".join(kept)


def _comments(lines: list[str]) -> list[str]:
    """The comments, and empty lines between them, that the lines end with."""
    at = len(lines)
    while at and lines[at - 1].lstrip()[:1] in ("", "#"):
        at -= 1
    while at < len(lines) and not lines[at].strip():
        at += 1
    return lines[at:]


def check_free(path: Path, name: str) -> None:
    """Raise what ``add_endpoint`` would, before anybody is asked for the rest."""
    if name in _parsed(path, _read(path)).get("endpoints", {}):
        raise UsageError(
            f"There is an endpoint named '{name}' in {path} already.",
            next="Choose another name, or edit that file.",
        )


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: {error}.") from None


def _parsed(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(
            f"{path} is not TOML: {error}.", next="Correct it first."
        ) from None


def _toml(value: Any) -> str:
    """A string, number or truth value; TOML writes these as JSON does, but for DEL."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _write(path: Path, text: str) -> None:
    """Replace the file at once, so that it is never half written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", dir=path.parent, delete=False
        ) as file:
            file.write(text)
        if path.exists():
            Path(file.name).chmod(path.stat().st_mode & 0o777)
        Path(file.name).replace(path)
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}.") from None

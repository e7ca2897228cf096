"""Adding an endpoint to the user's visiontools.toml, leaving the rest as it is written."""

from __future__ import annotations

import json
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

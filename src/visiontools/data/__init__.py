"""The package's own data files, and the one way to open them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any


def data_path(name: str) -> Path:
    """Where a shipped data file lies, for a person who wants to copy it."""
    return Path(str(files(__name__).joinpath(name)))


@cache
def load_toml(name: str) -> dict[str, Any]:
    """A shipped TOML file, parsed once per process."""
    return tomllib.loads(files(__name__).joinpath(name).read_text(encoding="utf-8"))


def examples_folder() -> Path:
    """The sample pictures: in an installed package among its data, in a clone beside ``src/``."""
    packed = data_path("examples")
    return packed if packed.is_dir() else Path(__file__).parents[3] / "examples"

"""Where everything is kept, as the settings say. Nothing heavy is imported for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

Upgrade = Literal["auto", "manual"]
"""Whether a program that finds older tables upgrades them, or says that somebody should."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """``database`` is PostgreSQL's URL, or empty for SQLite in the folder; ``pictures`` a bucket's
    address, or None for the folder."""

    folder: Path
    database: str = field(default="", repr=False)
    pictures: str | None = None
    upgrade: Upgrade = "auto"

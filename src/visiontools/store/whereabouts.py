"""Where everything is kept, as the settings say. Nothing heavy is imported for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from visiontools.errors import ConfigurationError
from visiontools.loopback import LET_GO

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

    def check_stays(self) -> None:
        """Raise ConfigurationError where something is kept outside this machine."""
        if what := self._leaving():
            raise ConfigurationError(
                f"Everything is to stay on this machine, and {what}.",
                next=f"{LET_GO}; or take the settings 'pictures' and 'database' out, so that all "
                "is kept in the data folder.",
            )

    def _leaving(self) -> str | None:
        if self.pictures is not None:
            return f"pictures are kept in {self.pictures}"
        if not self.database:
            return None
        from visiontools.store.postgres import is_on_this_machine

        return None if is_on_this_machine(self.database) else "the database is on another machine"

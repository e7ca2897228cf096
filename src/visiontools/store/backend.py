"""What differs between the databases: one class for each says it, nobody else asks which it is."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from visiontools.errors import ConfigurationError

WRITES = "visiontools_writes"
"""The execution option of an engine whose transactions write."""


class Backend(Protocol):
    """A kind of database, and where it is."""

    threads: int
    """How many may work with it at the same time in one process."""

    @property
    def where(self) -> str:
        """How messages name it: "The data folder /x". Never with a password."""

    def open(self) -> Engine:
        """Its engine; nothing need be asked of it yet. OSError, DBAPIError, ConfigurationError."""

    def settling(self, engine: Engine) -> AbstractContextManager[Connection]:
        """A transaction to make or change tables in, while all other programs wait with theirs."""

    def forget(self, engine: Engine) -> None:
        """Do what can be done that deleted text does not live on. Raises ConfigurationError."""

    def back_up(self, engine: Engine, to: Path) -> None:
        """Copy it into a new file while others work with it. UsageError where it cannot."""

    def mark(self) -> object:
        """Equal to an earlier one only if nobody but this thread has written since."""

    def explain(self, error: DBAPIError) -> ConfigurationError:
        """What it objects to, in a sentence."""

    def may_repeat(self, error: DBAPIError) -> bool:
        """Whether the same may work at once when it is begun anew."""

    def insert(self, table: Any) -> Any:
        """An INSERT that knows ``on_conflict_do_update``."""

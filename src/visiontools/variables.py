"""Variables that look like settings and are none, most likely by a slip of the keyboard."""

from __future__ import annotations

import difflib
import logging
import os
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel

PREFIX = "VISIONTOOLS_"
_DELIMITER = "__"
_log = logging.getLogger(__name__)


def warn_of_strangers(schema: type[BaseModel], others: tuple[str, ...]) -> None:
    """Log a warning, once a process, for each variable that is no setting of ``schema``.

    ``others`` are variables that mean something beside it. Values are never shown.
    """
    for name in strangers(os.environ, schema, others):
        _warn_once(name, _nearest(name, [*others, *_variables(schema)]))


def strangers(
    environment: Mapping[str, str], schema: type[BaseModel], others: tuple[str, ...]
) -> list[str]:
    """The variables that have our prefix and a value, and set nothing."""
    fields = {name.upper() for name in schema.model_fields}
    return [
        name
        for name, value in environment.items()
        if value
        and name.upper().startswith(PREFIX)
        and name.upper() not in others
        and name.upper().removeprefix(PREFIX).partition(_DELIMITER)[0] not in fields
    ]


def _nearest(name: str, known: list[str]) -> str | None:
    ends = {each.removeprefix(PREFIX): each for each in known}
    near = difflib.get_close_matches(name.upper().removeprefix(PREFIX), ends, n=1, cutoff=0.75)
    return ends[near[0]] if near else None


@cache
def _warn_once(name: str, near: str | None) -> None:
    hint = f"Did you mean {near}?" if near else "docs/settings.md lists those there are."
    _log.warning("The variable %s is no setting and is not read. %s", name, hint)


def _variables(schema: type[BaseModel], prefix: str = PREFIX) -> Iterator[str]:
    """The variables that set something, those of tables included."""
    for name, field in schema.model_fields.items():
        variable = f"{prefix}{name.upper()}"
        yield variable
        for table in _tables(field.annotation):
            yield from _variables(table, f"{variable}{_DELIMITER}")


def _tables(annotation: Any) -> Iterator[type[BaseModel]]:
    """The table a field takes, alone or as ``... | None``."""
    for each in (annotation, *get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            yield each

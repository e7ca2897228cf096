"""Standard output and standard error: the answer on the first, everything else on the second."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

import click
from pydantic import BaseModel
from rich.console import Console

from visiontools.views.plain import one_line
from visiontools.views.sheet import written

_USUAL_WIDTH = 80


def stdout() -> Console:
    """A console that prints text as data: no markup, no guessing at numbers, no emoji names."""
    return _console(sys.stdout)


def stderr() -> Console:
    """The same for standard error."""
    return _console(sys.stderr)


def _console(file: TextIO) -> Console:
    console = Console(file=file, markup=False, highlight=False, emoji=False)
    if console.width < 1:  # COLUMNS=0 says that nobody knows, not that nothing may be shown
        console.width = _USUAL_WIDTH
    return console


def print_json(value: Any) -> None:
    """One JSON value and nothing else; with escapes where the output cannot carry Unicode."""
    if isinstance(value, BaseModel):
        value = json.loads(value.model_dump_json())
    unicode = (sys.stdout.encoding or "").lower().replace("-", "").startswith("utf")
    click.echo(json.dumps(value, indent=2, ensure_ascii=not unicode))


def print_csv(rows: Iterable[Sequence[Any]]) -> None:
    """Rows for a spreadsheet and nothing else."""
    click.echo(written(rows), nl=False)


def warn(text: str) -> None:
    """A warning to standard error."""
    click.echo(f"Warning: {one_line(text)}", err=True)


def say(text: str) -> None:
    """Something a person wants to know, but no program: to standard error."""
    click.echo(text, err=True)

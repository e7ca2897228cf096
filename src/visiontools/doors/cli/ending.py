"""The end of a run: its record is shown, its outcome is the status, and a stopped run is over."""

from __future__ import annotations

import os
import sys

import click

from visiontools.doors.cli.exits import OF_OUTCOME
from visiontools.doors.cli.show import show_record
from visiontools.registry import Tools
from visiontools.types import Finished, Outcome

ALONE = "alone"
"""The click context's ``obj`` where this process is the program and nothing else."""


def end(finished: Finished, tools: Tools, *, as_json: bool) -> int:
    """Show the record of a run and return the exit status."""
    record = finished.record
    show_record(record, tools, as_json=as_json, reused=finished.reused, kept=finished.kept)
    status = OF_OUTCOME[record.outcome]
    if record.outcome is Outcome.CANCELLED and click.get_current_context().obj == ALONE:
        _leave_now(status)
    return status


def _leave_now(status: int) -> None:
    """End without waiting for a thread that is still reading a picture nobody wants any more."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)

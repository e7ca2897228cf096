"""The command line: builds a request, walks the events, shows the record; decides nothing.

Nothing heavy is imported before the command that needs it, so that ``--help`` is quick.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence

import click

from visiontools.doors.cli.lazy import LazyGroup
from visiontools.doors.cli.spelling import spell

_HERE = "visiontools.doors.cli"
_STOPPED = 17
_OUTPUT_LOST = 1
"""Nobody reads what is written any more, as in 'visiontools tools | head -1', or a disk is full."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)

COMMANDS = {
    "setup": (f"{_HERE}.setup:setup", "Set up what answers, by a few questions."),
    "run": (f"{_HERE}.run:run", "Ask a tool about a picture."),
    "ask": (f"{_HERE}.ask:ask", "Ask a further question about a past run."),
    "alt": (f"{_HERE}.alt:alt", "Write alt texts into pages and pictures."),
    "tools": (f"{_HERE}.tools:tools", "List the tools and what each needs."),
    "records": (f"{_HERE}.records:records", "List, show, replay, compare and delete past runs."),
    "endpoints": (f"{_HERE}.endpoints:endpoints", "List, add, check and remove model servers."),
    "models": (f"{_HERE}.models:models", "List, pull and remove models of this machine."),
    "users": (f"{_HERE}.users:users", "List, add and disable those who may sign in."),
    "keys": (f"{_HERE}.keys:keys", "Add, list and revoke keys for programs."),
    "serve": (f"{_HERE}.serve:serve", "Serve the workbench and the HTTP API."),
    "database": (f"{_HERE}.database:database", "Say which database is used, and upgrade it."),
    "eval": (f"{_HERE}.eval:evaluate", "Measure a tool on data whose truth is known."),
    "new-tool": (f"{_HERE}.new_tool:new_tool", "Start a tool of your own."),
    "completion": (f"{_HERE}.completion:completion", "Print a script that completes commands."),
}


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Start with: visiontools tools",
)
@click.version_option(package_name="visiontools", message="visiontools %(version)s")
def cli() -> None:
    """Turn a picture into a checked, typed answer: the model sees, code decides."""


def main(args: Sequence[str] | None = None) -> None:
    """The program. Exits with the status the outcome has; never shows a traceback for bad input."""
    # Closed by who started the program, as in 'visiontools tools >&-': nobody reads it then.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: PTH123, SIM115
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: PTH123, SIM115
    for stream in (sys.stdout, sys.stderr):
        spell(stream)
    try:
        status = _run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        status = _output_is_lost()
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        status = _output_is_lost()
        click.echo(f"Error: The output cannot be written: {error.strerror}.", err=True)
    sys.exit(status)


def _output_is_lost() -> int:
    # Python would complain again when it flushes at exit.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return _OUTPUT_LOST


def _run(args: Sequence[str] | None) -> int:
    try:
        alone = "alone" if args is None else None
        status = cli.main(args, prog_name="visiontools", standalone_mode=False, obj=alone)
    except click.Abort:
        click.echo("Stopped.", err=True)
        return _STOPPED
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except Exception as error:
        return _explained(error)
    return status if isinstance(status, int) else 0


def _explained(error: Exception) -> int:
    """Print an error of ours as a sentence; anything else is a bug and is raised on."""
    from visiontools.errors import VisiontoolsError
    from visiontools.views.plain import clean

    if not isinstance(error, VisiontoolsError):
        raise error
    from visiontools.doors.cli.exits import status_of

    click.echo(f"Error: {clean(str(error))}", err=True)
    return status_of(error)

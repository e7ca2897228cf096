"""``visiontools database``: which is used, whether its tables fit, upgrading and copying it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say, stdout
from visiontools.settings import Settings
from visiontools.store.upkeep import Found, back_up, look, upgrade_tables
from visiontools.views import terminal
from visiontools.views.blocks import Facts

_STATES = {
    "ready": "up to date",
    "new": "empty: its tables are made by the first program that uses it",
    "unversioned": "made before its tables had versions: they get one with the next use",
    "older": "older: upgrade it with 'visiontools database upgrade', after a backup",
    "newer": "newer than this program: use the newer visiontools",
}
_BY_HAND = {
    "new": "empty: make its tables with 'visiontools database upgrade'",
    "unversioned": "older: upgrade it with 'visiontools database upgrade', after a backup",
}
"""Where the settings say that programs change no tables."""


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def database() -> None:
    """Say which database is used, upgrade its tables, and copy it.

    \b
    visiontools database status
    visiontools database upgrade
    visiontools database backup FILE
    """


@database.command()
@json_option
def status(as_json: bool) -> None:
    """Show where the database is, and whether its tables fit this program."""
    settings = Settings.load()
    found = look(settings.kept)
    if as_json:
        print_json(asdict(found))
        return
    terminal.show([_shown(found, by_hand=settings.database_upgrade == "manual")], stdout())


def _shown(found: Found, *, by_hand: bool) -> Facts:
    told = {**_STATES, **_BY_HAND} if by_hand else _STATES
    return Facts(
        (
            ("database", found.where),
            ("server", found.server),
            ("tables", found.version or "none of a version"),
            ("this program", found.wanted),
            ("state", told[found.state]),
        )
    )


@database.command()
def upgrade() -> None:
    """Make or upgrade the tables, once, however many programs ask for it."""
    was, now = upgrade_tables(Settings.load().kept)
    if was.state == "ready":
        say(f"{now.where} is up to date ({now.version}).")
    else:
        came = f"from {was.version}" if was.version else "from no version"
        say(f"{now.where}: upgraded {came} to {now.version}.")


@database.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database into a new FILE, while programs work with it.

    Back up the pictures after it. A PostgreSQL database is copied by pg_dump.
    """
    say(f"{back_up(Settings.load().kept, file)}: its database is copied to {file}.")

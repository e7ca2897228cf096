"""``visiontools database``: which database is used, whether its tables fit, and upgrading them."""

from __future__ import annotations

from dataclasses import asdict

import click

from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say, stdout
from visiontools.settings import Settings
from visiontools.store.upkeep import Found, look, upgrade_tables
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
    """Say which database is used, and upgrade its tables.

    \b
    visiontools database status
    visiontools database upgrade
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

"""``visiontools records check``: whether records and pictures belong together."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import asdict

import click

from visiontools.doors.cli.exits import OF_OUTCOME
from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.opening import opened_records
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, stdout
from visiontools.errors import UsageError
from visiontools.settings import Settings
from visiontools.store.checking import Checked, Lacking
from visiontools.store.records import Records
from visiontools.types import Outcome
from visiontools.views import terminal
from visiontools.views.blocks import Block, Facts, Table, Text


@click.command()
@click.option("--delete-strays", is_flag=True, help="Delete for good what no record shows.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def check(delete_strays: bool, yes: bool, as_json: bool) -> None:
    """Read everybody's pictures, and say which are missing and which no record shows.

    After a restore, above all: pictures of records that are not in the database any more are
    shown to nobody and deleted by nobody but --delete-strays. It counts as a stray what another
    database shows, too: each needs a folder or prefix of its own.

    The exit status is 0 if every record has its pictures and texts, and 15 if one does not.
    """
    if delete_strays and not yes and not somebody_types():
        raise UsageError("Nobody is there to be asked.", next="Say --yes to delete for good.")
    checked = asyncio.run(_checked(Settings.load(), delete=delete_strays, ask=not yes))
    if as_json:
        print_json({**asdict(checked), "deleted": delete_strays})
    else:
        terminal.show(list(_shown(checked, deleted=delete_strays)), stdout())
    sys.exit(OF_OUTCOME[Outcome.UNAVAILABLE] if checked.lacking else 0)


async def _checked(settings: Settings, *, delete: bool, ask: bool) -> Checked:
    async with opened_records(settings) as kept:
        checked = await kept.check()
        if delete and checked.strays:
            await _delete(kept, checked, ask=ask)
        return checked


async def _delete(kept: Records, checked: Checked, *, ask: bool) -> None:
    if not checked.records:
        raise UsageError(
            "The database tells of no record, so it is hardly the one these pictures belong to; "
            "none was deleted.",
            next="Name the right one (database, data_folder); if it is, remove them by hand.",
        )
    if ask:
        number = len(checked.strays)
        files = "one file" if number == 1 else f"{number} files"
        click.confirm(f"Delete {files} that no record shows for good?", abort=True, err=True)
    await kept.delete_strays(checked)


def _shown(checked: Checked, *, deleted: bool) -> Iterator[Block]:
    there = checked.pictures - len(checked.lacking)
    done = ", deleted for good" if deleted else ""
    yield Facts(
        (
            ("records", str(checked.records)),
            ("pictures and texts", f"{there} of {checked.pictures} are there"),
            ("shown by no record", f"{len(checked.strays)}{done if checked.strays else ''}"),
        )
    )
    if checked.lacking:
        lines = tuple((one.sha256[:12], _state(one), _records(one)) for one in checked.lacking)
        yield Table(("Picture or text", "State", "Shown by"), lines)
        yield Text("Copy these from a backup, or delete the records that show them.")
    if checked.strays and not deleted:
        yield Text("What no record shows goes with 'visiontools records check --delete-strays'.")


def _state(lacking: Lacking) -> str:
    return "damaged" if lacking.damaged else "gone"


def _records(lacking: Lacking) -> str:
    return ", ".join(record[:8] for record in lacking.records)

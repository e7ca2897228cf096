"""``visiontools records``: past runs, listed, shown, replayed, compared and deleted."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import Any

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.ending import end
from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.opening import opened_pipeline, opened_records
from visiontools.doors.cli.options import json_option, local_only_option
from visiontools.doors.cli.output import print_csv, print_json, say, stdout
from visiontools.doors.cli.records_check import check
from visiontools.doors.cli.retention import lifecycle, prune
from visiontools.doors.cli.show import show_record
from visiontools.doors.sheet import rows_of
from visiontools.doors.told import is_further
from visiontools.errors import UsageError
from visiontools.registry import load_tools
from visiontools.settings import Settings
from visiontools.store.diff import Difference, diff
from visiontools.store.records import counted
from visiontools.types import LOCAL_OWNER, Outcome, Record
from visiontools.views import terminal
from visiontools.views.blocks import Block, Table, Text
from visiontools.views.plain import one_line

_record = click.argument("record", shell_complete=names.records)
_SHORT = 8
_LONGEST_VALUE = 60


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def records() -> None:
    """List, show, replay, compare and delete past runs.

    RECORD is an id, or as much of its beginning, six characters at least, as only one has.

    \b
    visiontools records list --tool diet
    visiontools records show 1f2e3d4c
    visiontools records replay 1f2e3d4c --endpoint box
    visiontools records diff 1f2e3d4c 9a8b7c6d
    visiontools records delete 1f2e3d4c
    visiontools records prune --days 30
    visiontools records check
    """


@records.command("list")
@click.option("--tool", metavar="NAME", shell_complete=names.tools, help="Only this tool's.")
@click.option("--outcome", type=click.Choice([o.value for o in Outcome]), help="Only these.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
def list_records(tool: str | None, outcome: str | None, limit: int, as_json: bool) -> None:
    """List past runs, newest first."""

    async def found() -> list[Record]:
        async with opened_records(Settings.load()) as kept:
            wanted = Outcome(outcome) if outcome else None
            return await kept.list(LOCAL_OWNER, tool=tool, outcome=wanted, limit=limit)

    listed = asyncio.run(found())
    if as_json:
        print_json([record.model_dump(mode="json") for record in listed])
        return
    terminal.show([_listing(listed, narrowed=bool(tool or outcome))], stdout())


def _listing(listed: list[Record], *, narrowed: bool) -> Block:
    if not listed and narrowed:
        return Text("No record is like that. 'visiontools records list' shows all there are.")
    if not listed:
        return Text("There are no records yet. 'visiontools run' makes one.")
    rows = tuple(
        (
            record.id[:_SHORT],
            f"{record.created.astimezone():%d %b %H:%M}",
            record.tool,
            record.outcome.value,
            _short(_about(record)),
        )
        for record in listed
    )
    return Table(("Record", "When", "Tool", "Outcome", "Message"), rows)


def _about(record: Record) -> str:
    """What tells a record from the others: a further one has its question, not a new answer."""
    asked = record.request.ask
    return f"“{asked}”" if asked and is_further(record) else record.message


@records.command()
@_record
@json_option
@click.option("--csv", "as_csv", is_flag=True, help="Print the answer for a spreadsheet.")
def show(record: str, as_json: bool, as_csv: bool) -> None:
    """Show one past run."""
    settings = Settings.load()
    found = asyncio.run(_find(settings, record))[0]
    tools = load_tools(settings.tools_folder)
    if as_csv:
        print_csv(rows_of(found, tools.get(found.tool)))
        return
    show_record(found, tools, as_json=as_json)


async def _find(settings: Settings, *ids: str) -> list[Record]:
    async with opened_records(settings) as kept:
        return [await kept.find(LOCAL_OWNER, each) for each in ids]


@records.command()
@_record
@click.option(
    "--endpoint", metavar="NAME", shell_complete=names.endpoints, help="Ask another endpoint."
)
@local_only_option
@json_option
def replay(record: str, endpoint: str | None, local_only: bool, as_json: bool) -> int:
    """Ask again what a past run asked, of the same endpoint or another.

    The exit status tells the outcome, as for 'visiontools run'.
    """
    settings = Settings.load().staying(local_only=local_only)
    return asyncio.run(_replay(settings, record, endpoint, as_json=as_json))


async def _replay(settings: Settings, record: str, endpoint: str | None, *, as_json: bool) -> int:
    from visiontools.doors.cli.progress import walk

    async with opened_pipeline(settings) as pipeline:
        finished = await walk(await pipeline.replay(LOCAL_OWNER, record, endpoint))
        tools = pipeline.tools
    status = end(finished, tools, as_json=as_json)
    if not as_json:
        say(f"Compare: visiontools records diff {record[:_SHORT]} {finished.record.id[:_SHORT]}")
    return status


@records.command("diff")
@click.argument("before", shell_complete=names.records)
@click.argument("after", shell_complete=names.records)
@json_option
def diff_records(before: str, after: str, as_json: bool) -> None:
    """Show what differs in what two runs were asked, saw and answered."""
    was, now = asyncio.run(_find(Settings.load(), before, after))
    differences = diff(was, now)
    if as_json:
        print_json([asdict(each) for each in differences])
        return
    terminal.show([_differences(was, now, differences)], stdout())


def _differences(was: Record, now: Record, differences: list[Difference]) -> Block:
    if not differences:
        return Text("Both were asked, saw and answered the same.")
    rows = tuple((each.pointer, _short(each.was), _short(each.now)) for each in differences)
    return Table(("Field", was.id[:_SHORT], now.id[:_SHORT]), rows)


def _short(value: Any) -> str:
    """A value for a cell of the table; nothing where the record has no such field."""
    if value is None:
        return ""
    text = one_line(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
    if len(text) <= _LONGEST_VALUE:
        return text
    return f"{text[: _LONGEST_VALUE - 4].rsplit(' ', 1)[0]} ..."


@records.command()
@click.argument("given", metavar="RECORD...", nargs=-1, required=True, shell_complete=names.records)
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def delete(given: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Delete records for good, with the pictures no other record shows.

    A person is asked first; a program, which cannot be asked, says --yes.
    """
    if not yes and not somebody_types():
        raise UsageError("Nobody is there to be asked.", next="Say --yes to delete for good.")
    deleted = asyncio.run(_delete(given, ask=not yes))
    if as_json:
        print_json({"deleted": deleted})
    else:
        say(f"Deleted {counted(len(deleted))}.")


async def _delete(given: tuple[str, ...], *, ask: bool) -> list[str]:
    async with opened_records(Settings.load()) as kept:
        found = list(dict.fromkeys([await kept.full_id(LOCAL_OWNER, each) for each in given]))
        if ask:
            click.confirm(f"Delete {counted(len(found))} for good?", abort=True, err=True)
        for record_id in found:
            await kept.delete(LOCAL_OWNER, record_id)
    return found


records.add_command(prune)
records.add_command(check)
records.add_command(lifecycle)

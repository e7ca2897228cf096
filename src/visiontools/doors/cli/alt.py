"""``visiontools alt``: alt texts put into pages and pictures, once somebody has looked at them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.alt_files import Alt, Change, found, save
from visiontools.doors.cli.exits import OF_OUTCOME
from visiontools.doors.cli.inputs import parse_options, read_uploads
from visiontools.doors.cli.options import local_only_option
from visiontools.doors.cli.output import print_json, say, warn
from visiontools.registry import load_tools
from visiontools.settings import Settings
from visiontools.types import Outcome, Record, Request
from visiontools.views.plain import clean, one_line

if TYPE_CHECKING:
    from visiontools.pipeline import Pipeline

_TOOL = "caption"


@dataclass(frozen=True, slots=True)
class _Said:
    """What the command line says, as it was written."""

    files: tuple[str, ...]
    write: bool
    overwrite: bool
    root: Path | None
    endpoint: str | None
    options: tuple[str, ...]
    again: bool
    local_only: bool


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path())
@click.option("--write", is_flag=True, help="Change the files; without it the changes are shown.")
@click.option("--overwrite", is_flag=True, help="Replace alt texts that somebody wrote, too.")
@click.option(
    "--root",
    metavar="FOLDER",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where addresses such as /img/a.png begin.",
)
@click.option("--endpoint", metavar="NAME", shell_complete=names.endpoints, help="Who looks.")
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="KEY=VALUE",
    help="An option of the tool 'caption', such as language=de.",
)
@click.option("--again", is_flag=True, help="Ask anew, even if a record holds the answer.")
@local_only_option
@click.option("--json", "as_json", is_flag=True, help="Print the alt texts as JSON, nothing else.")
def alt(as_json: bool, **said: object) -> int:
    """Write alt texts for the pictures of FILE: HTML, Markdown, JPEG, PNG, or a folder of pages.

    Of a page, the pictures without an alt text are looked at, and nothing but their alt changes. A
    picture gets it into its metadata (IPTC's AltTextAccessibility, as XMP); its pixels stay.

    \b
    visiontools alt page.html --endpoint box             show what would change
    visiontools alt page.html --endpoint box --write     change it
    visiontools alt site/ photo.jpg --endpoint box --option language=de

    Alt texts that somebody wrote are left alone, alt="" in HTML too: it says "an ornament".

    The exit status is 0 if every picture was answered, else that of the first that was not.
    """
    return asyncio.run(_alt(_Said(**said), as_json=as_json))  # type: ignore[arg-type]


async def _alt(given: _Said, *, as_json: bool) -> int:
    from visiontools.doors.cli.opening import opened_pipeline

    settings = Settings.load().staying(local_only=given.local_only)
    options = parse_options(load_tools(settings.tools_folder).find(_TOOL), given.options)
    files = found(given.files, given.root, overwrite=given.overwrite)
    for problem in (each for file in files for each in file.left_out):
        warn(problem)
    told = sum(len(file.left_out) for file in files)
    pictures = dict.fromkeys(path for file in files for path in file.pictures)
    async with opened_pipeline(settings) as pipeline:
        records = await _asked(pipeline, list(pictures), given, options)
    alts = {path: made for path, record in records.items() if (made := _alt_of(record))}
    _warn_of(records)
    changes = [change for file in files if (change := file.changed(alts))]
    for problem in [each for file in files for each in file.left_out][told:]:
        warn(problem)
    if given.write:
        for change in changes:
            save(change)
    _show(changes, as_json=as_json, written=given.write)
    return _status(records.values())


async def _asked(
    pipeline: Pipeline, pictures: Sequence[Path], given: _Said, options: dict[str, object]
) -> dict[Path, Record]:
    """A record for each picture, in turn; those that were stopped end it."""
    from visiontools.doors.cli.progress import walk

    records: dict[Path, Record] = {}
    for path in pictures:
        request = Request(
            tool=_TOOL,
            uploads=read_uploads([str(path)], pipeline.settings.max_upload_bytes),
            options=options,
            endpoint=given.endpoint,
            again=given.again,
        )
        records[path] = (await walk(pipeline.run(request))).record
        if records[path].outcome is Outcome.CANCELLED:
            break
    return records


def _alt_of(record: Record) -> Alt | None:
    """The alt text of a record, in the language that was asked for."""
    answer = record.answer
    if answer is None or answer["language"] != record.request.options["language"]:
        return None
    return Alt(one_line(answer["alt"]), answer["language"], record.id)


def _warn_of(records: dict[Path, Record]) -> None:
    """What nobody could answer, and what is to be looked at in what was."""
    for path, record in records.items():
        doubts = "; ".join(check.detail for check in record.checks if not check.ok)
        if _alt_of(record) is None:
            why = f" ({doubts})" if doubts else ""
            warn(f"{path}: no alt text: {record.message}{why}")
        elif record.outcome is not Outcome.ANSWERED:
            warn(f"{path}: look at its alt text: {doubts}.")


def _show(changes: Sequence[Change], *, as_json: bool, written: bool) -> None:
    told = [{**each, "written": written} for change in changes for each in change.told]
    if as_json:
        print_json(told)
    else:
        for line in (line for change in changes for line in change.lines):
            click.echo(clean(line))
    texts = f"{len(told)} alt text{'' if len(told) == 1 else 's'}"
    files = f"{len(changes)} file{'' if len(changes) == 1 else 's'}"
    if not changes:
        say("Nothing to change.")
    elif written:
        say(f"{texts} written into {files}.")
    else:
        say(f"{texts} for {files}; nothing was written. Add --write to write them.")


def _status(records: Iterable[Record]) -> int:
    return next((status for each in records if (status := OF_OUTCOME[each.outcome])), 0)

"""``visiontools ask``: a further question about a record."""

from __future__ import annotations

import asyncio

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.ending import end
from visiontools.doors.cli.inputs import read_uploads
from visiontools.doors.cli.options import local_only_option
from visiontools.errors import UsageError
from visiontools.settings import Settings
from visiontools.types import LOCAL_OWNER, Upload


@click.command()
@click.argument("record", shell_complete=names.records)
@click.argument("question")
@click.option(
    "--picture",
    "pictures",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="A further picture; it is looked at beside the earlier one, in a new conversation.",
)
@click.option("--endpoint", metavar="NAME", shell_complete=names.endpoints, help="Who is asked.")
@local_only_option
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON, nothing else.")
def ask(
    record: str,
    question: str,
    pictures: tuple[str, ...],
    endpoint: str | None,
    local_only: bool,
    as_json: bool,
) -> int:
    """Ask a further QUESTION about RECORD (the first characters of its id are enough).

    Its answer stands; the picture and the talk so far go along, and a record of its own is kept.

    \b
    visiontools ask 1f2e3d4c "Which of them has less salt?"
    visiontools ask 1f2e3d4c "Is this one better?" --picture tea.jpg
    """
    if not question.strip():
        raise UsageError("The question is empty.", next="Write it in quotes.")
    settings = Settings.load().staying(local_only=local_only)
    uploads = read_uploads(pictures, settings.max_upload_bytes)
    return asyncio.run(_ask(settings, record, question, endpoint, uploads, as_json=as_json))


async def _ask(
    settings: Settings,
    record: str,
    question: str,
    endpoint: str | None,
    uploads: tuple[Upload, ...],
    *,
    as_json: bool,
) -> int:
    from visiontools.doors.cli.opening import opened_pipeline
    from visiontools.doors.cli.progress import walk

    async with opened_pipeline(settings) as pipeline:
        run = await pipeline.follow_up(LOCAL_OWNER, record, question, endpoint, uploads=uploads)
        finished = await walk(run)
        tools = pipeline.tools
    return end(finished, tools, as_json=as_json)

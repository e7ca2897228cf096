"""``visiontools ask``: a further question about a record."""

from __future__ import annotations

import asyncio

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.ending import end
from visiontools.errors import UsageError
from visiontools.settings import Settings
from visiontools.types import LOCAL_OWNER


@click.command()
@click.argument("record", shell_complete=names.records)
@click.argument("question")
@click.option("--endpoint", metavar="NAME", shell_complete=names.endpoints, help="Who is asked.")
@click.option("--local-only", is_flag=True, help="Ask nobody outside this machine.")
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON, nothing else.")
def ask(record: str, question: str, endpoint: str | None, local_only: bool, as_json: bool) -> int:
    """Ask a further QUESTION about RECORD (the first characters of its id are enough).

    Its answer stands; the picture and the talk so far go along, and a record of its own is kept.

    \b
    visiontools ask 1f2e3d4c "Which of them has less salt?"
    """
    if not question.strip():
        raise UsageError("The question is empty.", next="Write it in quotes.")
    follow = _ask(record, question, endpoint, local_only=local_only, as_json=as_json)
    return asyncio.run(follow)


async def _ask(
    record: str, question: str, endpoint: str | None, *, local_only: bool, as_json: bool
) -> int:
    from visiontools.doors.cli.opening import opened_pipeline
    from visiontools.doors.cli.progress import walk

    async with opened_pipeline(Settings.load()) as pipeline:
        run = await pipeline.follow_up(
            LOCAL_OWNER, record, question, endpoint, local_only=local_only
        )
        finished = await walk(run)
        tools = pipeline.tools
    return end(finished, tools, as_json=as_json)

"""``visiontools records prune`` and ``lifecycle``: old records go, here and in the bucket."""

from __future__ import annotations

import asyncio
import datetime as dt

import click

from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.opening import opened_records
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say
from visiontools.errors import UsageError
from visiontools.settings import Settings
from visiontools.store.lifecycle import lifecycle as lifecycle_of
from visiontools.store.pictures import bucket_of
from visiontools.store.records import counted
from visiontools.types import LOCAL_OWNER

_days = click.option(
    "--days", type=click.IntRange(1), help="How old; retention_days in the settings unless told."
)


@click.command()
@_days
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
def prune(days: int | None, yes: bool, as_json: bool) -> None:
    """Delete for good what is older than the settings allow, with its pictures.

    Everybody's records in this data folder, owner by owner. What an earlier deletion left, since
    the bucket did not answer, is deleted too, and so are files that were attached in the chat and
    not sent within a day. A person is asked first; a program says --yes.
    """
    settings = Settings.load()
    days = _told(days, settings)
    if not yes and not somebody_types():
        raise UsageError("Nobody is there to be asked.", next="Say --yes to delete for good.")
    gone = asyncio.run(_prune(settings, days, ask=not yes))
    if as_json:
        print_json({"deleted": gone or 0, "days": days})
    elif gone is None:
        say("Nothing is that old.")
    else:
        say(f"Deleted {counted(gone)} older than {days} days.")


async def _prune(settings: Settings, days: int, *, ask: bool) -> int | None:
    """How many were deleted; None where nothing is that old."""
    than = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
    async with opened_records(settings) as kept:
        await kept.uploads(LOCAL_OWNER).sweep()
        owners = await kept.owners()
        old = sum([len(await kept.older(owner, than)) for owner in owners])
        if ask and old:
            click.confirm(f"Delete {counted(old)} for good?", abort=True, err=True)
        return sum([await kept.prune(owner, than) for owner in owners]) if old else None


@click.command()
@_days
def lifecycle(days: int | None) -> None:
    """Print rules by which the bucket itself deletes old pictures, as JSON.

    \b
    visiontools records lifecycle > lifecycle.json
    """
    settings = Settings.load()
    if settings.pictures is None:
        raise UsageError(
            "Pictures are kept in the data folder, which has no lifecycle rules.",
            next="Use 'visiontools records prune'; or set pictures to gs://BUCKET/PREFIX.",
        )
    bucket = bucket_of(settings.pictures)
    print_json(lifecycle_of(bucket, _told(days, settings)))
    say(
        f"Set them: gcloud storage buckets update gs://{bucket.name} "
        "--lifecycle-file=lifecycle.json (they replace those the bucket has)\n"
        "Make deleting real: gcloud storage buckets update "
        f"gs://{bucket.name} --clear-soft-delete"
    )


def _told(days: int | None, settings: Settings) -> int:
    days = days or settings.retention_days
    if days is None:
        raise UsageError(
            "Nothing says how long records are kept.",
            next="Set retention_days in visiontools.toml, or say --days.",
        )
    return days

"""``visiontools keys``: keys by which programs use the HTTP API."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say, stdout, warn
from visiontools.doors.cli.people import find_user, names_of_owners, opened_database
from visiontools.doors.identity import SCOPES
from visiontools.errors import UsageError
from visiontools.settings import Settings
from visiontools.store.api_keys import ApiKey, ApiKeys
from visiontools.store.users import Users
from visiontools.types import LOCAL_OWNER
from visiontools.views import terminal
from visiontools.views.blocks import Block, Table, Text

_SHORT = 8
_LASTS_DAYS = 90


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def keys() -> None:
    """Add, list and revoke keys for programs that use the HTTP API.

    A program sends its key as 'Authorization: Bearer vt_...' and acts as the user it is of.

    \b
    visiontools keys add nightly --user ada --scope read --scope run
    visiontools keys revoke 1f2e3d4c
    """


@keys.command()
@click.argument("name")
@click.option("--user", metavar="USER", help="Whose records it sees and makes.")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice(SCOPES),
    multiple=True,
    default=("read", "run"),
    show_default=True,
    help="What it may do; repeat it for several.",
)
@click.option(
    "--days", type=click.IntRange(1, 3650), default=_LASTS_DAYS, show_default=True, help="Its life."
)
@click.option("--forever", is_flag=True, help="Let it have no end.")
@json_option
def add(
    name: str, user: str | None, scopes: tuple[str, ...], days: int, forever: bool, as_json: bool
) -> None:
    """Make a key. It is printed once, to standard output, and cannot be shown again."""
    settings = Settings.load()
    expires = None if forever else dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
    key, owner, secret = asyncio.run(_added(settings, user, name, scopes, expires))
    if as_json:
        print_json({**_told(key, owner), "key": secret})
    else:
        click.echo(secret)
        until = f"until {key.expires:%d %b %Y}" if key.expires else "for ever"
        say(f"Keep it now: it is not shown again. It may {' and '.join(key.scopes)}, {until}.")
    if settings.web.sign_in == "iap":
        warn(
            "behind Google's Identity-Aware Proxy no key is looked at: programs sign in to the "
            "proxy with a service account."
        )


async def _added(
    settings: Settings,
    user: str | None,
    name: str,
    scopes: tuple[str, ...],
    expires: dt.datetime | None,
) -> tuple[ApiKey, str, str]:
    async with opened_database(settings) as database:
        owner, whose = await _owner(Users(database), user, settings)
        key, secret = await ApiKeys(database).add(owner, name, scopes, expires)
    return key, whose, secret


async def _owner(users: Users, name: str | None, settings: Settings) -> tuple[str, str]:
    """Whose key it is to be, and what they are called."""
    if name == LOCAL_OWNER or (name is None and settings.web.sign_in == "none"):
        return LOCAL_OWNER, LOCAL_OWNER
    if name is None:
        raise UsageError(
            "Nothing says whose key it is to be.",
            next="Say --user NAME: 'visiontools users list' shows them. '--user local' sees the "
            "records made by commands on this machine.",
        )
    user = await find_user(users, name)
    if user.disabled:
        raise UsageError(
            f"{user.name} is disabled, and so would the key be.",
            next=f"Let them in again first: visiontools users enable {user.name}",
        )
    return user.id, user.name


@keys.command("list")
@click.option("--user", metavar="USER", help="Only this user's.")
@json_option
def list_keys(user: str | None, as_json: bool) -> None:
    """List the keys, without what is secret of them."""
    settings = Settings.load()
    listed, names = asyncio.run(_listed(settings, user))
    if as_json:
        print_json([_told(key, names[key.owner]) for key in listed])
    else:
        terminal.show([_listing(listed, names)], stdout())


async def _listed(settings: Settings, user: str | None) -> tuple[list[ApiKey], dict[str, str]]:
    async with opened_database(settings) as database:
        users, kept = Users(database), ApiKeys(database)
        names = await names_of_owners(users)
        owners = list(names) if user is None else [(await _named(users, user))]
        return [key for owner in owners for key in await kept.list(owner)], names


async def _named(users: Users, name: str) -> str:
    return name if name == LOCAL_OWNER else (await find_user(users, name)).id


def _listing(listed: list[ApiKey], names: Mapping[str, str]) -> Block:
    if not listed:
        return Text("There are no keys yet. 'visiontools keys add NAME' makes one.")
    rows = tuple(
        (
            key.id[:_SHORT],
            key.name,
            names[key.owner],
            ", ".join(key.scopes),
            _state(key),
            _day(key.last_used) or "never",
        )
        for key in listed
    )
    return Table(("Key", "Name", "User", "May", "State", "Last used"), rows)


def _state(key: ApiKey) -> str:
    if key.revoked:
        return f"revoked {_day(key.revoked)}"
    if key.expires is None:
        return "good for ever"
    over = key.expires <= dt.datetime.now(dt.UTC)
    return f"{'ended' if over else 'good until'} {_day(key.expires)}"


def _day(moment: dt.datetime | None) -> str:
    return f"{moment.astimezone():%d %b %Y}" if moment else ""


def _told(key: ApiKey, user: str) -> dict[str, Any]:
    moments = ("created", "expires", "revoked", "last_used")
    told = {name: value for name, value in asdict(key).items() if name not in moments}
    for name in moments:
        moment = getattr(key, name)
        told[name] = moment.isoformat() if moment else None
    return {**told, "user": user}


@keys.command()
@click.argument("key")
def revoke(key: str) -> None:
    """Let a key in no more, for good. KEY is its id, as 'keys list' shows it, or its beginning."""
    revoked = asyncio.run(_revoked(Settings.load(), key))
    say(f"The key '{revoked.name}' is revoked: it is let in no more.")


async def _revoked(settings: Settings, key: str) -> ApiKey:
    async with opened_database(settings) as database:
        kept = ApiKeys(database)
        given = key.strip().lower()
        for owner in await names_of_owners(Users(database)):
            if any(each.id.startswith(given) for each in await kept.list(owner)):
                return await kept.revoke(owner, key)
        return await kept.revoke(LOCAL_OWNER, key)

"""``visiontools users``: who may sign in to the web application."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict
from typing import Any

import click

from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say, stdout
from visiontools.doors.cli.people import find_user, opened_database
from visiontools.errors import UsageError
from visiontools.settings import Settings
from visiontools.store.users import User, Users, login_of
from visiontools.types import LOCAL_OWNER
from visiontools.views import terminal
from visiontools.views.blocks import Block, Table, Text

_name = click.argument("name", metavar="USER")
_stdin = click.option(
    "--password-stdin", is_flag=True, help="Read the password from standard input."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def users() -> None:
    """List, add and disable those who may sign in to the web application.

    USER is a name, an e-mail address or an id. Who signs in through a provider or Google's proxy
    is listed here after the first time.

    \b
    visiontools users add ada
    visiontools users disable ada
    """


@users.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """List the users."""

    async def found() -> list[User]:
        async with opened_database(Settings.load()) as database:
            return await Users(database).list()

    listed = asyncio.run(found())
    if as_json:
        print_json([_told(user) for user in listed])
    else:
        terminal.show([_listing(listed)], stdout())


def _told(user: User) -> dict[str, Any]:
    return {**asdict(user), "created": user.created.isoformat()}


def _listing(listed: list[User]) -> Block:
    if not listed:
        return Text("There are no users yet. 'visiontools users add NAME' makes one.")
    rows = tuple(
        (
            user.name,
            "password" if user.issuer is None else user.issuer,
            "disabled" if user.disabled else "active",
            f"{user.created.astimezone():%d %b %Y}",
        )
        for user in listed
    )
    return Table(("User", "Signs in by", "State", "Since"), rows)


@users.command()
@click.argument("name")
@_stdin
def add(name: str, password_stdin: bool) -> None:
    """Add somebody who signs in by name and password."""
    if login_of(name) == LOCAL_OWNER:
        raise UsageError(
            f"'{LOCAL_OWNER}' is whoever uses the commands on this machine.",
            next="Choose another name.",
        )
    settings = Settings.load()

    async def made(hashed: str) -> User:
        async with opened_database(settings) as database:
            return await Users(database).add(name, hashed)

    user = asyncio.run(made(_hashed(_new_password(from_stdin=password_stdin))))
    say(f"Added {user.name}.")
    if settings.web.sign_in != "password":
        say('To let them in, set in visiontools.toml: [web] sign_in = "password"')


@users.command()
@_name
@_stdin
def password(name: str, password_stdin: bool) -> None:
    """Give somebody another password; all their sessions end."""

    async def changed() -> User:
        async with opened_database(Settings.load()) as database:
            kept = Users(database)
            user = await find_user(kept, name)
            if user.login is None:
                raise UsageError(
                    f"{user.name} signs in at {user.issuer}, and has no password here.",
                    next="Change it there.",
                )
            await kept.set_password(user.id, _hashed(_new_password(from_stdin=password_stdin)))
            return user

    user = asyncio.run(changed())
    say(f"The password of {user.name} is changed, and every session of theirs ended.")


@users.command()
@_name
def disable(name: str) -> None:
    """Let somebody in no more: their sessions end, their keys stop. Their records stay."""
    say(f"{_switched(name, disabled=True).name} is let in no more.")


@users.command()
@_name
def enable(name: str) -> None:
    """Let somebody in again who was disabled."""
    say(f"{_switched(name, disabled=False).name} may sign in again.")


def _switched(name: str, *, disabled: bool) -> User:
    async def switched() -> User:
        async with opened_database(Settings.load()) as database:
            kept = Users(database)
            user = await find_user(kept, name)
            await kept.disable(user.id, disabled=disabled)
            return user

    return asyncio.run(switched())


def _new_password(*, from_stdin: bool) -> str:
    """A password that is good enough, typed twice where somebody types. Raises UsageError."""
    from visiontools.doors.web.signin.passwords import checked

    if from_stdin:
        return checked(sys.stdin.readline().rstrip("\r\n"))
    if not somebody_types():
        raise UsageError(
            "Nobody is there to type a password.", next="Say --password-stdin and write it there."
        )
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    return checked(typed)


def _hashed(password: str) -> str:
    from visiontools.doors.web.signin.passwords import hashed

    return hashed(password)

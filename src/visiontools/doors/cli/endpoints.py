"""``visiontools endpoints``: the model servers that can be asked to look."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import AsyncIterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text as Line

from visiontools.doors.cli import names
from visiontools.doors.cli.config_file import add_endpoint
from visiontools.doors.cli.exits import OF_OUTCOME
from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.output import print_json, say, stdout
from visiontools.errors import UsageError
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import LOCAL, local_endpoint, local_endpoints
from visiontools.models.profile import Profile
from visiontools.models.registry import profiles
from visiontools.settings import Settings, config_file
from visiontools.types import Outcome
from visiontools.views import terminal
from visiontools.views.blocks import Block, Facts, Section, Text
from visiontools.views.plain import clean

if TYPE_CHECKING:
    from visiontools.checkup import Finding

_READER = "reader"
_RESERVED = (_READER, LOCAL, "person", "template")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_MARKS = {"ok": ("ok", "green"), "failed": ("failed", "bold red"), "unknown": ("?", "yellow")}
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON, nothing else.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def endpoints() -> None:
    """List, add and check model servers.

    The built-in reader is always there, under the name 'reader'; it needs no server. Nor do models
    of this machine, 'local:NAME': see 'visiontools models'.
    """


@endpoints.command("list")
@_json
def list_endpoints(as_json: bool) -> None:
    """List the endpoints; the one asked by default is marked."""
    settings = Settings.load()
    if as_json:
        print_json(_described(settings))
        return
    blocks: list[Block] = [_section(each) for each in _described(settings)]
    terminal.show([*blocks, Text(f"They are set in {config_file()}")], stdout())


def _described(settings: Settings) -> list[dict[str, Any]]:
    reader = {"name": _READER, "profile": _READER, "model": None, "url": None, "key_env": None}
    found = [{**reader, "vision": True, "key_set": None}]
    for name, endpoint in {**local_endpoints(settings.local), **settings.endpoints}.items():
        key_set = bool(os.environ.get(endpoint.key_env)) if endpoint.key_env else None
        found.append({**endpoint.model_dump(mode="json"), "name": name, "key_set": key_set})
    return [{**each, "default": each["name"] == settings.default_endpoint} for each in found]


def _section(each: dict[str, Any]) -> Section:
    title = f"{each['name']}{' (the default)' if each['default'] else ''}"
    if each["name"] == _READER:
        said = Text("Built in: reads what is printed in a picture. No server, no network, no key.")
        return Section(title, (said,))
    key = "none"
    if each["key_env"]:
        key = f"in {each['key_env']}{'' if each['key_set'] else ', which is not set'}"
    rows = [("model", each["model"]), ("url", each["url"] or "none"), ("profile", each["profile"])]
    pictures = "yes" if each["vision"] else "no, text only"
    return Section(title, (Facts((*rows, ("key", key), ("pictures", pictures))),))


@endpoints.command()
@click.argument("name", required=False)
@click.option("--profile", metavar="NAME", help="The kind of server, such as ollama or vllm.")
@click.option("--url", metavar="URL", help="Its base URL, usually ending in /v1.")
@click.option("--model", metavar="ID", help="The model id as the server knows it.")
@click.option("--key-env", metavar="VARIABLE", help="The variable that holds the key, if any.")
@click.option("--text-only", is_flag=True, help="The model takes no pictures.")
def add(
    name: str | None,
    profile: str | None,
    url: str | None,
    model: str | None,
    key_env: str | None,
    text_only: bool,
) -> None:
    """Add a model server called NAME to your visiontools.toml.

    What is not given is asked for on a terminal; elsewhere the profile's usual values are taken.

    \b
    visiontools endpoints add home --profile ollama --model llama3.2-vision:11b
    visiontools endpoints add lab --url http://lab:8000/v1 --model my-model --key-env LAB_KEY
    """
    name = name or _asked_name()
    _check_name(name)
    kind = _profile(profile)
    entry = {
        "profile": kind.name,
        "url": url or _asked("URL", kind.url, "--url"),
        "model": model or _asked("Model id", kind.model, "--model"),
        "key_env": key_env,
        "vision": False if text_only else None,
    }
    entry = {key: value for key, value in entry.items() if value is not None}
    _check_entry(name, entry)
    add_endpoint(config_file(), name, entry)
    say(f"Added '{name}' to {config_file()}.")
    for note in kind.notes:
        say(f"Note: {note}")
    say(f"See whether it works: visiontools endpoints check {name}")
    say(f"Use it: visiontools run TOOL PICTURE --endpoint {name}")


def _asked_name() -> str:
    if not somebody_types():
        raise UsageError(
            "Name the endpoint.",
            next="Such as: visiontools endpoints add home --profile ollama --model ID",
        )
    name: str = click.prompt("A name for it, such as home", err=True)
    return name


def _check_name(name: str) -> None:
    if name in _RESERVED:
        raise UsageError(f"'{name}' has a meaning of its own.", next="Choose another name.")
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is no endpoint name: small letters, digits, '-' and '_', a letter first."
        )


def _profile(name: str | None) -> Profile:
    known = profiles()
    if name is None and somebody_types():
        for each in known.values():
            say(f"  {each.name:20} {each.title}")
        name = click.prompt("Kind of server", default="openai_compatible", err=True)
    name = name or "openai_compatible"
    if name not in known:
        raise UsageError(f"There is no profile '{name}'.", next=f"There are: {', '.join(known)}.")
    return known[name]


def _asked(what: str, usual: str, option: str) -> str:
    """What a person types, or the profile's usual value where nobody can be asked."""
    complete = usual if "PROJECT" not in usual else ""
    if somebody_types():
        answer: str = click.prompt(what, default=complete or None, err=True)
        return answer
    if complete:
        return complete
    raise UsageError(f"The {what} is missing.", next=f"Give it with {option}.")


def _check_entry(name: str, entry: dict[str, Any]) -> None:
    try:
        Endpoint(**{**entry, "name": name})
    except ValidationError as error:
        wrong = "; ".join(
            f"{e['loc'][0]}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors(include_input=False)
        )
        raise UsageError(f"The endpoint '{name}' does not fit: {wrong}.") from None


@endpoints.command()
@click.argument("wanted", metavar="[NAME]...", nargs=-1, shell_complete=names.endpoints)
@_json
def check(wanted: tuple[str, ...], as_json: bool) -> int:
    """Check endpoints, all of them if none is named: does it answer, and does it see?

    The exit status is 0 if they work and 15 if one does not. A model is asked two short questions,
    one of them with a small picture.
    """
    settings = Settings.load()
    known = {_READER: None, **local_endpoints(settings.local), **settings.endpoints}
    if LOCAL in wanted:
        known[LOCAL] = local_endpoint(LOCAL, settings.local)
    for name in wanted:
        if name not in known:
            raise UsageError(
                f"There is no endpoint named '{name}'.", next=f"There are: {', '.join(known)}."
            )
    chosen = {name: known[name] for name in wanted or known}
    found = asyncio.run(_check_all(chosen, None if as_json else stdout()))
    if as_json:
        print_json(found)
    return 0 if all(each["ok"] for each in found) else OF_OUTCOME[Outcome.UNAVAILABLE]


async def _check_all(
    chosen: dict[str, Endpoint | None], console: Console | None
) -> list[dict[str, Any]]:
    results = []
    for name, endpoint in chosen.items():
        if console:
            console.print(Line(name, "bold"))
        findings = []
        async for finding in _check_one(name, endpoint):
            findings.append(finding)
            if console:
                _print_finding(finding, console)
        ok = all(finding.state != "failed" for finding in findings)
        results.append({"name": name, "ok": ok, "checks": [asdict(f) for f in findings]})
    return results


def _check_one(name: str, endpoint: Endpoint | None) -> AsyncIterator[Finding]:
    from visiontools.checkup import check_endpoint, check_reader

    if endpoint is None:
        return check_reader()
    return check_endpoint(endpoint.model_copy(update={"name": name}))


def _print_finding(finding: Finding, console: Console) -> None:
    mark, style = _MARKS[finding.state]
    line = Line("  ")
    line.append(f"{mark:7}", style)
    line.append(f"{finding.name:10} {clean(finding.detail)}")
    console.print(line, soft_wrap=True)
    if finding.fix:
        console.print(Line(f"{' ' * 20}{clean(finding.fix)}", "cyan"), soft_wrap=True)

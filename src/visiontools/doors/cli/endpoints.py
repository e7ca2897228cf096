"""``visiontools endpoints``: the model servers that can be asked to look."""

from __future__ import annotations

import os
from typing import Any

import click

from visiontools.doors.cli.endpoints_add import add
from visiontools.doors.cli.endpoints_check import check
from visiontools.doors.cli.endpoints_remove import remove
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, stdout
from visiontools.errors import ConfigurationError
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import local_endpoints
from visiontools.models.registry import profile_of
from visiontools.settings import Settings, config_file
from visiontools.views import terminal
from visiontools.views.blocks import Block, Facts, Section, Text

_READER = "reader"
_CARRIED = {"data": "in the request", "gs": "by gs://, where bucket is set"}


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def endpoints() -> None:
    """List, add, check and remove model servers.

    The built-in reader is always there, under the name 'reader'; it needs no server. Nor do models
    of this machine, 'local:NAME': see 'visiontools models'.
    """


endpoints.add_command(add)
endpoints.add_command(check)
endpoints.add_command(remove)


@endpoints.command("list")
@json_option
def list_endpoints(as_json: bool) -> None:
    """List the endpoints and what each can do; the one asked by default is marked."""
    settings = Settings.load()
    if as_json:
        print_json(_described(settings))
        return
    blocks: list[Block] = [_section(each) for each in _described(settings)]
    terminal.show([*blocks, Text(f"They are set in {config_file()}")], stdout())


def _described(settings: Settings) -> list[dict[str, Any]]:
    reader = {"name": _READER, "profile": _READER, "model": None, "url": None, "key_env": None}
    found: list[dict[str, Any]] = [{**reader, "vision": True, "key_set": None, "can": None}]
    for name, endpoint in {**local_endpoints(settings.local), **settings.endpoints}.items():
        key_set = bool(os.environ.get(endpoint.key_env)) if endpoint.key_env else None
        more: dict[str, Any] = {"name": name, "key_set": key_set, "can": _can(endpoint)}
        found.append({**endpoint.model_dump(mode="json"), **more})
    return [{**each, "default": each["name"] == settings.default_endpoint} for each in found]


def _can(endpoint: Endpoint) -> dict[str, Any] | None:
    """What its profile says of its model; None where the profile cannot be used."""
    try:
        profile = endpoint.adapt(profile_of(endpoint))
    except ConfigurationError:
        return None
    return {
        "pictures": profile.pictures.most if endpoint.vision else 0,
        "carried": profile.carried,
        "longest_side": profile.pictures.longest_side,
        "json": profile.json,
        "tools": profile.tools,
        "system_message": profile.system_message,
        "languages": list(profile.languages),
        "context": profile.context,
        "max_tokens": profile.max_tokens,
    }


def _section(each: dict[str, Any]) -> Section:
    title = f"{each['name']}{' (the default)' if each['default'] else ''}"
    if each["name"] == _READER:
        said = Text("Built in: reads what is printed in a picture. No server, no network, no key.")
        return Section(title, (said,))
    rows = [("model", each["model"]), ("url", each["url"] or "none"), ("profile", each["profile"])]
    if each["project"]:
        rows.append(("project", each["project"]))
    pictures, can = "no, text only", each["can"]
    if can is None:
        rows.append(("problem", "its settings cannot be used; 'endpoints check' says why"))
    elif can["pictures"]:
        pictures = f"{can['pictures']} a question, {_CARRIED[can['carried']]}"
    rows += [("key", _key(each)), ("pictures", pictures)]
    if can is not None:
        rows.append(("JSON", can["json"]))
    return Section(title, (Facts(tuple(rows)),))


def _key(each: dict[str, Any]) -> str:
    if each["key_env"]:
        return f"in {each['key_env']}{'' if each['key_set'] else ', which is not set'}"
    if each["key_keyring"]:
        return f"in the keyring, as {each['key_keyring']}"
    return each["key_secret"] or "none"

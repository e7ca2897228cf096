"""``visiontools endpoints add``: a model server, from a person's answers or from options."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from visiontools.doors.cli.config_file import add_endpoint, check_free
from visiontools.doors.cli.endpoints_check import check_all
from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say, stdout, warn
from visiontools.errors import UsageError, VisiontoolsError
from visiontools.misfits import misfits
from visiontools.models.endpoint import Endpoint
from visiontools.models.local.endpoint import LOCAL
from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile, is_llama_3_2_vision
from visiontools.models.registry import find_profile, profiles
from visiontools.models.secrets import store_key
from visiontools.models.staying import check_stays
from visiontools.settings import Settings, config_file
from visiontools.views.plain import clean

T = TypeVar("T")
_RESERVED = ("reader", LOCAL, "person", "template")
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_USUAL = "openai_compatible"
_VARIABLES = {"project": "GOOGLE_CLOUD_PROJECT"}
_NONE, _VARIABLE, _KEYRING, _SECRET = "none", "variable", "keyring", "secret"


@click.command()
@click.argument("name", required=False)
@click.option("--profile", metavar="NAME", help="The kind of server: ollama, vllm, ..., or a file.")
@click.option("--url", metavar="URL", help="Its base URL, usually ending in /v1.")
@click.option("--model", metavar="ID", help="The model id as the server knows it.")
@click.option("--key-env", metavar="VARIABLE", help="The variable that holds the key, if any.")
@click.option("--key-keyring", metavar="NAME", help="The key's name in this machine's keyring.")
@click.option(
    "--key-secret",
    metavar="NAME",
    help="The key in Secret Manager: projects/P/secrets/S/versions/V.",
)
@click.option("--project", metavar="ID", help="The Google Cloud project (vertex).")
@click.option("--region", metavar="NAME", help="Its region, or global (vertex).")
@click.option("--bucket", metavar="NAME", help="The bucket pictures travel through (vertex).")
@click.option("--text-only", is_flag=True, help="The model takes no pictures.")
@json_option
def add(
    name: str | None, profile: str | None, text_only: bool, as_json: bool, **given: str | None
) -> None:
    """Add a model server called NAME to your visiontools.toml.

    What is not given is asked for on a terminal; elsewhere the profile's usual values are taken. A
    key is never an option: it comes from a variable, the keyring or Secret Manager.

    \b
    visiontools endpoints add home --profile ollama --model llama3.2-vision:11b
    visiontools endpoints add lab --url http://lab:8000/v1 --model my-model --key-env LAB_KEY
    visiontools endpoints add cloud --profile vertex --project my-project
    """
    name = _checked_name(name) if name else _asked_name()
    check_free(config_file(), name)
    kind = _profile(profile)
    own = profile and profile.endswith(".py")
    entry = {"profile": profile if own else kind.name, **_where(kind, given)}
    entry["model"] = _model(kind, given["model"])
    entry |= _key(name, kind, given)
    if text_only:
        entry["vision"] = False
    endpoint = _checked(name, entry)
    add_endpoint(config_file(), name, entry)
    say(f"Added '{name}' to {config_file()}.")
    for note in kind.notes:
        say(f"Note: {note}")
    if is_llama_3_2_vision(endpoint.model):
        say(f"Licence: {LLAMA_3_2_LICENCE}")
    say(f"Use it: visiontools run TOOL {_input(endpoint)} --endpoint {name}")
    if as_json:
        print_json({**endpoint.model_dump(mode="json"), "file": str(config_file())})
    elif (
        _may_be_asked(endpoint)
        and somebody_types()
        and click.confirm("Check it now?", default=True, err=True)
    ):
        check_all({name: endpoint}, stdout())
    else:
        say(f"See whether it works: visiontools endpoints check {name}")


def _asked_name() -> str:
    if not somebody_types():
        raise UsageError(
            "Name the endpoint.",
            next="Such as: visiontools endpoints add home --profile ollama --model ID",
        )
    return _until(_checked_name, "A name for it, such as home")


def _until(take: Callable[[str], T], what: str, usual: str | None = None) -> T:
    """What ``take`` makes of a person's words; it asks again where that is nothing."""

    def taken(words: str) -> T:
        try:
            return take(words)
        except VisiontoolsError as error:
            raise click.UsageError(clean(str(error))) from None

    answer: T = click.prompt(what, default=usual, value_proc=taken, err=True)
    return answer


def _may_be_asked(endpoint: Endpoint) -> bool:
    """Whether the settings let it be asked, or keep everything on this machine; then say so."""
    try:
        if Settings.load().local_only:
            check_stays(endpoint)
    except UsageError as error:
        warn(str(error))
        return False
    return True


def _input(endpoint: Endpoint) -> str:
    return "PICTURE" if endpoint.vision else "TEXT"


def _checked_name(name: str) -> str:
    if name in _RESERVED:
        raise UsageError(f"'{name}' has a meaning of its own.", next="Choose another name.")
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"'{name}' is no endpoint name: small letters, digits, '-' and '_', a letter first."
        )
    return name


def _profile(name: str | None) -> Profile:
    if name is None and somebody_types():
        for each in profiles().values():
            say(f"  {each.name:20} {each.title}: {each.summary}.")
            say(f"  {'':20} Llama 3.2 Vision: {each.llama_3_2_vision}.")
        return _until(find_profile, "Kind of server", _USUAL)
    return find_profile(name or _USUAL)


def _where(kind: Profile, given: dict[str, str | None]) -> dict[str, Any]:
    """The address, or what a profile makes one from."""
    entry = {key: given[key] for key in ("url", "project", "region", "bucket") if given[key]}
    if "url" in entry:
        return entry
    if kind.transport is None:
        return {**entry, "url": _asked("URL", kind.url, "--url")}
    for setting in kind.needs:
        if setting not in entry:
            usual = os.environ.get(_VARIABLES.get(setting, ""), "")
            entry[setting] = _asked(_about(setting), usual, f"--{setting}")
    for setting in kind.offers:
        if setting not in entry and somebody_types():
            about = f"{_about(setting)}; Enter leaves it out"
            if said := click.prompt(about, default="", show_default=False, err=True):
                entry[setting] = said
    return entry


def _model(kind: Profile, given: str | None) -> str:
    model = given or _asked("Model id", kind.model, "--model")
    if not kind.prefix or "/" in model:
        return model
    say(f"Model ids begin with {kind.prefix} there, so it is {kind.prefix}{model}.")
    return f"{kind.prefix}{model}"


def _about(setting: str) -> str:
    about = Endpoint.model_fields[setting].description or setting
    return f"{about[0].upper()}{about[1:]}"


def _asked(what: str, usual: str, option: str) -> str:
    """What a person types, or the usual value where nobody can be asked."""
    if somebody_types():
        answer: str = click.prompt(what, default=usual or None, err=True)
        return answer
    if usual:
        return usual
    raise UsageError(f"The {what} is missing.", next=f"Give it with {option}.")


def _key(name: str, kind: Profile, given: dict[str, str | None]) -> dict[str, str]:
    """Where the key is; one that is typed goes into the keyring and nowhere else."""
    sources = ("key_env", "key_keyring", "key_secret")
    said = {source: value for source in sources if (value := given[source])}
    if said or kind.transport is not None or not somebody_types():
        return said
    choice = click.prompt(
        "Where is its key?",
        type=click.Choice([_NONE, _VARIABLE, _KEYRING, _SECRET]),
        default=_NONE,
        err=True,
    )
    if choice == _VARIABLE:
        return {"key_env": click.prompt("Name of the variable that holds it", err=True)}
    if choice == _SECRET:
        about = "Its name, like projects/P/secrets/S/versions/latest"
        return {"key_secret": click.prompt(about, err=True)}
    if choice == _KEYRING:
        typed = click.prompt(
            "The key (not shown; Enter if it is in the keyring already)",
            default="",
            show_default=False,
            hide_input=True,
            err=True,
        )
        if typed:
            store_key(name, typed)
        return {"key_keyring": name}
    return {}


def _checked(name: str, entry: dict[str, Any]) -> Endpoint:
    try:
        return Endpoint(**{**entry, "name": name})
    except ValidationError as error:
        raise UsageError(f"The endpoint '{name}' does not fit: {misfits(error)}.") from None

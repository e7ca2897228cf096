"""``visiontools endpoints remove``: a model server that is asked no more."""

from __future__ import annotations

import os

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.config_file import remove_endpoint
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say, warn
from visiontools.errors import UsageError, VisiontoolsError
from visiontools.models.secrets import SERVICE
from visiontools.settings import Settings, config_file


@click.command()
@click.argument("name", shell_complete=names.endpoints)
@json_option
def remove(name: str, as_json: bool) -> None:
    """Take the model server NAME out of your visiontools.toml.

    Records of what it answered stay. So does a key in the keyring; how to delete it is said.

    \b
    visiontools endpoints remove lab
    """
    variables = [each for each in os.environ if each.upper().startswith(_prefix(name))]
    try:
        entry = remove_endpoint(config_file(), name)
    except UsageError:
        if variables:
            raise UsageError(
                f"'{name}' is set by variables: {', '.join(sorted(variables))}.",
                next="Unset them.",
            ) from None
        raise
    if as_json:
        print_json({"name": name, "file": str(config_file())})
    else:
        say(f"Removed '{name}' from {config_file()}.")
    if variables:
        warn(f"It is set by variables, too: {', '.join(sorted(variables))}. Unset them.")
    if key := entry.get("key_keyring"):
        say(f"Its key is still in the keyring. Delete it: keyring del {SERVICE} {key}")
    _warn_where_named(name)


def _prefix(name: str) -> str:
    return f"VISIONTOOLS_ENDPOINTS__{name.upper()}__"


def _warn_where_named(name: str) -> None:
    """Say which settings still name it: they would be found out at the next run only."""
    try:
        settings = Settings.load()
    except VisiontoolsError as error:
        warn(str(error))
        return
    if name in [each.strip() for each in settings.default_endpoint.split(",")]:
        warn(f"It is still the default_endpoint in the settings ({settings.default_endpoint}).")
    if settings.guard and settings.guard.endpoint == name:
        warn("It is still the guard's endpoint in the settings: no run passes without it.")

"""``visiontools new-tool``: a small working tool to change into your own."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import click

from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say
from visiontools.errors import UsageError
from visiontools.registry import TOOL_NAME, load_tools
from visiontools.settings import Settings


@click.command()
@click.argument("name")
@json_option
def new_tool(name: str, as_json: bool) -> None:
    """Write a small working tool called NAME into your tools folder.

    It counts what is in a picture. Change what it observes, decides and shows; 'visiontools tools'
    lists it at once. docs/write-a-tool.md explains the file.

    \b
    visiontools new-tool birds
    """
    settings = Settings.load()
    _check_name(name)
    if name in load_tools(settings.tools_folder):
        raise UsageError(f"A tool named '{name}' exists already.", next="Choose another name.")
    path = _write(settings.tools_folder / f"{name}.py", _source(name))
    if as_json:
        print_json({"name": name, "path": str(path)})
        return
    click.echo(path)
    say(
        "It is listed by 'visiontools tools'. Try it with an observation of your own:\n"
        f"  visiontools run {name} --observation template > seen.json\n"
        f"  visiontools run {name} PICTURE --observation seen.json"
    )


def _check_name(name: str) -> None:
    if TOOL_NAME.fullmatch(name):
        return
    near = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_").lstrip("0123456789_")[:40]
    raise UsageError(
        f"'{name}' is no tool name: 2 to 40 small letters, digits and underscores, a letter first.",
        next=f"'{near}' would be one." if TOOL_NAME.fullmatch(near) else "",
    )


def _source(name: str) -> str:
    template = files("visiontools.doors.cli").joinpath("new_tool.txt").read_text("utf-8")
    words = name.split("_")
    return (
        template.replace("__name__", name)
        .replace("__title__", " ".join(words).strip().capitalize())
        .replace("__Class__", _class_name(words, template))
    )


def _class_name(words: Sequence[str], template: str) -> str:
    """``my_birds`` -> ``MyBirds``; a name that Python or the file itself has becomes another."""
    name = "".join(word.capitalize() for word in words)
    taken = {*keyword.kwlist, *re.findall(r"\b[A-Z]\w*", template)}
    return f"{name}Tool" if name in taken else name


def _write(path: Path, source: str) -> Path:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(source)
    except FileExistsError:
        raise UsageError(
            f"{path} exists already and is left as it is.", next="Choose another name."
        ) from None
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}.",
            next="Name another folder with VISIONTOOLS_TOOLS_FOLDER.",
        ) from None
    return path

"""``visiontools models``: models that answer on this machine, without a server."""

from __future__ import annotations

from typing import Any

import click

from visiontools.doors.cli import names
from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.models_progress import told
from visiontools.doors.cli.options import json_option
from visiontools.doors.cli.output import print_json, say, stdout
from visiontools.errors import UsageError
from visiontools.models.local.asked import Asked, asked, opened, planned
from visiontools.models.local.catalogue import known
from visiontools.models.local.pull import Plan, pull
from visiontools.models.local.shelf import Manifest, Shelf, shown_size
from visiontools.settings import Settings
from visiontools.views import terminal
from visiontools.views.blocks import Block, Table, Text
from visiontools.views.plain import one_line

_NOT_LLAMA = "None of them is Llama 3.2 Vision, which llama.cpp does not run."


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def models() -> None:
    """List, pull and remove models that answer on this machine.

    They are asked with --endpoint local: no account, and no network once they are here.

    \b
    visiontools models pull smolvlm-500m
    visiontools run fridge photo.jpg --endpoint local
    """


@models.command("list")
@json_option
def list_models(as_json: bool) -> None:
    """List the models that are here and those the catalogue has."""
    shelf = _shelf()
    found = _described(shelf)
    if as_json:
        print_json(found)
        return
    blocks: list[Block] = [
        Table(
            ("name", "pictures", "on disk", "licence", "run here"),
            tuple(_row(each) for each in found),
        ),
        Text(f"{_NOT_LLAMA} 'run here' says whether we ran this very model with visiontools."),
        Text(f"Those on disk are in {shelf.folder}"),
    ]
    terminal.show(blocks, stdout())


def _row(each: dict[str, Any]) -> tuple[str, ...]:
    return (
        each["name"],
        "yes" if each["sees"] else "text only",
        shown_size(each["size"]) if each["pulled"] else "no",
        each["licence"] + (" (gated)" if each["gated"] else ""),
        "yes" if each["ran"] else "no",
    )


def _described(shelf: Shelf) -> list[dict[str, Any]]:
    """Those that are here first, then those that can be pulled."""
    here = [_here(manifest) for manifest in shelf]
    names_here = {each["name"] for each in here}
    there = [
        {**each.model_dump(exclude={"quantisations"}), "pulled": False, "size": None}
        for each in known().values()
        if each.name not in names_here
    ]
    return here + there


def _here(manifest: Manifest) -> dict[str, Any]:
    entry = known().get(manifest.name)
    return {
        "name": manifest.name,
        "repo": entry.repo if entry else None,
        "about": entry.about if entry else f"from {manifest.source}",
        "sees": manifest.sees,
        "licence": manifest.licence.name,
        "gated": entry.gated if entry else False,
        "ran": entry.ran if entry else False,
        "pulled": True,
        "size": manifest.size,
        "manifest": manifest.model_dump(mode="json"),
    }


@models.command("pull")
@click.argument("name", shell_complete=names.catalogue)
@click.option("--from", "whence", metavar="PLACE", help="A folder, a file, a URL or owner/name.")
@click.option("--accept-licence", is_flag=True, help="Accept its licence without being asked.")
@json_option
def pull_model(name: str, whence: str | None, accept_licence: bool, as_json: bool) -> None:
    """Bring a model to this machine: NAME of the catalogue, or owner/name[:file] of the hub.

    A pull that broke off goes on where it stopped. Checksums are verified where the source tells
    them. A token for gated repositories comes from HF_TOKEN or from 'hf auth login'.

    \b
    visiontools models pull qwen3-vl-2b
    visiontools models pull ggml-org/SmolVLM-500M-Instruct-GGUF:Q8_0
    visiontools models pull mine --from ~/Downloads
    visiontools models pull mine --from https://models.example.org/small/
    """
    settings = Settings.load()
    shelf = Shelf(settings.local.folder)
    wanted = asked(name, whence)
    manifest = shelf.get(wanted.name)
    if manifest is not None:
        say(f"'{wanted.name}' is here already; 'visiontools models remove' makes room for another.")
    else:
        if settings.local_only and wanted.kind != "folder":
            raise UsageError(
                f"Pulling '{wanted.name}' asks {wanted.whence}, and everything is to stay here.",
                next="Leave out the setting local_only, or pull --from a folder.",
            )
        manifest = _pull(wanted, shelf, accept_licence)
        say(f"'{manifest.name}' is here. Ask it: --endpoint local:{manifest.name}")
    if as_json:
        print_json(manifest)


def _pull(wanted: Asked, shelf: Shelf, accept_licence: bool) -> Manifest:
    coming = planned(wanted)
    licence = _licence(wanted, coming)
    _introduce(coming, licence)
    _accept(licence, accept_licence)
    with opened(wanted) as source, told(coming) as progress:
        plan = Plan(coming.name, source, coming.choice)
        return pull(plan, shelf, licence, progress)


def _licence(wanted: Asked, coming: Plan) -> str:
    stated = wanted.known.licence if wanted.known else coming.licence
    return one_line(stated) or "not stated by its source"


def _introduce(coming: Plan, licence: str) -> None:
    size = "size unknown" if coming.size is None else shown_size(coming.size)
    say(f"{coming.name}: {', '.join(each.name for each in coming.choice.files)} ({size})")
    say(f"From: {one_line(coming.source.whence)}")
    if coming.choice.projector is None:
        say("It has no projector: it reads text only and takes no pictures.")
    say("It is not Llama 3.2 Vision, which llama.cpp does not run.")
    say(f"Licence: {licence}. Read it at the source before you accept it.")


def _accept(licence: str, accepted: bool) -> None:
    if accepted:
        return
    if not somebody_types():
        raise UsageError(
            f"The licence ({licence}) is to be accepted first.",
            next="Add --accept-licence where you have read it and accept it.",
        )
    if not click.confirm("Do you accept it?", default=False, err=True):
        raise click.Abort


@models.command("remove")
@click.argument("name", shell_complete=names.pulled)
@json_option
def remove(name: str, as_json: bool) -> None:
    """Delete a model from this machine, also one whose pull broke off."""
    freed = _shelf().remove(name)
    if as_json:
        print_json({"name": name, "freed": freed})
    else:
        say(f"'{name}' is deleted: {shown_size(freed)} are free again.")


def _shelf() -> Shelf:
    return Shelf(Settings.load().local.folder)

"""``visiontools setup``: from nothing to something that answers, by a few questions."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec

import click

from visiontools.data import examples_folder
from visiontools.doors.cli.endpoints_add import add
from visiontools.doors.cli.inputs import somebody_types
from visiontools.doors.cli.models import pull_model
from visiontools.doors.cli.output import say, stdout
from visiontools.doors.cli.run import run
from visiontools.models.local.catalogue import Known, known
from visiontools.models.local.faults import not_installed
from visiontools.models.local.shelf import Shelf
from visiontools.settings import Settings
from visiontools.views import terminal
from visiontools.views.blocks import Facts, Text

_TRIED = {True: ("fridge", "fridge.png"), False: ("messages", "messages.txt")}
"""By whether a model sees: the tool and the sample it is tried on."""
_USUAL = {True: "smolvlm-500m", False: "llama-3.2-1b"}


@click.command()
def setup() -> int:
    """Set up what answers: this machine, a model server, or nothing more than the reader.

    Says what there is, asks what is wanted, and tries it on a sample. It can be run again at any
    time; nothing that is set up is changed.
    """
    settings = Settings.load()
    terminal.show([Facts(_standing(settings), "What answers so far")], stdout())
    if not somebody_types():
        say("Run it on a terminal, or: visiontools models pull NAME, visiontools endpoints add")
        return 0
    ways = _ways(settings)
    for number, (what, _) in enumerate(ways, start=1):
        say(f"  {number}  {what}")
    chosen = click.prompt("What do you want?", type=click.IntRange(1, len(ways)), err=True)
    return ways[chosen - 1][1]()


def _standing(settings: Settings) -> tuple[tuple[str, str], ...]:
    pulled = [each.name for each in Shelf(settings.local.folder)]
    return (
        ("the reader", "labels and flow diagrams, on this machine"),
        ("models of this machine", ", ".join(pulled) or "none"),
        ("model servers", ", ".join(settings.endpoints) or "none"),
        ("may ask others", "no (local_only)" if settings.local_only else "yes"),
    )


def _ways(settings: Settings) -> list[tuple[str, Callable[[], int]]]:
    ways: list[tuple[str, Callable[[], int]]] = [
        ("Texts on this machine: summaries and invites by Llama 3.2 1B or 3B", _local(sees=False)),
        ("Pictures on this machine: a small model, not Llama 3.2 Vision", _local(sees=True)),
    ]
    if not settings.local_only:
        ways.append(("A model server or a cloud project", _server))
    ways.append(("Nothing more: the reader, or what I see myself", _nothing))
    return ways


def _local(*, sees: bool) -> Callable[[], int]:
    def setting_up() -> int:
        if find_spec("xllamacpp") is None:
            raise not_installed()
        model = _chosen([each for each in known().values() if each.sees == sees], _USUAL[sees])
        _call(pull_model, model.name)
        return _try(sees, f"local:{model.name}")

    return setting_up


def _chosen(models: list[Known], usual: str) -> Known:
    for each in models:
        say(f"  {each.name:16} {each.about}")
    name = click.prompt(
        "Which one?",
        type=click.Choice([each.name for each in models]),
        default=usual,
        show_choices=False,
        err=True,
    )
    return known()[name]


def _try(sees: bool, endpoint: str) -> int:
    tool, sample = _TRIED[sees]
    path = examples_folder() / sample
    words = f"visiontools run {tool} FILE --endpoint {endpoint} --local-only"
    status = 0
    if click.confirm(f"Try it on {sample}? This takes a minute or more", default=True, err=True):
        status = _call(run, tool, str(path), "--endpoint", endpoint, "--local-only")
        if status:
            say("What went wrong stands above; another model may do better: visiontools setup")
    say(f"From now on: {words}")
    return status


def _server() -> int:
    return _call(add)


def _nothing() -> int:
    terminal.show(
        [
            Text("Labels and diagrams: visiontools run diet PICTURE"),
            Text("What you see yourself: visiontools run fridge PICTURE --observation template"),
        ],
        stdout(),
    )
    return 0


def _call(command: click.Command, *args: str) -> int:
    """Run another command as if it had been typed, and tell its exit status."""
    status = command.main(args=list(args), prog_name="visiontools", standalone_mode=False)
    return status if isinstance(status, int) else 0

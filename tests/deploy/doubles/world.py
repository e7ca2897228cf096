"""The cloud the doubles of gcloud, docker and terraform share: one JSON file, named by $WORLD.

Each program records how it was called, fails where the test says so, and changes the world as the
real one would. They know no more than is asked of them: anything else ends them with a message.

Hundreds of them are started by the tests, so they import next to nothing, and the world is kept as
marshal writes it.
"""

from __future__ import annotations

import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

    World = dict[str, Any]
    Handler = Callable[[World, list[str], dict[str, str]], "str | None"]


def refuse(says: str, code: int = 1) -> NoReturn:
    print(says, file=sys.stderr)
    sys.exit(code)


def options_of(words: list[str]) -> tuple[list[str], dict[str, str]]:
    """Positional words, and flags with their values ('' where they have none)."""
    flags = {}
    for word in words:
        if word.startswith("-"):
            name, _, value = word.partition("=")
            flags[name] = value
    return [word for word in words if not word.startswith("-")], flags


def as_json(told: Any) -> str:
    """As gcloud and terraform write it."""
    import json

    return json.dumps(told)


def _keep(world: World) -> None:
    with open(os.environ["WORLD"], "wb") as kept:  # noqa: PTH123
        marshal.dump(world, kept)


def _pairs(words: list[str], flag: str) -> dict[str, str]:
    found = [word.removeprefix(flag).partition("=") for word in words if word.startswith(flag)]
    return {name: value for name, _, value in found}


def check_flags(command: str, flags: dict[str, str], all_known: dict[str, Any]) -> None:
    """As the real gcloud does: what it does not know ends it."""
    known = all_known["wide"] | all_known["commands"][command]
    for name, value in flags.items():
        plain = name.replace("--no-", "--", 1) if name not in known else name
        if plain not in known:
            refuse(f"ERROR: (gcloud.{command.replace(' ', '.')}) unrecognized arguments: {name}", 2)
        if known[plain] != "bool" and not value:
            refuse(f"ERROR: (gcloud.{command.replace(' ', '.')}) argument {name}: expected one", 2)


def main(program: str, handlers: dict[str, Handler]) -> None:
    with open(os.environ["WORLD"], "rb") as kept:  # noqa: PTH123
        world: World = marshal.load(kept)
    words = [word for word in sys.argv[1:] if not word.startswith("-chdir=")]
    said = " ".join([program, *words])
    world["calls"].append(said)
    fault = next((f for f in world["faults"] if f["when"] in said and f.get("times", 1)), None)
    if fault:
        fault["times"] = fault.get("times", 1) - 1
        _keep(world)
        refuse(fault["says"])
    command = next((c for c in handlers if said.startswith(f"{program} {c}")), None)
    if command is None:
        _keep(world)
        refuse(f"the double of {program} knows no: {said}", 99)
    positional, flags = options_of(words[len(command.split()) :])
    if program == "terraform":  # its flags come more than once
        world["variables"] = _pairs(words, "-var=")
        world["backend"] = _pairs(words, "-backend-config=") or world.get("backend")
        world["targets"] = [w.removeprefix("-target=") for w in words if w.startswith("-target=")]
    if program == "gcloud":
        check_flags(command, flags, world["flags"])
    try:
        told = handlers[command](world, positional, flags)
    finally:
        _keep(world)
    if told:
        print(told)

"""Run gcloud and terraform, and say in a sentence what went wrong and what to do next."""

from __future__ import annotations

import json
import os
import re
import subprocess
from typing import Any


class ProblemError(Exception):
    """What happened, and what to do next: all a person is told."""

    def __init__(self, what: str, next: str) -> None:
        super().__init__(what)
        self.next = next


def say(what: str) -> None:
    print(f"== {what}", flush=True)


def asked(*command: str) -> tuple[int, str, str]:
    """A command's exit status, what it printed, and the first error it told."""
    try:
        done = subprocess.run(  # noqa: S603 -- our own words, and no shell
            command,
            env=os.environ | {"CLOUDSDK_CORE_DISABLE_PROMPTS": "1"},  # nobody would see them
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError:
        return 127, "", f"{command[0]} is not installed"
    except PermissionError:
        return 126, "", f"{command[0]} cannot be started"
    return done.returncode, done.stdout.strip(), _error(done.stderr)


def is_off(error: str) -> bool:
    """Whether that is how gcloud says that an API is not enabled, so that nothing is there yet."""
    return bool(re.search("not enabled|has not been used|is disabled", error))


def told(*command: str) -> str:
    """What a command printed. Raises ProblemError where it fails."""
    status, out, error = asked(*command)
    if status:
        raise ProblemError(f"{_short(command)} failed: {error}", f"Try it: {' '.join(command)}")
    return out


def told_json(*command: str) -> Any:
    return json.loads(told(*command) or "null")


def shown(*command: str, again: str) -> None:
    """Run a command before the person's eyes. Raises ProblemError where it fails."""
    if subprocess.run(command, check=False).returncode:  # noqa: S603
        raise ProblemError(f"{_short(command)} failed; the lines above say why.", again)


def _short(command: tuple[str, ...]) -> str:
    return " ".join(word for word in command if not word.startswith("-"))


def _error(stderr: str) -> str:
    """The line gcloud or Terraform says it in, without what it is drawn with."""
    lines = [re.sub(r"\x1b\[[0-9;]*m|[│╷╵]", "", line).strip() for line in stderr.splitlines()]
    lines = [line for line in lines if line]
    said = next((line for line in lines if re.match("ERROR:|Error:", line)), (lines or [""])[-1])
    return said.removeprefix("ERROR: ").rstrip(".") or "it did not say why"

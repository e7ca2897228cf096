"""The image as it runs: read-only root, one volume, nobody's rights but its own user's."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from visiontools.testing.local_http import free_port

IMAGE = "localhost/visiontools:test"
BASE = "localhost/debian-python:bookworm"
UID = 10001
LIMITS = ("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024")
_HARDENED = ("--read-only", "--read-only-tmpfs=false", "--cap-drop", "all")
_PODMAN = ("podman", "--runtime", "runc", "--cgroup-manager", "cgroupfs")
_PATIENCE_S = 60

Ran = subprocess.CompletedProcess[str]


@dataclass
class Container:
    """One that runs, and how to reach it."""

    name: str
    port: int
    data: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def do(self, *command: str, given: str | None = None) -> Ran:
        """Run a command beside the application, as its user; ``given`` is its standard input."""
        return podman("exec", "--interactive", self.name, *command, given=given)

    def stop(self, seconds: int = 10) -> int:
        """Send SIGTERM, and SIGKILL after so many seconds; the status it ended with."""
        podman("stop", "--time", str(seconds), self.name)
        state = podman("inspect", "--format", "{{.State.ExitCode}}", self.name)
        return int(state.stdout)

    def log(self) -> list[dict[str, object]]:
        told = podman("logs", self.name)
        return [json.loads(line) for line in (told.stdout + told.stderr).splitlines()]


def podman(*arguments: str, given: str | None = None) -> Ran:
    return subprocess.run(
        [*_PODMAN, *arguments], capture_output=True, text=True, check=False, input=given
    )


def once(*command: str, **environment: str) -> Ran:
    """A container on the host's network that does one thing and goes."""
    how = (
        "--rm",
        "--no-healthcheck",
        "--network",
        "host",
        *_HARDENED,
        *LIMITS,
        *_variables(environment),
    )
    return podman("run", *how, IMAGE, *command)


def _variables(environment: dict[str, str]) -> list[str]:
    return [part for pair in environment.items() for part in ("--env", "=".join(pair))]


Start = Callable[..., Container]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts a container of the image on a data folder of the test's."""
    begun: list[str] = []
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    os.chown(data, UID, UID)

    def starting(*command: str, **environment: str) -> Container:
        container = Container(f"visiontools-{os.getpid()}-{len(begun)}", free_port(), data)
        begun.append(container.name)
        given = {"PORT": str(container.port), "VISIONTOOLS_WEB__SIGN_IN": "password", **environment}
        volume = ("--volume", f"{data}:/data")
        ran = podman(
            *("run", "--detach", "--name", container.name, "--network", "host"),
            *(*_HARDENED, *LIMITS, *volume, *_variables(given), IMAGE, *command),
        )
        assert ran.returncode == 0, ran.stderr
        until = time.monotonic() + _PATIENCE_S
        while not _healthy(container):
            assert time.monotonic() < until, container.log()
        return container

    yield starting
    for name in begun:
        podman("rm", "--force", "--time", "0", name)


def _healthy(container: Container) -> bool:
    try:
        return httpx2.get(f"{container.url}/healthz", timeout=2).status_code == 200
    except httpx2.HTTPError:
        time.sleep(0.1)
        return False

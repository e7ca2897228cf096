"""What the programs of deploy/ are tried on: doubles of gcloud and docker, and one cloud."""

from __future__ import annotations

import base64
import binascii
import json
import marshal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from visiontools.testing.local_http import Exchange, LocalServer

ROOT = Path(__file__).parents[2]
DOUBLES = Path(__file__).parent / "doubles"
DEPLOYER = "visiontools-deployer@a-project.iam.gserviceaccount.com"


class Bench:
    """Programs on a PATH of their own, and the world they share."""

    def __init__(self, folder: Path, programs: Sequence[str], world: dict[str, Any]) -> None:
        self.folder = folder
        self._path = folder / "world"
        flags = json.loads((DOUBLES / "gcloud_flags.json").read_text())
        self.world = {"calls": [], "faults": [], "flags": flags, **world}
        programs_folder = folder / "bin"
        programs_folder.mkdir()
        for name in ("python3", *programs):
            program = programs_folder / name
            if name == "python3":
                program.write_text(f'#!/bin/sh\nexec {sys.executable} -S "$@"\n')
            else:  # imported, so that it is compiled once
                program.write_text(
                    f"#!{sys.executable} -S\nimport sys\nsys.path.insert(0, {str(DOUBLES)!r})\n"
                    f"import {name}\n{name}.called()\n"
                )
            program.chmod(0o755)
        self.variables = {
            "PATH": f"{programs_folder}:/usr/local/bin:/usr/bin:/bin",
            "WORLD": str(self._path),
            "HOME": str(folder),
            "PYTHONPYCACHEPREFIX": str(folder.parent / "bytecode"),  # for all tests
        }

    @property
    def world(self) -> dict[str, Any]:
        world: dict[str, Any] = marshal.loads(self._path.read_bytes())
        return world

    @world.setter
    def world(self, world: dict[str, Any]) -> None:
        self._path.write_bytes(marshal.dumps(world))

    def change(self, **parts: Any) -> None:
        self.world = self.world | parts

    def fault(self, when: str, says: str = "ERROR: it failed", times: int = 1) -> None:
        """Let the next call that has ``when`` in it fail, as often as that."""
        self.change(faults=[*self.world["faults"], {"when": when, "says": says, "times": times}])

    def run(
        self, command: Sequence[str], *, cwd: Path, told: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=cwd,
            env=self.variables | variables,
            input=told,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    def calls(self, starting: str) -> list[str]:
        return [call for call in self.world["calls"] if call.startswith(starting)]


class Front(LocalServer):
    """The service's addresses: IAP before whatever revision the world says stands behind them.

    A request goes to the web application at ``app`` once its token is for that address, signed by
    somebody let in, and of this hour. ``faults`` are answers instead, by image and path.
    ``remembered`` answers of the application are given again without asking it.
    """

    def __init__(self, bench: Bench, app: str, remembered: dict[str, httpx2.Response]) -> None:
        self._bench = bench
        self._app = app
        self._remembered = remembered
        self.members = [DEPLOYER]
        self.asked: list[str] = []
        self.faults: dict[tuple[str, str], int] = {}
        self.down_after_readyz: int | None = None
        super().__init__()

    @property
    def host(self) -> str:
        return f"visiontools.localhost:{urlsplit(self.url).port}"

    def url_of(self, tag: str = "") -> str:
        """The address of the service, or of the revision with a tag."""
        return f"http://{tag + '.' if tag else ''}{self.host}"

    def answer(self, exchange: Exchange) -> None:
        host = exchange.headers["Host"]
        if not self._lets_in(exchange.headers.get("Authorization", ""), host):
            exchange.send(401, b"Invalid IAP credentials", {})
            return
        image = self._behind(host)
        self.asked.append(f"{image.rpartition('@')[2][:15]} {exchange.command} {exchange.path}")
        ready = sum(each.endswith("GET /readyz") for each in self.asked)
        if self.down_after_readyz is not None and ready > self.down_after_readyz:
            exchange.send(503, b"down", {})
            return
        for (broken, path), status in self.faults.items():
            if broken == image and exchange.path.startswith(path):
                exchange.send(status, b"a fault of the test's", {})
                return
        told = self._told(exchange)
        exchange.send(told.status_code, told.content, {"Content-Type": "application/json"})

    def _told(self, exchange: Exchange) -> httpx2.Response:
        said = f"{exchange.command} {exchange.path}"
        if said not in self._remembered:
            names = ("Content-Type", "Idempotency-Key")
            headers = {name: exchange.headers[name] for name in names if name in exchange.headers}
            self._remembered[said] = httpx2.request(
                exchange.command,
                self._app + exchange.path,
                content=exchange.body,
                headers=headers,
                timeout=100,
            )
        return self._remembered[said]

    def _lets_in(self, header: str, host: str) -> bool:
        try:
            _, claim, signature = header.removeprefix("Bearer ").split(".")
            told = json.loads(_decoded(claim))
            signer = _decoded(signature).decode().removeprefix("signed by ")
        except (ValueError, binascii.Error):
            return False
        now = time.time()
        return (
            signer in self.members
            and signer == told["iss"] == told["sub"]
            and told["aud"] == f"http://{host}/*"
            and now - 60 < told["iat"] <= now < told["exp"] <= told["iat"] + 3600
        )

    def _behind(self, host: str) -> str:
        service = self._bench.world["services"]["visiontools"]
        tag = host.removesuffix(self.host).rstrip(".")
        (revision,) = [
            target["revision"]
            for target in service["traffic"]
            if (target.get("tag") == tag if tag else target.get("percent") == 100)
        ]
        (image,) = [r["image"] for r in service["revisions"] if r["name"] == revision]
        return str(image)


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

"""The program as a person runs it, with a visiontools.toml of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Said:
    """What it printed and how it ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    def checks(self, name: str) -> dict[str, dict[str, str]]:
        """The findings of ``endpoints check --json`` for one endpoint, by the check's name."""
        [found] = [each for each in self.json if each["name"] == name]
        return {check["name"]: check for check in found["checks"]}


def visiontools(folder: Path, endpoints: Mapping[str, Mapping[str, Any]], *args: str) -> Said:
    """Run it in a process of its own."""
    folder.mkdir(exist_ok=True)
    config = folder / "visiontools.toml"
    lines = []
    for name, endpoint in endpoints.items():
        lines += [f"[endpoints.{name}]", *(f"{k} = {json.dumps(v)}" for k, v in endpoint.items())]
    config.write_text("\n".join(lines) + "\n")
    done = subprocess.run(
        [sys.executable, "-c", "from visiontools.doors.cli import main; main()", *args],
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "NO_COLOR": "1",
            "COLUMNS": "100",
            "VISIONTOOLS_CONFIG": str(config),
            "VISIONTOOLS_DATA_FOLDER": str(folder / "data"),
        },
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    return Said(done.returncode, done.stdout, done.stderr)

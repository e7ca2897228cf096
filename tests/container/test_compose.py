"""deploy/compose.yaml against the schema of the Compose specification."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.container.services import program

FILE = Path(__file__).parents[2] / "deploy" / "compose.yaml"


def fits(file: Path) -> bool:
    command = [program("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", file]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_it_fits_and_a_slip_would_be_seen(tmp_path: Path) -> None:
    assert fits(FILE)
    for right, slip in (("cap_drop:", "cap_drops:"), ("read_only: true", "read_only: [1]")):
        wrong = tmp_path / "compose.yaml"
        wrong.write_text(FILE.read_text("utf-8").replace(right, slip))
        assert not fits(wrong), slip

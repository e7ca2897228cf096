"""The load benchmark works: small, without trust in its figures."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_everybody_is_answered_at_each_door_and_each_bar_is_judged(tmp_path: Path) -> None:
    command = [str(ROOT / "benchmarks" / "load.py"), "--quick", "--only", "workbench", "chat"]
    done = subprocess.run(
        [sys.executable, *command], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode in (0, 1), done.stderr
    for door in ("workbench", "chat"):
        loads = [line for line in done.stdout.splitlines() if line.startswith(f"{door}, ")]
        assert len(loads) == 2, done.stdout + done.stderr
        assert all("heard of 10, answered 10 of 10" in line for line in loads), done.stdout
        assert f"\n{door}: " in done.stdout
    judged = re.findall(r": (held|MISSED)$", done.stdout, re.MULTILINE)
    assert len(judged) == 6
    assert done.returncode == ("MISSED" in judged)

"""The package's public names exist, and importing it costs nothing."""

from __future__ import annotations

import subprocess
import sys

import visiontools


def test_every_public_name_loads() -> None:
    for name in visiontools.__all__:
        assert getattr(visiontools, name) is not None


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = (
        "import sys, visiontools; "
        "print([m for m in ('pydantic', 'openai', 'sqlalchemy', 'PIL', 'numpy', 'rich') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

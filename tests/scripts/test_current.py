"""Before an environment is trusted, it is looked at."""

from __future__ import annotations

import importlib.util
from importlib.metadata import version
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
HERE = 'python_version >= "3.11"'


@pytest.fixture(scope="module")
def current() -> ModuleType:
    spec = importlib.util.spec_from_file_location("current", ROOT / "scripts" / "current.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["user", "dev"])
def test_the_pinned_lists_can_be_read(current: ModuleType, kind: str) -> None:
    lines = (ROOT / "requirements" / f"{kind}.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith((" ", "#"))]
    assert pins
    assert all(current.PIN.match(pin) for pin in pins)


def test_what_agrees_is_trusted(current: ModuleType) -> None:
    assert current.stale(f"rich=={version('rich')} ; {HERE} \\\n    --hash=sha256:0") == ""


@pytest.mark.parametrize(
    ("pin", "said"),
    [
        (f"rich==0.1 ; {HERE} \\", f"it has rich {version('rich')}, not 0.1"),
        (f"no_such.thing==1.0 ; {HERE} \\", "it has no no-such-thing"),
        ("no_such.thing==1.0", "it has no no-such-thing"),
        ('no_such.thing==1.0 ; sys_platform == "plan9" \\', ""),
        ('rich==0.1 ; sys_platform == "plan9" \\', ""),
    ],
)
def test_what_does_not_is_named(current: ModuleType, pin: str, said: str) -> None:
    assert current.stale(pin) == said

"""What a person gets who installs the package: pages, scripts, styles and samples, too."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from visiontools.registry import load_tools
from visiontools.translations import ENGLISH, NAMES

ROOT = Path(__file__).parents[1]
WEB = "visiontools/doors/web"


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    build = f"from poetry.core.masonry.api import build_wheel; build_wheel({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("kind", ["templates", "static"])
def test_the_pages_are_in_it(packed: set[str], kind: str) -> None:
    here = {path.name for path in (ROOT / "src" / WEB / kind).iterdir()}
    assert here
    assert {f"{WEB}/{kind}/{name}" for name in here} <= packed


def test_every_language_is_in_it(packed: set[str]) -> None:
    others = [language for language in NAMES if language != ENGLISH]
    assert {f"visiontools/translations/{language}.po" for language in others} <= packed
    assert "visiontools/doors/chat/thai.json" in packed


def test_every_sample_is_in_it(packed: set[str]) -> None:
    samples = [sample for tool in load_tools().values() for sample in tool.samples]
    assert samples
    for sample in samples:
        for name in filter(None, (sample.picture, sample.observation)):
            assert f"visiontools/data/examples/{name}" in packed


def test_nothing_is_in_it_that_only_makes_it(packed: set[str]) -> None:
    folders = ("visiontools/", "visiontools-")
    assert [name for name in packed if not name.startswith(folders)] == []
    assert [name for name in packed if "make_" in name and "examples" in name] == []


def test_nothing_is_in_it_that_is_made_by_running_or_kept_to_oneself(packed: set[str]) -> None:
    made = re.compile(
        r"(^|/)(tests?|__pycache__|\.[a-z_]+|node_modules)/|\.(pyc|pem|key|sqlite3|env)$"
    )
    assert [name for name in packed if made.search(name)] == []
    assert made.search("visiontools/store/__pycache__/rows.cpython-311.pyc")

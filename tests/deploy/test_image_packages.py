"""deploy/Dockerfile without building it: what it installs is pinned, whole, and nothing more.

'make container' builds and tries it, which takes minutes.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import runpy
import tomllib
from importlib.metadata import distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text("utf-8")
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def _exported(name: str) -> set[str]:
    """The packages of a hash-pinned list that are for this machine."""
    lines = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").splitlines()
    wanted = (Requirement(line.rstrip("\\ ")) for line in lines if re.match(r"\w", line))
    return {
        canonicalize_name(each.name)
        for each in wanted
        if each.marker is None or each.marker.evaluate()
    }


def _needed(extras: list[str]) -> set[str]:
    """What visiontools needs with these extras, as the packages themselves say."""
    script = runpy.run_path(str(ROOT / "scripts" / "image_sizes.py"))
    installed = {canonicalize_name(each.name): each for each in distributions()}
    found: set[str] = script["needed"](installed, extras)
    return found - {"visiontools"}


def test_the_list_is_all_that_the_service_needs_and_nothing_else() -> None:
    exported = re.search(r'--extras "([a-z ]+)".*requirements/server\.txt', MAKEFILE)
    assert exported
    extras = exported[1].split()
    assert _exported("server") == _needed(extras)
    assert _exported("server") != _needed(extras[1:]), "the test can see a difference"


def test_only_what_nobody_made_wheels_of_is_built_with_pinned_tools() -> None:
    lock = tomllib.loads((ROOT / "poetry.lock").read_text("utf-8"))["package"]
    sources = {
        package["name"]
        for package in lock
        if not any(file["file"].endswith(".whl") for file in package["files"])
    }
    (built,) = re.findall(r"--no-binary (\S+)", DOCKERFILE)
    assert set(built.split(",")) == sources & _exported("server")
    assert {"poetry-core", "setuptools"} <= _exported("build")
    assert DOCKERFILE.count("--require-hashes") == 2
    assert "--no-index" in DOCKERFILE


def test_all_it_copies_is_let_through() -> None:
    ignore = (ROOT / ".dockerignore").read_text("utf-8").split()
    through = {line[1:] for line in ignore if line.startswith("!")}
    copies = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    for path in " ".join(copies).split():
        assert (ROOT / path).exists()
        assert path in through or path.partition("/")[0] in through


def test_its_base_is_a_python_that_we_run_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bases = re.findall(r"^ARG BASE_IMAGE=python:(3\.\d+)-slim-\w+$", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 1
    assert f"{bases[0]}.0" in SpecifierSet(project["requires-python"])
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE) == ["${BASE_IMAGE}"] * 2
    assert re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE) == ["10001"]


def test_what_is_compiled_for_it_exists() -> None:
    tree = ast.parse((ROOT / "deploy" / "compile_used.py").read_text("utf-8"))
    (lazy,) = [
        ast.literal_eval(each.value)
        for each in tree.body
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "LAZY"
    ]
    assert lazy
    assert [name for name in lazy if importlib.util.find_spec(name) is None] == []

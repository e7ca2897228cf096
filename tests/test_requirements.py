"""The hash-pinned lists people install are what the lock file says, and the lock is current."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
LISTS = ["build", "user", "server", "full", "dev"]


def _lock() -> dict[str, Any]:
    return tomllib.loads((ROOT / "poetry.lock").read_text())


def _listed(name: str) -> dict[tuple[str, str], set[str]]:
    text = (ROOT / "requirements" / f"{name}.txt").read_text().replace("\\\n", " ")
    found = {}
    for line in text.splitlines():
        match = re.match(r"([A-Za-z0-9_.-]+)==(\S+)", line)
        assert match, line
        found[match[1], match[2]] = set(re.findall(r"--hash=(sha256:[0-9a-f]{64})", line))
    return found


def test_the_lock_file_is_made_from_the_dependencies_in_pyproject() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text())
    keys = ("requires-python", "dependencies", "optional-dependencies")
    # the digest Poetry writes; see Locker._get_content_hash
    relevant = {
        "project": {key: pyproject["project"][key] for key in keys},
        "dependency-groups": pyproject["dependency-groups"],
        "tool": {"poetry": {}},
    }
    digest = hashlib.sha256(json.dumps(relevant, sort_keys=True).encode()).hexdigest()
    assert _lock()["metadata"]["content-hash"] == digest, "run 'make lock'"


@pytest.mark.parametrize("name", LISTS)
def test_every_listed_package_has_the_locked_version_and_hashes(name: str) -> None:
    locked = {
        (package["name"], package["version"]): {file["hash"] for file in package["files"]}
        for package in _lock()["package"]
    }
    listed = _listed(name)
    assert listed
    for package, hashes in listed.items():
        assert hashes == locked[package], package


def test_a_users_list_is_part_of_the_developers_list() -> None:
    user, dev = _listed("user"), _listed("dev")
    assert {package: dev.get(package) for package in user} == user


@pytest.mark.parametrize("name", ["poetry.lock", "requirements/user.txt", "requirements/dev.txt"])
def test_no_list_names_a_registry(name: str) -> None:
    told = (ROOT / name).read_text().splitlines()
    # What a package says of itself may name its own site.
    assert not [line for line in told if "://" in line and not line.startswith("description = ")]

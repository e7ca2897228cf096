"""Dockerfiles as hadolint sees them, the shell in them included."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.deploy.bench import ROOT
from tests.deploy.linting import lint

pytestmark = pytest.mark.usefixtures("deploy_tools")
DOCKERFILES = sorted((ROOT / "deploy").rglob("Dockerfile*"))


def test_ours_are_clean() -> None:
    assert DOCKERFILES
    assert lint("hadolint", *DOCKERFILES) == (0, "")


@pytest.mark.parametrize(
    ("ours", "planted", "rule"),
    [
        ("FROM ${BASE_IMAGE} AS build", "FROM debian AS build", "DL3006"),  # any version
        ("WORKDIR /build", "WORKDIR build", "DL3000"),  # a folder that depends on the base
        ("COPY src src", "ADD src src", "DL3020"),
        ('CMD ["sh", "-c",', "CMD sh -c", "DL3025"),  # the shell would get the SIGTERM
        ("WORKDIR /data", "RUN sudo true", "DL3004"),
        ("COPY src src", "RUN test -d $HOME && rm -r $HOME", "SC2086"),
    ],
)
def test_a_planted_fault_is_caught(tmp_path: Path, ours: str, planted: str, rule: str) -> None:
    text = (ROOT / "deploy" / "Dockerfile").read_text()
    assert text.count(ours) == 1
    broken = tmp_path / "Dockerfile"
    broken.write_text(text.replace(ours, planted))
    status, said = lint("hadolint", broken)
    assert (status, rule in said) == (1, True), said

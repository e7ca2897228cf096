"""deploy/cloudbuild.yaml by Cloud Build's schema, and every YAML file of ours by yamllint."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.deploy.bench import ROOT
from tests.deploy.linting import lint, ours

pytestmark = pytest.mark.usefixtures("deploy_tools")
BUILD = ROOT / "deploy" / "cloudbuild.yaml"
SCHEMA = ("check-jsonschema", "--builtin-schema", "vendor.cloudbuild")
STYLE = (
    "{extends: default, rules: {document-start: disable, line-length: {max: 100},"
    " indentation: {indent-sequences: consistent}, comments: {min-spaces-from-content: 1}}}"
)


def planted(folder: Path, ours: str, fault: str) -> Path:
    text = BUILD.read_text()
    assert ours in text
    broken = folder / "cloudbuild.yaml"
    broken.write_text(text.replace(ours, fault, 1))
    return broken


def test_every_build_fits_the_schema() -> None:
    builds = sorted((ROOT / "deploy").rglob("cloudbuild*.yaml"))
    assert BUILD in builds
    status, told = lint(*SCHEMA, *builds)
    assert status == 0, told


@pytest.mark.parametrize(
    ("ours", "fault", "said"),
    [
        ("waitFor: [build]", "waitfor: [build]", "'waitfor' was unexpected"),
        ("machineType: E2_HIGHCPU_8", "machineType: E2_HIGHCPU_9", "is not one of"),
        ("logging: CLOUD_LOGGING_ONLY", "logging: [all]", "is not of type"),
        ("steps:", "stages:", "'steps' is a required property"),
    ],
)
def test_a_fault_against_the_schema_is_caught(
    tmp_path: Path, ours: str, fault: str, said: str
) -> None:
    status, told = lint(*SCHEMA, planted(tmp_path, ours, fault))
    assert (status, said in told) == (1, True), told


def test_every_yaml_file_is_clean() -> None:
    files = list(ours(".yaml", ".yml"))
    assert BUILD in files
    status, told = lint("yamllint", "--strict", "-d", STYLE, *files)
    assert status == 0, told


@pytest.mark.parametrize(
    ("ours", "fault", "rule"),
    [
        ("_TEST: 'yes'", "_NAME: other", "(key-duplicates)"),  # the last one would win
        ("_TEST: 'yes'", "_TEST: yes", "(truthy)"),  # Cloud Build takes texts only
        ("    waitFor: ['-']", "   waitFor: ['-']", "(syntax)"),
        ("timeout: 5400s", "timeout: 5400s ", "(trailing-spaces)"),
    ],
)
def test_a_fault_in_yaml_is_caught(tmp_path: Path, ours: str, fault: str, rule: str) -> None:
    status, told = lint("yamllint", "--strict", "-d", STYLE, planted(tmp_path, ours, fault))
    assert (status > 0, rule in told) == (True, True), told

"""deploy/compose.yaml with deploy/example.env: what they name exists, and nothing is left open."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from tests.deploy.linting import lint

from visiontools.doors.web.app import create_app
from visiontools.models.registry import profiles
from visiontools.settings import Settings
from visiontools.store.pictures import bucket_of

DEPLOY = Path(__file__).parents[2] / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
APP = SERVICES["app"]
EXAMPLE = (DEPLOY / "example.env").read_text("utf-8")
_ASSIGNED = re.compile(r"^#?([A-Z_]+)=(.*)$", re.MULTILINE)
_NAMED = re.compile(r"\bVISIONTOOLS_[A-Z0-9_]+")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """What the application gets with every choice of example.env taken."""
    given = dict(_ASSIGNED.findall(EXAMPLE)) | APP["environment"]
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return given


@pytest.mark.usefixtures("deploy_tools")
def test_it_fits_the_schema_and_a_slip_is_seen(tmp_path: Path) -> None:
    schema = ("check-jsonschema", "--builtin-schema", "vendor.compose-spec")
    assert lint(*schema, DEPLOY / "compose.yaml")[0] == 0
    text = (DEPLOY / "compose.yaml").read_text("utf-8")
    for ours, slip in (("cap_drop:", "cap_drops:"), ("read_only: true", "read_only: [1]")):
        wrong = tmp_path / "compose.yaml"
        wrong.write_text(text.replace(ours, slip))
        status, told = lint(*schema, wrong)
        assert (status, slip.partition(":")[0] in told) == (1, True), told


def port_of(command: list[str]) -> int:
    return int(command[[word.lstrip("-") for word in command].index("port") + 1])


def test_every_setting_that_is_named_anywhere_is_one(
    environment: dict[str, str], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = "".join((DEPLOY / name).read_text() for name in ("compose.yaml", "Dockerfile"))
    assert set(_NAMED.findall(EXAMPLE + read)) <= {*environment, *_of_the_image(monkeypatch)}
    Settings.load()  # refuses an unknown name within a table
    assert not caplog.records
    monkeypatch.setenv("VISIONTOOLS_DATABSE", "x")
    with caplog.at_level(logging.WARNING):
        Settings.load()
    assert "VISIONTOOLS_DATABSE is no setting" in caplog.text, "a slip would be seen"


def _of_the_image(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The variables the Dockerfile sets, set here too."""
    text = (DEPLOY / "Dockerfile").read_text()
    found = dict(re.findall(r"\b(VISIONTOOLS_[A-Z_]+)=(\S+)", text))
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return set(found)


def test_the_example_leads_to_the_services_there_are(environment: dict[str, str]) -> None:
    settings = Settings.load()
    assert settings.kept.pictures is not None
    emulator = urlsplit(environment["STORAGE_EMULATOR_HOST"])
    storage = SERVICES[emulator.hostname]
    assert emulator.port == port_of(storage["command"])
    assert environment["STORAGE_EMULATOR_HOST"] in storage["command"]
    (volume,) = storage["volumes"]
    assert volume.endswith(f":/storage/{bucket_of(settings.kept.pictures).name}")
    endpoint = settings.servers[settings.default_endpoint]
    assert endpoint.profile in profiles()
    model = urlsplit(endpoint.url or "")
    assert model.port == port_of(SERVICES[model.hostname]["command"])
    assert endpoint.model in SERVICES[model.hostname]["command"]
    assert urlsplit(settings.kept.database).hostname in SERVICES
    chosen = {profile for each in SERVICES.values() for profile in each.get("profiles", ())}
    assert set(environment["COMPOSE_PROFILES"].split(",")) == chosen


def test_as_it_is_copied_only_the_password_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [line for line in EXAMPLE.splitlines() if line and not line.startswith("#")]
    assert lines == ["POSTGRES_PASSWORD="]
    for name, value in APP["environment"].items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("VISIONTOOLS_DATA_FOLDER", str(tmp_path))
    settings = Settings.load()
    assert settings.web.serves_others
    assert settings.database_upgrade == "manual"
    create_app(settings)


@pytest.mark.parametrize("name", ["app", "upgrade"])
def test_ours_run_without_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["data:/data"]


def test_nothing_is_reached_from_outside_this_host() -> None:
    ports = [port for each in SERVICES.values() for port in each.get("ports", ())]
    assert ports == [f"127.0.0.1:${{PORT:-8080}}:{APP['environment']['PORT']}"]
    assert not [name for name, each in SERVICES.items() if "network_mode" in each]


def test_it_is_not_killed_before_its_answers_end() -> None:
    assert int(APP["stop_grace_period"].removesuffix("s")) >= Settings().web.grace_s + 10

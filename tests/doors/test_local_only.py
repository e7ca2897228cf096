"""`--local-only` and the setting: with the cable out all of it works, and nobody is tried."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.doors.test_local import placed

from visiontools.doors.web.app import create_app
from visiontools.errors import ConfigurationError
from visiontools.settings import Settings
from visiontools.testing.cable import Ran, run_without_network
from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site

EXAMPLES = Path(__file__).parents[2] / "examples"
FAR = '[endpoints.far]\nurl = "http://models.example.org/v1"\nmodel = "m"\n'
LABEL = str(EXAMPLES / "diet_two_drinks.png")
ON = {"VISIONTOOLS_LOCAL_ONLY": "true"}


def run(home: Path, *args: str, **how: Any) -> Ran:
    return run_without_network(home, *args, **how)


def test_the_reader_needs_no_network(home: Path) -> None:
    said = run(home, "run", "diet", LABEL, "--local-only", "--json", on_an_island=True)
    assert said.status == 0, said.err
    record = json.loads(said.out)
    assert record["observer"]["endpoint"] == "reader"
    assert record["answer"]["choice"]["index"] is not None
    assert said.tried == ()


def test_a_pulled_model_reads_messages_without_a_network(cli: Any, home: Path) -> None:
    """What this small a model says is of no use; that it answers at all is what is looked at."""
    placed(cli, home, "words", sees=False)
    (home / "visiontools.toml").write_text(
        '[endpoints.lap]\nprofile = "local"\nmodel = "words"\nmax_tokens = 16\nthreads = 2\n'
    )
    (home / "thread.txt").write_text("Ann: Shall we meet on Friday?\nBen: Yes, at ten.")
    args = ("run", "messages", "thread.txt", "--endpoint", "lap", "--local-only", "--json")
    said = run(home, *args, on_an_island=True)
    record = json.loads(said.out)
    assert record["observer"] == {"endpoint": "lap", "profile": "local", "model": "words"}
    assert record["outcome"] in ("answered", "partly", "cannot_tell", "invalid"), said.err
    assert record["usage"]["output_tokens"] > 0
    assert said.tried == ()


def test_without_the_switch_a_server_elsewhere_is_tried(
    home: Path, shelf: str, picture: str
) -> None:
    (home / "visiontools.toml").write_text(FAR)
    said = run(home, "run", shelf, picture, "--endpoint", "far")
    assert said.status == 15
    assert said.tried[0].endswith("getaddrinfo models.example.org")


@pytest.mark.parametrize("endpoint", ["far", "reader,far"])
@pytest.mark.parametrize(
    ("option", "variables"), [(("--local-only",), {}), ((), ON)], ids=["switch", "setting"]
)
def test_a_server_elsewhere_is_refused_before_its_name_is_looked_up(
    home: Path,
    shelf: str,
    picture: str,
    endpoint: str,
    option: tuple[str, ...],
    variables: Mapping[str, str],
) -> None:
    (home / "visiontools.toml").write_text(FAR)
    args = ("run", shelf, picture, "--endpoint", endpoint, *option)
    said = run(home, *args, variables=variables)
    assert (said.status, said.out, said.tried) == (2, "", ())
    assert "Endpoint 'far' is not on this machine, and everything is to stay here." in said.err
    assert "name an endpoint on this machine" in said.err
    assert not list((home / "data").glob("pictures/**/*.*"))


ELSEWHERE = {
    "pictures in a bucket": (
        {"VISIONTOOLS_PICTURES": "gs://bucket/x"},
        "are kept in gs://bucket/x",
    ),
    "a database elsewhere": (
        {"VISIONTOOLS_DATABASE": "postgresql://u:s3cret@db.example.org/x"},
        "the database is on another machine",
    ),
    "a database that libpq is told of": (
        {"VISIONTOOLS_DATABASE": "postgresql://u@/x", "PGHOST": "db.example.org"},
        "the database is on another machine",
    ),
    "a guard elsewhere": (
        {"VISIONTOOLS_GUARD__ENDPOINT": "far", "VISIONTOOLS_GUARD__MODEL": "llama-guard-4"},
        "Endpoint 'far' is not on this machine",
    ),
    "a key elsewhere": (
        {
            "VISIONTOOLS_ENDPOINTS__BOX__URL": "http://127.0.0.1:9/v1",
            "VISIONTOOLS_ENDPOINTS__BOX__MODEL": "m",
            "VISIONTOOLS_ENDPOINTS__BOX__KEY_SECRET": "projects/p/secrets/s/versions/1",
            "VISIONTOOLS_DEFAULT_ENDPOINT": "box",
        },
        "'box' has its key in Secret Manager",
    ),
    "a login elsewhere": (
        {
            "VISIONTOOLS_ENDPOINTS__BOX__URL": "http://127.0.0.1:9/v1",
            "VISIONTOOLS_ENDPOINTS__BOX__MODEL": "meta/m",
            "VISIONTOOLS_ENDPOINTS__BOX__PROFILE": "vertex",
            "VISIONTOOLS_DEFAULT_ENDPOINT": "box",
        },
        "'box' is asked in a way of its own (vertex)",
    ),
}


@pytest.mark.parametrize("case", ELSEWHERE)
@pytest.mark.parametrize("command", ["run", "ask", "replay"])
def test_whatever_would_leave_the_machine_is_refused(
    cli: Any,
    home: Path,
    shelf: str,
    picture: str,
    seen: str,
    case: str,
    command: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In this process: what is refused is refused before anything is opened."""
    record = cli("run", shelf, picture, "--observation", seen, "--json").json["id"]
    variables, sentence = ELSEWHERE[case]
    (home / "visiontools.toml").write_text(FAR)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    args = {
        "run": ("run", shelf, picture),
        "ask": ("ask", record, "Which?", *(("--endpoint", e) if (e := _asked(case)) else ())),
        "replay": ("records", "replay", record, "--endpoint", _asked(case) or "reader"),
    }[command]
    said = cli(*args, "--local-only")
    assert (said.status, said.out) == (2, "")
    assert sentence in said.err
    assert "s3cret" not in said.err


def _asked(case: str) -> str | None:
    return "box" if case in ("a key elsewhere", "a login elsewhere") else None


def test_a_proxy_is_not_asked_for_what_is_on_this_machine(
    home: Path, shelf: str, picture: str
) -> None:
    with ModelServer() as server:
        server.say({"things": [{"name": "plum", "count": 9}]})
        (home / "visiontools.toml").write_text(
            f'[endpoints.box]\nurl = "{server.url}"\nmodel = "scripted"\n'
        )
        args = ("run", shelf, picture, "--endpoint", "box", "--local-only", "--json")
        proxy = "http://proxy.example.org:3128"
        none = dict.fromkeys(("no_proxy", "NO_PROXY"), "")
        said = run(home, *args, variables={"HTTP_PROXY": proxy, "http_proxy": proxy, **none})
    assert said.status == 0, said.err
    assert json.loads(said.out)["answer"]["total"] == 9
    assert said.tried == ()


def test_with_the_setting_no_command_asks_anybody_elsewhere(home: Path) -> None:
    (home / "visiontools.toml").write_text(f"local_only = true\n{FAR}")
    said = run(home, "endpoints", "check")
    assert (said.status, said.tried) == (0, ())
    assert "Warning: Endpoint 'far' is not on this machine" in said.err
    said = run(home, "endpoints", "check", "far")
    assert (said.status, said.out, said.tried) == (2, "", ())
    said = run(home, "models", "pull", "smolvlm-500m", "--accept-licence")
    assert (said.status, said.tried) == (2, ())
    assert "pull --from a folder" in said.err


def test_an_endpoint_elsewhere_can_be_added_and_is_not_checked(cli: Any, home: Path) -> None:
    (home / "visiontools.toml").write_text("local_only = true\n")
    args = ("--profile", "ollama", "--url", "http://models.example.org/v1", "--model", "m")
    said = cli("endpoints", "add", "away", *args, stdin=b"none\n", typed=True)
    assert said.status == 0
    assert "'away' is not on this machine" in said.err
    assert "Check it now?" not in said.err


@pytest.mark.parametrize("command", [("records", "list"), ("keys", "list"), ("database", "status")])
def test_with_the_setting_no_command_opens_a_database_elsewhere(
    home: Path, command: tuple[str, ...]
) -> None:
    elsewhere = {"VISIONTOOLS_DATABASE": "postgresql://u:s3cret@db.example.org/x"}
    said = run(home, *command, variables={**ON, **elsewhere}, on_an_island=True)
    assert (said.status, said.out) == (2, "")
    assert "the database is on another machine" in said.err
    assert "s3cret" not in said.err


def test_the_pages_and_the_api_keep_to_it(home: Path, shelf: str, picture: str) -> None:
    (home / "visiontools.toml").write_text(f"local_only = true\n{FAR}")
    with Site(Settings.load()) as site, httpx2.Client(base_url=site.url) as client:
        named = [each["name"] for each in client.get("/api/v1/endpoints").json()]
        assert named == ["reader"]
        assert "far" not in client.get(f"/tools/{shelf}").text
        form = {"picture": Path(picture).read_bytes(), "endpoint": (None, "far")}
        refused = client.post(f"/api/v1/tools/{shelf}/runs", files=form)
    assert refused.status_code == 422
    assert "'far' is not on this machine" in refused.json()["detail"]


@pytest.mark.parametrize(
    "sign_in",
    [
        {"sign_in": "iap", "iap": {"audience": "/projects/1/locations/r/services/s"}},
        {
            "sign_in": "oidc",
            "oidc": {"issuer": "https://id.example.org", "client_id": "c", "anybody": True},
            "public_url": "https://here.example.org",
        },
    ],
    ids=lambda each: each["sign_in"],
)
def test_nobody_is_signed_in_by_a_provider_elsewhere(home: Path, sign_in: dict[str, Any]) -> None:
    with pytest.raises(ConfigurationError, match="stay on this machine, and sign_in = '"):
        create_app(Settings(web=sign_in, local_only=True))


@pytest.mark.parametrize(
    "variable", ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]
)
def test_nobody_elsewhere_is_told_of_runs(
    home: Path, variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(local_only=True)
    monkeypatch.setenv(variable, "http://127.0.0.1:4318")
    create_app(settings)
    monkeypatch.setenv(variable, "http://collector.example.org:4318")
    with pytest.raises(ConfigurationError, match="names a collector elsewhere"):
        create_app(settings)

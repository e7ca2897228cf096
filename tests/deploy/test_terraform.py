"""What Terraform would make: valid by the provider's schema, and right in every variant."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from tests.deploy.policies import RULES, Rule, what_holds_data_withstands_destroying
from tests.deploy.terraforming import CHECKS, MADE_OF, ROOT, Resource, Said, Terraform

from visiontools.settings import Settings
from visiontools.types import Outcome

RETENTION = {"vertex_small": 14}
"""Days, where a run does not take the default."""
UNPROTECTED = "vertex_standard_unguarded_no_alarms"
SERVICES = {
    "vertex_small",
    UNPROTECTED,
    "cloud_run_gpu_small",
    "cloud_run_gpu_l4_standard",
    "external_small",
}


@pytest.fixture(scope="session")
def tested(terraform: Terraform) -> Said:
    """``terraform test`` over everything, once."""
    return terraform.test(terraform.copy("tested"))


@pytest.fixture(scope="session")
def states(tested: Said) -> Mapping[str, Sequence[Resource]]:
    return tested.states


def _one(resources: Sequence[Resource], address: str) -> Mapping[str, Any]:
    [found] = [each.values for each in resources if each.address == address]
    return found


def _service(resources: Sequence[Resource]) -> Mapping[str, Any]:
    return _one(resources, "module.app[0].google_cloud_run_v2_service.this")


def _variables(resources: Sequence[Resource]) -> dict[str, str]:
    [container] = _service(resources)["template"][0]["containers"]
    return {each["name"]: each["value"] for each in container["env"] if each["value"] is not None}


def test_files_are_formatted(terraform: Terraform) -> None:
    done = terraform.run(MADE_OF, "fmt", "-check", "-recursive", "-diff")
    assert done.returncode == 0, done.stdout


def test_the_configuration_fits_the_providers_schema(terraform: Terraform) -> None:
    assert terraform.validate(terraform.copy("validated")) == []


def test_every_run_of_terraforms_own_tests_passes(tested: Said) -> None:
    # Newer versions also tell the errors that were expected.
    assert tested.status == 0, tested.errors
    assert len(tested.ended) == 14
    assert set(tested.ended.values()) == {"pass"}
    assert set(tested.states) == {"before_there_is_an_image", *SERVICES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_it_holds_in_every_variant(rule: Rule, states: Mapping[str, Sequence[Resource]]) -> None:
    for run, resources in states.items():
        wrong = rule(resources, RETENTION.get(run, 30))
        if rule is what_holds_data_withstands_destroying and run == UNPROTECTED:
            assert len(wrong) == 2, "database and bucket let go, since it was asked for"
        else:
            assert wrong == [], run


@pytest.mark.parametrize("run", sorted(SERVICES))
def test_the_application_takes_the_settings_it_is_given(
    run: str,
    states: Mapping[str, Sequence[Resource]],
    monkeypatch: pytest.MonkeyPatch,
    recwarn: pytest.WarningsRecorder,
) -> None:
    for name, value in _variables(states[run]).items():
        monkeypatch.setenv(name, value)
    settings = Settings.load()
    assert settings.web.sign_in == "iap"
    assert settings.web.iap is not None
    name = _service(states[run])["name"]
    host = f"{name}-123456789012.us-central1.run.app"
    assert settings.web.iap.audience == (
        f"/projects/123456789012/locations/us-central1/services/{name}"
    )
    assert settings.web.hosts[:2] == (host, f"candidate---{host}")
    assert settings.database_upgrade == "manual"
    assert settings.database.get_secret_value() == (
        f"postgresql://{name}@10.30.0.3/{name}?sslmode=require"
    )
    assert settings.pictures == f"gs://a-project-{name}-pictures/kept"
    assert settings.retention_days == RETENTION.get(run, 30)
    assert settings.default_endpoint == "model,reader"
    assert [str(each.message) for each in recwarn] == []


def _settings(resources: Sequence[Resource], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in _variables(resources).items():
        monkeypatch.setenv(name, value)
    return Settings.load()


def test_vertex_answers_with_googles_guard_and_without_a_key(
    states: Mapping[str, Sequence[Resource]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _settings(states["vertex_small"], monkeypatch).endpoints["model"]
    assert (model.profile, model.project, model.region) == ("vertex", "a-project", "us-central1")
    assert model.model == "meta/llama-3.2-90b-vision-instruct-maas"
    assert model.bucket == "a-project-visiontools-pictures"
    assert model.server_guard
    assert model.key_secret is None


def test_a_guard_of_ours_stands_over_a_model_of_ours(
    states: Mapping[str, Sequence[Resource]], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = _settings(states["cloud_run_gpu_small"], monkeypatch)
    model, guard = settings.endpoints["model"], settings.endpoints["guard"]
    assert {model.profile, guard.profile} == {"transformers_serve"}
    assert model.model == "meta-llama/Llama-3.2-11B-Vision-Instruct"
    assert guard.model == "meta-llama/Llama-Guard-3-11B-Vision"
    assert settings.guard is not None
    assert (settings.guard.endpoint, settings.guard.model) == ("guard", "llama-guard-3-11b-vision")
    assert settings.guard.deadline_s >= 600, "it may be asleep"
    for role in ("model", "guard"):
        server = _one(
            states["cloud_run_gpu_small"],
            f'module.model_server["{role}"].google_cloud_run_v2_service.this[0]',
        )
        assert settings.endpoints[role].url == (
            f"https://{server['name']}-123456789012.us-central1.run.app/v1"
        )


@pytest.mark.parametrize(
    ("run", "gpu", "cpu", "memory", "quantized"),
    [
        ("cloud_run_gpu_small", "nvidia-rtx-pro-6000", "20", "80Gi", False),
        ("cloud_run_gpu_l4_standard", "nvidia-l4", "8", "32Gi", True),
    ],
)
def test_a_model_server_has_its_gpu_sleeps_unused_and_is_reached_from_inside_only(
    run: str,
    gpu: str,
    cpu: str,
    memory: str,
    quantized: bool,
    states: Mapping[str, Sequence[Resource]],
) -> None:
    server = _one(states[run], 'module.model_server["model"].google_cloud_run_v2_service.this[0]')
    template = server["template"][0]
    [container] = template["containers"]
    assert server["ingress"] == "INGRESS_TRAFFIC_INTERNAL_ONLY"
    assert template["scaling"][0]["min_instance_count"] == 0
    assert template["node_selector"][0]["accelerator"] == gpu
    resources = container["resources"][0]
    assert resources["limits"] == {"cpu": cpu, "memory": memory, "nvidia.com/gpu": "1"}
    assert resources["cpu_idle"] is False
    assert container["args"][:2] == ["serve", "meta-llama/Llama-3.2-11B-Vision-Instruct"]
    assert ("bnb-4bit" in container["args"]) is quantized
    [volume], [mounted] = template["volumes"], container["volume_mounts"]
    assert volume["gcs"][0]["read_only"]
    assert (
        mounted["mount_path"] == {e["name"]: e["value"] for e in container["env"]}["HF_HUB_CACHE"]
    )
    assert any(each.type == "google_dns_record_set" for each in states[run])


def test_external_servers_have_their_keys_in_secrets_that_terraform_never_fills(
    states: Mapping[str, Sequence[Resource]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = _settings(states["external_small"], monkeypatch).endpoints["model"]
    assert (model.profile, model.url) == ("sglang", "https://models.example.com/v1")
    assert model.key_secret == "projects/123456789012/secrets/a-secret/versions/latest"
    versions = [
        each
        for each in states["external_small"]
        if each.type == "google_secret_manager_secret_version"
    ]
    assert [each.address for each in versions] == [
        "module.database.google_secret_manager_secret_version.password"
    ]


def test_a_release_is_not_undone_by_terraform() -> None:
    text = (MADE_OF / "modules" / "app" / "service.tf").read_text()
    [ignored] = re.findall(r"ignore_changes = \[(.+?)\]\n", text, re.DOTALL)
    assert {"template[0].containers[0].image", "traffic"} <= set(ignored.split(", "))


@pytest.mark.parametrize(("run", "people"), [("vertex_small", 100), (UNPROTECTED, 200)])
def test_the_service_takes_as_many_people_as_were_measured_and_the_database_their_connections(
    run: str, people: int, states: Mapping[str, Sequence[Resource]]
) -> None:
    template = _service(states[run])["template"][0]
    benchmarks = (ROOT / "benchmarks" / "README.md").read_text()
    assert "200 people who come over 10 s" in benchmarks
    assert template["max_instance_request_concurrency"] == people
    assert template["session_affinity"]
    assert template["timeout"] == "3600s"
    [container] = template["containers"]
    assert container["startup_probe"][0]["http_get"][0]["path"] == "/readyz"
    assert container["liveness_probe"][0]["http_get"][0]["path"] == "/healthz"
    assert template["vpc_access"][0]["egress"] == "PRIVATE_RANGES_ONLY"
    # Cloud SQL's smallest instance takes 25 connections, three of them its administrators'; each
    # process keeps up to five, and a release and a job run beside those that serve.
    assert "Each process keeps up to five connections" in (ROOT / "docs/database.md").read_text()
    processes = template["scaling"][0]["max_instance_count"] + 2
    assert processes * 5 <= (22 if run == "vertex_small" else 100)


def test_alarms_watch_what_the_application_writes(
    states: Mapping[str, Sequence[Resource]],
) -> None:
    metrics = [
        each.values for each in states["vertex_small"] if each.type == "google_logging_metric"
    ]
    used = {
        name
        for each in metrics
        for name in re.findall(
            r"jsonPayload\.(\w+)",
            json.dumps([each["filter"], each["value_extractor"], each["label_extractors"]]),
        )
    }
    guide = (ROOT / "docs" / "operate.md").read_text()
    logged = set(re.findall(r"`(\w+)`", guide.partition("### Logs")[2].partition("## 8.")[0]))
    assert used <= logged, "only fields that every line of a run has"
    assert not used & {"message", "user", "request_id"}, "no content, nobody's name"
    assert {each["name"] for each in metrics} == {
        "visiontools/runs",
        "visiontools/run_duration",
        "visiontools/guard_failures",
    }
    policies = [
        each.values
        for each in states["vertex_small"]
        if each.type == "google_monitoring_alert_policy"
    ]
    assert len(policies) == 8
    for each in policies:
        assert len(each["notification_channels"]) == 1, each["display_name"]
        assert each["documentation"][0]["content"], each["display_name"]
    filters = json.dumps([each["conditions"] for each in policies])
    named = re.search(r"metric\.labels\.outcome=one_of\((.+?)\)", filters.replace('\\"', '"'))
    assert named is not None
    assert set(re.findall(r'"(\w+)"', named[1])) <= {each.value for each in Outcome}


def test_every_variable_is_explained() -> None:
    page = (ROOT / "docs" / "terraform.md").read_text()
    rows = page.partition("## Variables")[2].partition("## What it makes")[0]
    explained = set(
        re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (.+?) \|", rows, re.MULTILINE)))
    )
    text = "".join(each.read_text() for each in MADE_OF.glob("variables*.tf"))
    assert explained == set(re.findall(r'^variable "(\w+)"', text, re.MULTILINE))
    example = (MADE_OF / "terraform.tfvars.example").read_text()
    assert set(re.findall(r"^(\w+) *=", example, re.MULTILINE)) <= explained


def test_the_model_server_is_the_one_that_was_run() -> None:
    lists = ("deploy/model/requirements.txt", "tests/counterparts/requirements/mllama.txt")
    texts = [(ROOT / each).read_text() for each in lists]
    pins = [re.findall(r"^(transformers==\S+)", each, re.MULTILINE) for each in texts]
    assert pins[0] == pins[1] != []
    assert "://" not in texts[0]
    assert "://" not in "".join(each.read_text() for each in CHECKS.glob("*.txt"))

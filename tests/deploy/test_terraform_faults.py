"""Each check of what Terraform would make is shown to catch a fault that was planted for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.deploy import policies
from tests.deploy.terraforming import MADE_OF, TOOLS, Resource, Terraform

Fault = tuple[str, str, str]
"""A file, what stands there, and what is put in its place."""

APP, DATABASE = "modules/app/service.tf", "modules/database/main.tf"
STORAGE, IDENTITIES = "modules/storage/main.tf", "identities.tf"
KEY = """
resource "google_service_account_key" "planted" {
  service_account_id = google_service_account.this["application"].name
}
"""
EVERYBODY = """
resource "google_cloud_run_v2_service_iam_member" "planted" {
  name   = google_cloud_run_v2_service.this.name
  role   = "roles/run.invoker"
  member = "allUsers"
}
"""
PLANTED: Sequence[Fault] = (
    (STORAGE, '"enforced"', '"inherited"'),
    (STORAGE, "var.retention_days + 1", "var.retention_days + 2"),
    (STORAGE, "!var.deletion_protection", "true"),
    (IDENTITIES, '"roles/aiplatform.user"', '"roles/editor"'),
    (IDENTITIES, "# Managed models", KEY + "\n# Managed models"),
    (APP, "iap_enabled         = true", "iap_enabled         = false"),
    (APP, "# For the smoke test", EVERYBODY + "\n# For the smoke test"),
    (APP, "GOOGLE_CLOUD_PROJECT ", 'MODEL_KEY = "sk-planted"\n    GOOGLE_CLOUD_PROJECT '),
    (DATABASE, "secret_data_wo         = local", "secret_data            = local"),
    (DATABASE, "  secret_data_wo_version = var.password_version\n", ""),
    (DATABASE, "ipv4_enabled    = false", "ipv4_enabled    = true"),
    (DATABASE, "deletion_protection = var.deletion_protection", "deletion_protection = false"),
    ("modules/app/jobs.tf", "image   = var.image", 'image   = "visiontools:latest"'),
)
_LIKE_THIS = (
    *("--framework", "terraform", "--output", "json"),
    *("--compact", "--skip-download"),
)
CAUGHT = {
    policies.no_bucket_is_public: {"google_storage_bucket.pictures", "iam_member.planted"},
    policies.no_role_is_primitive: {"google_project_iam_member.vertex[0]"},
    policies.no_account_has_a_key: {"google_service_account_key.planted"},
    policies.everybody_comes_in_through_iap: {
        "google_cloud_run_v2_service.this",
        "iam_member.planted",
    },
    policies.no_secret_is_plain: {
        "google_cloud_run_v2_service.this",
        "google_secret_manager_secret_version.password",
    },
    policies.pictures_go_when_retention_says: {"google_storage_bucket.pictures"},
    policies.what_holds_data_withstands_destroying: {
        "google_sql_database_instance.this",
        "google_storage_bucket.pictures",
    },
    policies.the_database_is_private: {"google_sql_database_instance.this"},
    policies.images_are_named_by_digest: {
        'google_cloud_run_v2_job.this["migrate"]',
        'google_cloud_run_v2_job.this["prune"]',
    },
}
MISFITS: Mapping[str, Fault] = {
    'An argument named "iap_enable" is not expected here': (APP, "iap_enabled ", "iap_enable "),
    "a number is required": (APP, "= local.scale.people", '= "many"'),
    'Blocks of type "startup_prob" are not expected here': (
        APP,
        "startup_probe {",
        "startup_prob {",
    ),
    'The argument "location" is required': (
        STORAGE,
        "  location                    = var.place.region\n",
        "",
    ),
    'does not support resource type "google_sql_usr"': (
        DATABASE,
        '"google_sql_user"',
        '"google_sql_usr"',
    ),
    "creation_timestamp is set by Google": (
        "modules/network/main.tf",
        "prefix_length = 20",
        'creation_timestamp = "now"',
    ),
    'no argument, nested block, or exported attribute named "private_address"': (
        "modules/database/interface.tf",
        "private_ip_address",
        "private_address",
    ),
}
"""What Terraform says, and the fault it says it of."""


def _plant(root: Path, faults: Sequence[Fault]) -> Path:
    for name, there, instead in faults:
        path = root / name
        text = path.read_text()
        assert there in text, f"{name} has no {there!r} any more"
        path.write_text(text.replace(there, instead, 1))
    return root


def _only(root: Path, run: str) -> None:
    """Leave one run of Terraform's own tests, without what it asserts."""
    path = root / "tests" / "variants.tftest.hcl"
    head, *runs = re.split(r'^(?=run ")', path.read_text(), flags=re.MULTILINE)
    [chosen] = [each for each in runs if each.startswith(f'run "{run}"')]
    path.write_text(head + chosen)


def test_every_rule_has_its_fault() -> None:
    assert set(CAUGHT) == set(policies.RULES)


@pytest.fixture(scope="session")
def faulty(terraform: Terraform) -> Sequence[Resource]:
    root = _plant(terraform.copy("planted"), PLANTED)
    _only(root, "vertex_small")
    said = terraform.test(root, "variants.tftest.hcl")
    assert said.errors == []
    return said.states["vertex_small"]


@pytest.mark.parametrize("rule", policies.RULES, ids=lambda rule: rule.__name__)
def test_a_rule_finds_what_breaks_it(rule: policies.Rule, faulty: Sequence[Resource]) -> None:
    found = rule(faulty, 14)
    for planted in CAUGHT[rule]:
        assert any(address.endswith(planted) for address in found), (planted, found)


@pytest.mark.parametrize("words", MISFITS)
def test_what_does_not_fit_the_schema_is_found(words: str, terraform: Terraform) -> None:
    root = _plant(terraform.copy(f"misfit-{list(MISFITS).index(words)}"), [MISFITS[words]])
    found = terraform.validate(root)
    assert any(words in each for each in found), found


def test_a_file_that_is_not_formatted_is_found(terraform: Terraform) -> None:
    root = _plant(terraform.copy("untidy"), [("outputs.tf", "  value ", "      value ")])
    done = terraform.run(root, "fmt", "-check", "-recursive")
    assert (done.returncode, done.stdout.split()) == (3, ["outputs.tf"])


def test_a_run_whose_assertion_fails_fails(terraform: Terraform) -> None:
    fault = ("modules/release/main.tf", 'var.repository == "" ? 0', 'var.repository != "" ? 0')
    root = _plant(terraform.copy("wrong"), [fault])
    _only(root, "before_there_is_an_image")
    said = terraform.test(root, "variants.tftest.hcl")
    assert said.status == 1
    assert said.ended["before_there_is_an_image"] in ("fail", "error")


@pytest.fixture(scope="session")
def checkov(terraform: Terraform) -> Mapping[str, Any]:
    """checkov's results on what is there and on what has faults, in one run."""
    both = terraform.folder / "checkov"
    terraform.copy("checkov/right")
    _plant(terraform.copy("checkov/wrong"), PLANTED)
    done = subprocess.run(
        [TOOLS / "checkov", "--directory", both, *_LIKE_THIS],
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, "HOME": str(terraform.folder)},
    )
    told = json.loads(done.stdout)
    assert told["summary"]["parsing_errors"] == 0
    results: Mapping[str, Any] = told["results"]
    return results


def _checks(results: Sequence[Mapping[str, Any]], root: str) -> set[tuple[str, str]]:
    chosen = (each for each in results if each["file_path"].startswith(f"/{root}/"))
    return {(each["check_id"], each["resource"].partition("google_")[2]) for each in chosen}


def test_checkov_finds_nothing_but_what_is_left_out_for_a_reason(
    checkov: Mapping[str, Any],
) -> None:
    assert _checks(checkov["failed_checks"], "right") == set()
    assert len(_checks(checkov["passed_checks"], "right")) > 40
    skipped = [e for e in checkov["skipped_checks"] if e["file_path"].startswith("/right/")]
    written = re.findall(
        r"#checkov:skip=(\w+):(.*)", "".join(each.read_text() for each in MADE_OF.rglob("*.tf"))
    )
    assert {each["check_id"] for each in skipped} == {name for name, _ in written}
    assert all(len(reason.split()) >= 5 for _, reason in written)


def test_checkov_finds_planted_faults(checkov: Mapping[str, Any]) -> None:
    found = _checks(checkov["failed_checks"], "wrong")
    assert {
        ("CKV_GCP_114", "storage_bucket.pictures"),
        ("CKV_GCP_117", "project_iam_member.vertex[0]"),
        ("CKV_GCP_60", "sql_database_instance.this"),
    } <= found, sorted(found)

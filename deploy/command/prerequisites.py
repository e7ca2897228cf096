"""What must be there before Terraform is asked: everything that is missing is told at once."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import gpus
import vertex
from choices import TERRAFORM, Choices
from programs import asked

APIS = (
    "cloudresourcemanager.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
)
"""Those Terraform needs to enable the others, to find the project, and to keep its state."""
_VERSION = re.compile(r'required_version\s*=\s*"[^0-9"]*([0-9.]+)')


@dataclass(frozen=True)
class Finding:
    """What is missing, in one sentence, and the command that mends it."""

    sentence: str
    mend: str


def missing(choices: Choices, *, models: bool) -> list[Finding]:
    """All that is missing, but for what cannot be asked before something else is there."""
    found = [*_variables(), *_terraform()]
    signed_in = _gcloud()
    found += signed_in
    if not signed_in:
        found += _project(choices) or _in_project(choices, models=models)
    return found


def _in_project(choices: Choices, *, models: bool) -> list[Finding]:
    before = [*_billing(choices), *_apis(choices)]
    # Without billing or its API a model answers no question, which says nothing of the model.
    return before or (_models(choices) if models else [])


def _variables() -> list[Finding]:
    """What the operator has to say first."""
    if (TERRAFORM / "terraform.tfvars").exists():
        return []
    example = "deploy/terraform/terraform.tfvars"
    return [
        Finding(
            "Nobody has said yet who may use it, which model answers, and who is told of alarms.",
            f"cp {example}.example {example}, and fill it in",
        )
    ]


def _terraform() -> list[Finding]:
    wanted = _wanted_version()
    install = "https://developer.hashicorp.com/terraform/install"
    status, out, error = asked("terraform", "version", "-json")
    if status:
        return [Finding(f"Terraform {wanted} or newer is needed: {error}.", f"See {install}")]
    version = json.loads(out)["terraform_version"]
    if _numbers(version) < _numbers(wanted):
        return [Finding(f"Terraform {wanted} or newer is needed, not {version}.", f"See {install}")]
    return []


def _wanted_version() -> str:
    texts = (path.read_text(encoding="utf-8") for path in sorted(TERRAFORM.glob("*.tf")))
    found = (_VERSION.search(text) for text in texts)
    return next(match[1] for match in found if match)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("-")[0]))


def _gcloud() -> list[Finding]:
    status, account, error = asked(
        "gcloud", "auth", "list", "--filter=status:ACTIVE", "--format=value(account)"
    )
    if status:
        return [
            Finding(
                f"The Google Cloud CLI is needed: {error}.",
                "See https://docs.cloud.google.com/sdk/docs/install",
            )
        ]
    found = []
    if not account:
        found.append(Finding("Nobody is signed in to gcloud.", "gcloud auth login"))
    # Terraform signs in by these, not by gcloud's own. What this prints is a secret: it is dropped.
    if asked("gcloud", "auth", "application-default", "print-access-token")[0]:
        found.append(
            Finding(
                "Terraform has no credentials to use (Application Default Credentials).",
                "gcloud auth application-default login",
            )
        )
    return found


def _project(choices: Choices) -> list[Finding]:
    project = choices.project
    status, out, error = asked("gcloud", "projects", "describe", project, "--format=json")
    if status:
        return [
            Finding(
                f"The project '{project}' is not there, or you may not see it: {error}.",
                f"gcloud projects create {project}",
            )
        ]
    state = json.loads(out).get("lifecycleState", "ACTIVE")
    if state != "ACTIVE":
        sentence = f"The project '{project}' is on its way to be deleted ({state})."
        return [Finding(sentence, f"gcloud projects undelete {project}")]
    return []


def _billing(choices: Choices) -> list[Finding]:
    project = choices.project
    status, out, _ = asked(
        "gcloud", "billing", "projects", "describe", project, "--format=value(billingEnabled)"
    )
    if status or out.lower() != "true":
        account = choices.billing_account or "ACCOUNT"
        return [
            Finding(
                f"The project '{project}' has no billing account, or you may not see it"
                " (accounts: gcloud billing accounts list).",
                f"gcloud billing projects link {project} --billing-account={account}",
            )
        ]
    return []


def _apis(choices: Choices) -> list[Finding]:
    wanted = list(APIS)
    if choices.model == "vertex":
        wanted += vertex.APIS
    if choices.needs_gpu:
        wanted += gpus.APIS
    enabled = _enabled(choices.project)
    lacking = [api for api in wanted if enabled is None or api not in enabled]
    if not lacking:
        return []
    several = "These APIs are" if len(lacking) > 1 else "This API is"
    return [
        Finding(
            f"{several} not enabled in '{choices.project}': {', '.join(lacking)}.",
            f"gcloud services enable {' '.join(lacking)} --project={choices.project}",
        )
    ]


def _enabled(project: str) -> list[str] | None:
    status, out, _ = asked(
        *("gcloud", "services", "list", "--enabled", f"--project={project}"),
        "--format=value(config.name)",
    )
    return None if status else out.split()


def _models(choices: Choices) -> list[Finding]:
    told = [
        vertex.objection(choices) if choices.model == "vertex" else None,
        gpus.objection(choices) if choices.needs_gpu else None,
    ]
    return [Finding(*each) for each in told if each]

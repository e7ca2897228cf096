"""The bucket Terraform keeps its state in, which is there before anything it makes."""

from __future__ import annotations

from choices import Choices
from programs import ProblemError, asked, say, told


def make(choices: Choices) -> None:
    """Make it if it is missing. Versions let an earlier state be had back; nobody else reads it."""
    bucket = f"gs://{choices.state_bucket}"
    if not _there(choices):
        say(f"Making the bucket {bucket} ...")
        told(
            *("gcloud", "storage", "buckets", "create", bucket, f"--project={choices.project}"),
            *(f"--location={choices.region}", "--uniform-bucket-level-access"),
            "--public-access-prevention",
        )
    # Also where an earlier run broke off between the two.
    told("gcloud", "storage", "buckets", "update", bucket, "--versioning")


def remove(choices: Choices) -> None:
    """Delete it, with every version of the state."""
    if _there(choices):
        bucket = f"gs://{choices.state_bucket}"
        say(f"Deleting the bucket {bucket} ...")
        told("gcloud", "storage", "rm", "--recursive", bucket, "--quiet")


def _there(choices: Choices) -> bool:
    bucket = f"gs://{choices.state_bucket}"
    status, _, error = asked(
        *("gcloud", "storage", "buckets", "describe", bucket, "--format=value(name)"),
        f"--project={choices.project}",
    )
    if status and "404" not in error and "not found" not in error.lower():
        raise ProblemError(
            f"The bucket {bucket} cannot be looked at: {error}.",
            "Names are the world's: if it is somebody else's, set another name in terraform.tfvars",
        )
    return status == 0

"""From choices to a running service, in stages each of which may be done already.

Nothing is remembered here: what is done is seen in the project, so that the same command goes on
where an earlier one ended.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import buckets
from choices import ROOT, TERRAFORM, Choices
from programs import ProblemError, asked, is_off, say, shown, told

_JOBS = "module.app[0].google_cloud_run_v2_job.this"
_PROTECTED = re.compile(
    r"(^|\.)google_(sql_database_instance|storage_bucket|secret_manager_secret)\.\w+(\[|$)"
)
AGAIN = "Mend what the lines above say and run the same command again: it goes on from here"


@dataclass(frozen=True)
class Rollout:
    """What is done to one project."""

    choices: Choices
    approved: bool = False

    def plan(self) -> None:
        """Show what an apply would change."""
        self._init()
        self._terraform("plan", image=self._serving() or self._pushed())

    def apply(self) -> None:
        """Make everything, build the image if there is none, and upgrade the database first."""
        self._init()
        serving = self._serving()
        if serving:
            say("Stage 1 of 1: bringing what is there up to what is chosen ...")
            self._terraform("apply", *self._approved, image=serving)
        else:
            self._first()
        self._report()

    def _first(self) -> None:
        image = self._pushed()
        if not image:
            say("Stage 1 of 4: everything but the service ...")
            self._terraform("apply", "-auto-approve", image="")
            say("Stage 2 of 4: the image ...")
            image = self._build()
        if self.choices.needs_gpu and not self.choices.model_server_image:
            raise ProblemError(
                "The model's server has no image yet.",
                "Build it and set model_server_image (docs/terraform.md), and run this again",
            )
        # IAP's own account, which calls the service, is made by nothing else.
        told(
            *("gcloud", "beta", "services", "identity", "create"),
            *("--service=iap.googleapis.com", f"--project={self.choices.project}"),
        )
        say("Stage 3 of 4: the tables of the database ...")
        # The job alone: the service does not start before the tables are there.
        self._terraform("apply", "-auto-approve", f"-target={_JOBS}", image=image)
        job = f"{self.choices.name}-migrate"
        told("gcloud", "run", "jobs", "execute", job, "--wait", *self.choices.there, "--quiet")
        say("Stage 4 of 4: the service ...")
        self._terraform("apply", "-auto-approve", image=image)

    def release(self) -> None:
        """Test, build and release what is checked out here, as a trigger does for each commit."""
        self._init()
        if not self._serving():
            raise ProblemError(
                "There is no service to release to.",
                f"Make it first: make -C deploy apply PROJECT={self.choices.project}",
            )
        self._submit()

    def destroy(self) -> None:
        """Take everything away, data included."""
        self._init()
        made = self._made()
        protected = [f"-target={each}" for each in made if _PROTECTED.search(each)]
        unprotected = ("-auto-approve", "-var=deletion_protection=false")
        image = self._serving() or self._pushed()
        if protected:
            say("Lifting the protection of what holds data ...")
            self._terraform("apply", *unprotected, *protected, image=image)
        if made:
            say("Destroying ...")
            self._terraform("destroy", *unprotected, image=image)
        buckets.remove(self.choices)

    def outputs(self) -> dict[str, str]:
        """What Terraform says of what it made."""
        out: dict[str, Any] = json.loads(told("terraform", self._here, "output", "-json"))
        return {name: each["value"] for name, each in out.items()}

    def _made(self) -> list[str]:
        """Addresses of what Terraform has made and not destroyed yet."""
        status, out, error = asked("terraform", self._here, "state", "list")
        if status and "Error" in error:
            raise ProblemError(f"Terraform's state cannot be read: {error}.", AGAIN)
        return out.split("\n") if out else []  # no state at all is an error without that word

    @property
    def _approved(self) -> tuple[str, ...]:
        """Terraform shows what it would change in what serves, and asks, unless told not to."""
        return ("-auto-approve",) if self.approved else ()

    @property
    def _here(self) -> str:
        return f"-chdir={TERRAFORM}"

    def _init(self) -> None:
        buckets.make(self.choices)
        shown(
            *("terraform", self._here, "init", "-input=false", "-reconfigure"),
            f"-backend-config=bucket={self.choices.state_bucket}",
            f"-backend-config=prefix={self.choices.name}",
            again=AGAIN,
        )

    def _terraform(self, action: str, *more: str, image: str) -> None:
        shown(
            *("terraform", self._here, action, "-input=false", *more),
            f"-var=project={self.choices.project}",
            f"-var=image={image}",
            again=AGAIN,
        )

    def _serving(self) -> str:
        """The image of the service, by digest; '' where there is no service."""
        out = self._described()
        return out and str(json.loads(out)["spec"]["template"]["spec"]["containers"][0]["image"])

    def _described(self) -> str:
        """The service as gcloud tells it; '' where there is none."""
        status, out, error = asked(
            *("gcloud", "run", "services", "describe", self.choices.name, "--format=json"),
            *self.choices.there,
        )
        # Neither is there while its API is not enabled yet, as before the first apply.
        if status and "Cannot find service" not in error and not is_off(error):
            raise ProblemError(f"The service cannot be looked at: {error}.", AGAIN)
        return "" if status else out

    def _pushed(self) -> str:
        """The newest image in the registry, by digest; '' where there is none."""
        status, out, error = asked(
            *("gcloud", "artifacts", "docker", "images", "list", self.choices.image),
            *("--sort-by=~UPDATE_TIME", "--limit=1", "--format=value(version)"),
            f"--project={self.choices.project}",
        )
        if status and "NOT_FOUND" not in error and not is_off(error):
            raise ProblemError(f"The registry cannot be looked at: {error}.", AGAIN)
        return f"{self.choices.image}@{out}" if out and not status else ""

    def _build(self) -> str:
        self._submit("_TEST=no", "_RELEASE=no")
        pushed = self._pushed()
        if not pushed:
            raise ProblemError("The build ended well, and there is no image.", AGAIN)
        return pushed

    def _submit(self, *substitutions: str) -> None:
        """Send what is here to Cloud Build and wait for how it ends."""
        out = self.outputs()
        account = f"projects/{self.choices.project}/serviceAccounts/{out['deployer']}"
        named = (f"_REGION={self.choices.region}", f"_NAME={self.choices.name}", *substitutions)
        shown(
            *("gcloud", "builds", "submit", str(ROOT), f"--config={ROOT}/deploy/cloudbuild.yaml"),
            *(*self.choices.there, f"--service-account={account}"),
            f"--gcs-source-staging-dir={out['build_sources']}/source",
            f"--substitutions={','.join(named)}",
            again=AGAIN,
        )

    def _report(self) -> None:
        say(f"It is there: {self.outputs()['service_url']}")
        print("Who may come in is iap_members in deploy/terraform/terraform.tfvars.")
        print("docs/deploy.md has what to try, and how to update.")
        status = json.loads(self._described())["status"]
        newest = status["latestReadyRevisionName"]
        if newest not in [each["revisionName"] for each in status["traffic"] if "percent" in each]:
            say(f"The revision {newest} is newer than what serves. To send people to it:")
            print(
                f"  gcloud run services update-traffic {self.choices.name}"
                f" --to-revisions={newest}=100 {' '.join(self.choices.there)}"
            )

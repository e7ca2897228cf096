"""make -C deploy plan|apply|destroy, with doubles of gcloud and terraform."""

from __future__ import annotations

import marshal
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.deploy.bench import DEPLOYER, ROOT, Bench

IMAGE = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:" + "1" * 64
READY: dict[str, Any] = {
    "account": "ada@example.com",
    "default_credentials": True,
    "terraform_version": "1.14.2",
    "lifecycle": "ACTIVE",
    "billing": True,
    "apis": [
        "cloudresourcemanager.googleapis.com",
        "serviceusage.googleapis.com",
        "storage.googleapis.com",
    ],
    "quotas": {},
    "buckets": {},
    "images": [],
    "made": [],
    "protected": [],
    "breaks_at": "",
    "jobs": {},
    "services": {},
    "broken_images": [],
    "left": {},
    "disabled": [],
}


class Deploy:
    """A copy of what the command reads, and the commands themselves."""

    def __init__(self, folder: Path) -> None:
        self.clone = folder.parent / "clone"  # one for all tests: it is compiled once
        terraform = self.clone / "deploy" / "terraform"
        if not self.clone.exists():
            terraform.mkdir(parents=True)
            for part in ("Makefile", "command", "Dockerfile", "cloudbuild.yaml"):
                source, copy = ROOT / "deploy" / part, self.clone / "deploy" / part
                (shutil.copytree if source.is_dir() else shutil.copy)(source, copy)
            for path in (ROOT / "deploy" / "terraform").glob("*.tf"):
                shutil.copy(path, terraform)
        self.tfvars = terraform / "terraform.tfvars"
        self.tfvars.write_text(
            'model = "external"\nguard = "off"\niap_members = ["user:a@b.com"]\n'
        )
        self.bench = Bench(folder, ["gcloud", "terraform"], READY)

    def make(
        self, action: str, project: str = "a-project", told: str = "", **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return self.bench.run(
            ["make", "-C", "deploy", "--no-print-directory", action, f"PROJECT={project}"],
            cwd=self.clone,
            told=told,
            **variables,
        )

    def apply_once(self) -> None:
        """Be where a first apply ends; it is run once for all tests."""
        kept = self.clone.with_name("applied")
        if not kept.exists():
            assert self.make("apply").returncode == 0
            kept.write_bytes(marshal.dumps(self.bench.world))
        self.bench.world = marshal.loads(kept.read_bytes())

    def applies(self) -> list[str]:
        """What terraform was told to apply, without what is the same every time."""
        return [
            call.removeprefix("terraform apply -input=false ").replace(
                " -var=project=a-project -var=image=", " image="
            )
            for call in self.bench.calls("terraform apply")
        ]


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    return Deploy(tmp_path)


def test_everything_that_is_missing_is_told_at_once_with_what_mends_it(deploy: Deploy) -> None:
    deploy.tfvars.unlink()
    deploy.bench.change(billing=False, apis=["storage.googleapis.com"], terraform_version="1.9.8")
    done = deploy.make("plan")
    assert done.returncode != 0
    assert deploy.bench.calls("terraform init") == []
    assert deploy.bench.world["buckets"] == {}
    told = [line.strip() for line in done.stderr.splitlines()]
    assert told[:8] == [
        "- Nobody has said yet who may use it, which model answers, and who is told of alarms.",
        "cp deploy/terraform/terraform.tfvars.example deploy/terraform/terraform.tfvars,"
        " and fill it in",
        "- Terraform 1.11 or newer is needed, not 1.9.8.",
        "See https://developer.hashicorp.com/terraform/install",
        "- The project 'a-project' has no billing account, or you may not see it"
        " (accounts: gcloud billing accounts list).",
        "gcloud billing projects link a-project --billing-account=ACCOUNT",
        "- These APIs are not enabled in 'a-project': cloudresourcemanager.googleapis.com,"
        " serviceusage.googleapis.com, aiplatform.googleapis.com.",
        "gcloud services enable cloudresourcemanager.googleapis.com serviceusage.googleapis.com"
        " aiplatform.googleapis.com --project=a-project",
    ]
    assert "4 to mend first" in done.stderr


@pytest.mark.parametrize(
    ("world", "sentence", "mend"),
    [
        ({"account": ""}, "Nobody is signed in to gcloud.", "gcloud auth login"),
        (
            {"default_credentials": False},
            "Terraform has no credentials to use",
            "gcloud auth application-default login",
        ),
        (
            {"lifecycle": "DELETE_REQUESTED"},
            "is on its way to be deleted",
            "gcloud projects undelete a-project",
        ),
    ],
)
def test_each_missing_thing_has_its_command(
    deploy: Deploy, world: dict[str, Any], sentence: str, mend: str
) -> None:
    deploy.bench.change(**world)
    done = deploy.make("apply")
    assert done.returncode != 0
    assert sentence in done.stderr
    assert mend in done.stderr
    assert "Traceback" not in done.stderr
    assert deploy.bench.calls("terraform apply") == []


def test_a_project_that_is_not_there_is_told(deploy: Deploy) -> None:
    done = deploy.make("plan", project="no-project")
    assert "The project 'no-project' is not there, or you may not see it" in done.stderr
    assert "gcloud projects create no-project" in done.stderr


def test_without_a_project_its_name_is_asked_for(deploy: Deploy) -> None:
    done = deploy.make("plan", project="")
    assert done.returncode != 0
    assert "make -C deploy plan PROJECT=my-project" in done.stderr


@pytest.mark.parametrize("program", ["gcloud", "terraform"])
def test_a_program_that_is_not_installed_is_named_with_its_page(
    deploy: Deploy, program: str
) -> None:
    programs = deploy.bench.folder / "bin"
    (programs / program).unlink()
    for name in ("make", "sh"):  # nothing but what is needed: this machine may have the real one
        (programs / name).symlink_to(str(shutil.which(name)))
    done = deploy.make("plan", PATH=str(programs))
    assert f"{program} is not installed" in done.stderr
    assert "install" in done.stderr.split(f"{program} is not installed")[1]


def test_a_first_apply_ends_with_a_service_whose_tables_are_there(deploy: Deploy) -> None:
    done = deploy.make("apply")
    assert done.returncode == 0, done.stderr
    assert deploy.applies() == [
        "-auto-approve image=",
        f"-auto-approve -target=module.app[0].google_cloud_run_v2_job.this image={IMAGE}",
        f"-auto-approve image={IMAGE}",
    ]
    clone = deploy.clone.resolve()
    assert deploy.bench.calls("gcloud builds submit") == [
        f"gcloud builds submit {clone} --config={clone}/deploy/cloudbuild.yaml --project=a-project"
        f" --region=us-central1 --service-account=projects/a-project/serviceAccounts/{DEPLOYER}"
        " --gcs-source-staging-dir=gs://a-project-visiontools-sources/source"
        " --substitutions=_REGION=us-central1,_NAME=visiontools,_TEST=no,_RELEASE=no"
    ]
    assert deploy.bench.calls("gcloud run jobs") == [
        "gcloud run jobs execute visiontools-migrate --wait --project=a-project"
        " --region=us-central1 --quiet"
    ]
    assert deploy.bench.world["buckets"]["a-project-visiontools-state"] == {
        "location": "us-central1",
        "uniform": True,
        "closed": True,
        "versions": True,
    }
    assert deploy.bench.calls("terraform init") == [
        "terraform init -input=false -reconfigure"
        " -backend-config=bucket=a-project-visiontools-state -backend-config=prefix=visiontools"
    ]
    assert "It is there: https://there" in done.stdout


def test_a_second_apply_changes_nothing_that_serves_without_asking(deploy: Deploy) -> None:
    deploy.apply_once()
    before = deploy.bench.world
    done = deploy.make("apply", told="no\n")
    assert done.returncode != 0
    assert "Apply cancelled" in done.stderr
    assert deploy.applies()[3:] == [f"-var=project=a-project -var=image={IMAGE}"]
    after = deploy.bench.world
    assert after["services"] == before["services"]
    assert len(deploy.bench.calls("gcloud builds submit")) == 1
    assert len(deploy.bench.calls("gcloud storage buckets create")) == 1
    assert deploy.make("apply", told="yes\n").returncode == 0


@pytest.mark.parametrize(
    "breaks_at",
    ["artifact_registry", "sql_database_instance", "run_v2_job", "run_v2_service"],
)
def test_a_second_run_goes_on_where_the_first_broke_off(deploy: Deploy, breaks_at: str) -> None:
    deploy.bench.change(breaks_at=breaks_at)
    done = deploy.make("apply")
    assert done.returncode != 0
    assert "run the same command again: it goes on from here" in done.stderr
    assert deploy.bench.world["services"] == {}
    again = deploy.make("apply")
    assert again.returncode == 0, again.stderr
    world = deploy.bench.world
    assert len(world["made"]) == len(set(world["made"])) == 8  # each once
    assert len(deploy.bench.calls("gcloud builds submit")) == 1
    assert world["services"]["visiontools"]["revisions"][0]["image"] == IMAGE


@pytest.mark.parametrize(
    "fails", ["gcloud builds submit", "gcloud run jobs execute", "terraform init"]
)
def test_whatever_fails_the_second_run_ends_well(deploy: Deploy, fails: str) -> None:
    deploy.bench.fault(fails)
    done = deploy.make("apply")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    again = deploy.make("apply")
    assert again.returncode == 0, again.stderr


def test_a_state_bucket_of_somebody_else_is_told_of(deploy: Deploy) -> None:
    deploy.bench.fault("storage buckets describe", "ERROR: HTTPError 403: no storage.buckets.get")
    done = deploy.make("plan")
    assert "The bucket gs://a-project-visiontools-state cannot be looked at" in done.stderr
    assert "set another name" in done.stderr


def test_a_plan_changes_nothing_but_the_bucket_it_reads_its_state_from(deploy: Deploy) -> None:
    done = deploy.make("plan")
    assert "Plan for image ''" in done.stdout
    world = deploy.bench.world
    assert (world["made"], world["images"], world["services"]) == ([], [], {})
    deploy.apply_once()
    assert f"Plan for image '{IMAGE}'" in deploy.make("plan").stdout


def test_changed_settings_that_nobody_is_sent_to_are_told_of(deploy: Deploy) -> None:
    deploy.apply_once()
    world = deploy.bench.world
    service = world["services"]["visiontools"]
    service["revisions"].append({"name": "visiontools-00002", "image": IMAGE})
    deploy.bench.world = world
    done = deploy.make("apply", told="yes\n")
    assert (
        "gcloud run services update-traffic visiontools --to-revisions=visiontools-00002=100"
        " --project=a-project --region=us-central1"
    ) in done.stdout


def test_a_release_is_tested_and_released(deploy: Deploy) -> None:
    done = deploy.make("release")
    assert "Make it first: make -C deploy apply PROJECT=a-project" in done.stderr
    deploy.apply_once()
    done = deploy.make("release")
    assert done.returncode == 0, done.stderr
    (_, release) = deploy.bench.calls("gcloud builds submit")
    assert release.endswith(" --substitutions=_REGION=us-central1,_NAME=visiontools")
    assert len(deploy.applies()) == 3


def test_destroying_tells_what_goes_and_asks(deploy: Deploy) -> None:
    deploy.apply_once()
    done = deploy.make("destroy", told="y\n")
    assert done.returncode != 0
    assert "What goes, for good: records and pictures" in done.stdout
    assert "What stays: the project" in done.stdout
    assert "Nothing was changed." in done.stdout
    assert deploy.bench.calls("terraform destroy") == []


def test_destroying_leaves_nothing(deploy: Deploy) -> None:
    deploy.apply_once()
    done = deploy.make("destroy", told="a-project\n")
    assert done.returncode == 0, done.stderr
    world = deploy.bench.world
    assert (world["made"], world["protected"], world["buckets"]) == ([], [], {})
    targets = [word for word in deploy.applies()[-1].split() if word.startswith("-target=")]
    assert targets == [
        "-target=module.storage.google_storage_bucket.pictures",
        "-target=module.database.google_sql_database_instance.this",
        '-target=google_secret_manager_secret.keys["model"]',
    ]
    assert "Nothing that costs money is left in 'a-project'." in done.stdout


def test_what_is_left_and_what_could_not_be_seen_is_listed(deploy: Deploy) -> None:
    deploy.bench.change(
        left={"compute disks": ["forgotten"], "storage buckets": ["other-data"]},
        disabled=["sql instances"],
    )
    deploy.bench.fault("gcloud secrets list", "ERROR: (gcloud.secrets.list) PERMISSION_DENIED")
    done = deploy.make("destroy", told="a-project\n")
    assert done.returncode != 0
    assert "disks: forgotten" in done.stdout
    assert "buckets: other-data" in done.stdout
    assert "secrets: (gcloud.secrets.list) PERMISSION_DENIED" in done.stdout
    assert "databases" not in done.stdout  # an API that is off holds none
    assert deploy.bench.calls("terraform destroy") == []  # there was nothing


def test_destroying_goes_on_where_it_broke_off(deploy: Deploy) -> None:
    deploy.apply_once()
    deploy.bench.change(breaks_at="sql_database_instance")
    assert deploy.make("destroy", told="a-project\n").returncode != 0
    assert deploy.bench.world["buckets"] != {}  # the state is still needed
    made = deploy.bench.world["made"]
    assert made
    done = deploy.make("destroy", told="a-project\n")
    assert done.returncode == 0, done.stderr
    assert deploy.bench.world["made"] == []


def test_terraform_has_what_the_command_and_the_build_ask_of_it() -> None:
    root = ROOT / "deploy" / "terraform"
    main, outputs = (root / "main.tf").read_text(), (root / "outputs.tf").read_text()
    jobs = (root / "modules" / "app" / "jobs.tf").read_text()
    service = (root / "modules" / "app" / "service.tf").read_text()
    for name in ("deployer", "build_sources", "service_url"):
        assert f'output "{name}"' in outputs
    # -target=module.app[0].google_cloud_run_v2_job.this, and what runs by these names
    assert re.search(r'module "app" \{\s+source += "\./modules/app"\s+count ', main)
    assert 'resource "google_cloud_run_v2_job" "this"' in jobs
    assert re.findall(r"^    (\w+) += \{ account", jobs, re.MULTILINE) == ["migrate", "prune"]
    assert 'name                = "${var.place.name}-${each.key}"' in jobs
    assert '"candidate---${local.host}"' in service
    assert '"${var.place.name}-${var.place.number}.${var.place.region}.run.app"' in service

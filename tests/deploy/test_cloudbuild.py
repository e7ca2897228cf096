"""deploy/cloudbuild.yaml, its steps run in their order with doubles of gcloud and docker.

curl is the real one, and what it asks is the real web application behind a double of IAP.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml
from tests.deploy.bench import DEPLOYER, ROOT, Bench, Front

from visiontools.settings import Settings
from visiontools.testing.site import Site

OLD = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools@sha256:" + "0" * 64
IMAGE = "us-central1-docker.pkg.dev/a-project/visiontools/visiontools"
BUILT_IN = {"PROJECT_ID": "a-project", "PROJECT_NUMBER": "123456789012", "BUILD_ID": "b1"}
AT = "--project=a-project --region=us-central1 --quiet"
BACK_AT_OLD = [{"revision": "visiontools-00001", "percent": 100}]


class Build:
    """Cloud Build, as far as the file uses it: substitutions, variables, one step after another."""

    def __init__(self, bench: Bench, front: Front, workspace: Path) -> None:
        self.bench, self.front, self.workspace = bench, front, workspace
        self.told = ""

    def run(self, **substitutions: str) -> list[str]:
        """The ids of the steps that ended well; the one after them is where the build ended."""
        build = yaml.safe_load((ROOT / "deploy" / "cloudbuild.yaml").read_text())
        here = {"_URL": self.front.url_of(), "_CANDIDATE_URL": self.front.url_of("candidate")}
        values = BUILT_IN | build["substitutions"] | here | substitutions
        went_well: list[str] = []
        for step in build["steps"]:
            waits = step.get("waitFor", went_well[-1:])
            assert set(waits) - {"-"} <= set(went_well), f"{step['id']} waits for a later step"
            variables = dict(each.split("=", 1) for each in step.get("env", []))
            done = self.bench.run(
                [_filled(word, values) for word in _command(step)],
                cwd=self.workspace,
                WORKSPACE=str(self.workspace),
                RETRIES="0",
                **{name: _filled(value, values) for name, value in variables.items()},
            )
            self.told += done.stdout + done.stderr
            if done.returncode:
                return went_well
            went_well.append(step["id"])
        return went_well

    @property
    def traffic(self) -> list[dict[str, Any]]:
        traffic: list[dict[str, Any]] = self.bench.world["services"]["visiontools"]["traffic"]
        return traffic


def _command(step: dict[str, Any]) -> list[str]:
    tool = {"gcr.io/cloud-builders/docker": "docker"}.get(step["name"], "")
    return [step.get("entrypoint") or tool, *step["args"]]


def _filled(text: str, values: dict[str, str]) -> str:
    for _ in range(2):  # a default may name others, but those may not name others again
        text = re.sub(r"\$\{(\w+)\}", lambda found: values[found[1]], text)
    assert "${" not in text
    return text


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with Site(Settings(data_folder=tmp_path_factory.mktemp("data"))) as site:
        yield site


@pytest.fixture(scope="module")
def remembered() -> dict[str, httpx2.Response]:
    """What the application answered: the picture is read once, not for every test."""
    return {}


@pytest.fixture
def build(tmp_path: Path, app: Site, remembered: dict[str, httpx2.Response]) -> Iterator[Build]:
    workspace = tmp_path / "workspace"
    shutil.copytree(ROOT / "deploy", workspace / "deploy")
    (workspace / "examples").mkdir()
    shutil.copy(ROOT / "examples" / "diet_two_drinks.png", workspace / "examples")
    (workspace / ".ci").mkdir()
    (workspace / ".ci" / "run").write_text("#!/bin/sh\necho the tests ran\n")
    (workspace / ".ci" / "run").chmod(0o755)
    bench = Bench(
        tmp_path,
        ["gcloud", "docker"],
        {
            "account": DEPLOYER,
            "built": [],
            "pushed": {},
            "broken_images": [],
            "vulnerabilities": [
                ["CRITICAL", "False", "CVE-2026-0001"],
                ["HIGH", "True", "CVE-2026-0002"],
            ],
            "jobs": {
                "visiontools-migrate": {"image": OLD, "ran": []},
                "visiontools-prune": {"image": OLD, "ran": []},
            },
            "services": {},
        },
    )
    with Front(bench, app.url, remembered) as front:
        service = {
            "revisions": [{"name": "visiontools-00001", "image": OLD}],
            "traffic": BACK_AT_OLD,
        }
        bench.change(services={"visiontools": service})
        yield Build(bench, front, workspace)


def new_image(build: Build) -> str:
    (digest,) = build.bench.world["pushed"].values()
    return f"{IMAGE}@{digest}"


def fails_on_new(build: Build, path: str, status: int) -> None:
    """Let the image that will be pushed answer so; its digest is that of its name."""
    name = f"{IMAGE}:b1"
    for command in (["build", "--file=deploy/Dockerfile", f"--tag={name}", "."], ["push", name]):
        assert build.bench.run(["docker", *command], cwd=build.workspace).returncode == 0
    build.front.faults[new_image(build), path] = status


def test_a_release_ends_with_the_new_revision_serving(
    build: Build, app: Site, remembered: dict[str, httpx2.Response]
) -> None:
    remembered.clear()
    assert build.run() == ["test", "build", "scan", "push", "migrate", "deploy", "smoke", "shift"]
    image = new_image(build)
    candidate = "visiontools-00002"
    sign = "gcloud iam service-accounts sign-jwt {0}/claim.json {0}/token --iam-account={1} --quiet"
    sign = sign.format(build.workspace / ".release", DEPLOYER)
    found = "projects/a-project/locations/us/scans/1"
    account = "gcloud auth list --filter=status:ACTIVE --format=value(account)"
    describe = "gcloud run services describe visiontools --format=json " + AT
    shown = "vulnerability.effectiveSeverity,vulnerability.fixAvailable"
    assert build.bench.world["calls"] == [
        f"docker build --file=deploy/Dockerfile --tag={IMAGE}:b1 .",
        f"gcloud artifacts docker images scan {IMAGE}:b1 --project=a-project --location=us"
        " --format=value(response.scan) --quiet",
        f"gcloud artifacts docker images list-vulnerabilities {found}"
        " --project=a-project --location=us --quiet"
        f" --format=value({shown},vulnerability.shortDescription)",
        f"docker push {IMAGE}:b1",
        "docker image inspect --format {{range .RepoDigests}}{{println .}}{{end}} " + f"{IMAGE}:b1",
        f"gcloud run jobs update visiontools-migrate --image={image} {AT}",
        f"gcloud run jobs execute visiontools-migrate --wait {AT}",
        f"gcloud run jobs update visiontools-prune --image={image} {AT}",
        describe,
        f"gcloud run services update visiontools --image={image} --no-traffic --tag=candidate {AT}",
        describe,
        account,
        sign,
        f"gcloud run services update-traffic visiontools --to-revisions={candidate}=100 {AT}",
        account,
        sign,
        f"gcloud run services update-traffic visiontools --remove-tags=candidate {AT}",
    ]
    assert build.traffic == [{"revision": candidate, "percent": 100}]
    assert build.bench.world["jobs"]["visiontools-migrate"]["ran"] == [image]
    short = image.rpartition("@")[2][:15]
    record = build.front.asked[3].rpartition("/")[2]
    assert build.front.asked == [
        f"{short} GET /healthz",
        f"{short} GET /readyz",
        f"{short} POST /api/v1/tools/diet/runs",
        f"{short} DELETE /api/v1/records/{record}",
        f"{short} GET /readyz",
    ]
    assert httpx2.get(f"{app.url}/api/v1/records").json()["records"] == []  # it is gone again
    assert "the tests ran" in build.told


def test_nothing_of_the_token_is_left_or_told(build: Build) -> None:
    build.run()
    left = {path.name for path in (build.workspace / ".release").iterdir()}
    assert not left & {"claim.json", "token", "header"}
    assert "eyJ" not in build.told
    assert "Bearer" not in build.told


@pytest.mark.parametrize("path", ["/readyz", "/api/v1/tools"])
def test_a_failed_smoke_test_leaves_traffic_and_takes_the_tag_away(build: Build, path: str) -> None:
    fails_on_new(build, path, 503)
    assert build.run() == ["test", "build", "scan", "push", "migrate", "deploy"]
    assert build.traffic == BACK_AT_OLD
    assert "visiontools-00001=100 serves as before" in build.told
    assert not build.bench.calls("gcloud run services update-traffic visiontools --to-revisions")


def test_an_account_that_iap_does_not_let_in_is_a_failed_smoke_test(build: Build) -> None:
    build.front.members = ["somebody-else@a-project.iam.gserviceaccount.com"]
    assert build.run()[-1] == "deploy"
    assert "returned error: 401" in build.told
    assert build.traffic == BACK_AT_OLD


def test_an_account_that_may_not_sign_is_told_of(build: Build) -> None:
    build.bench.fault("sign-jwt", "ERROR: Permission 'iam.serviceAccounts.signJwt' denied")
    assert build.run()[-1] == "deploy"
    assert "signing in to IAP" in build.told
    assert build.front.asked == []
    assert build.traffic == BACK_AT_OLD


def test_a_shift_that_fails_is_taken_back(build: Build) -> None:
    build.bench.fault("--to-revisions=visiontools-00002=100")
    assert build.run()[-1] == "smoke"
    assert build.bench.calls("gcloud run services update-traffic") == [
        f"gcloud run services update-traffic visiontools --to-revisions=visiontools-00002=100 {AT}",
        f"gcloud run services update-traffic visiontools --to-revisions=visiontools-00001=100 {AT}",
        f"gcloud run services update-traffic visiontools --remove-tags=candidate {AT}",
    ]
    assert build.traffic == BACK_AT_OLD
    assert "traffic is back at visiontools-00001=100" in build.told


def test_a_revision_that_fails_under_traffic_is_taken_back(build: Build) -> None:
    build.front.down_after_readyz = 1  # it is ready once, before the shift
    assert build.run()[-1] == "smoke"
    assert build.traffic == BACK_AT_OLD
    assert "did not answer under traffic; traffic is back" in build.told


def test_where_going_back_fails_the_command_for_it_is_told(build: Build) -> None:
    build.bench.fault("--to-revisions", times=2)
    build.run()
    assert (
        "At once: gcloud run services update-traffic visiontools "
        "--to-revisions=visiontools-00001=100 --region=us-central1 --project=a-project"
    ) in build.told


def test_traffic_that_was_split_is_put_back_as_it_was(build: Build) -> None:
    world = build.bench.world
    service = world["services"]["visiontools"]
    service["revisions"].append({"name": "visiontools-00002", "image": OLD})
    split = [
        {"revision": "visiontools-00001", "percent": 90},
        {"revision": "visiontools-00002", "percent": 10},
    ]
    service["traffic"] = split
    build.bench.world = world
    build.bench.fault("--to-revisions=visiontools-00003=100")
    assert build.run()[-1] == "smoke"
    assert build.traffic == split


def test_a_failed_migration_deploys_nothing(build: Build) -> None:
    build.bench.fault("gcloud run jobs execute", "ERROR: The execution failed")
    assert build.run() == ["test", "build", "scan", "push"]
    assert build.bench.calls("gcloud run services") == []
    assert build.traffic == BACK_AT_OLD
    assert "The database was not upgraded, so nothing was deployed" in build.told


def test_a_revision_that_does_not_start_loses_its_tag(build: Build) -> None:
    fails_on_new(build, "/", 503)
    build.bench.change(broken_images=[new_image(build)])
    assert build.run()[-1] == "migrate"
    assert build.traffic == BACK_AT_OLD
    assert "The new revision did not start" in build.told


def test_without_a_service_the_command_that_makes_it_is_told(build: Build) -> None:
    build.bench.change(services={})
    assert build.run()[-1] == "migrate"
    assert "make -C deploy apply PROJECT=a-project" in build.told


def test_a_vulnerability_that_can_be_mended_is_not_pushed(build: Build) -> None:
    found = ["CRITICAL", "True", "CVE-2026-0003"]
    build.bench.change(vulnerabilities=[found])
    assert build.run() == ["test", "build"]
    assert "CVE-2026-0003" in build.told
    assert build.bench.calls("docker push") == []


def test_what_blocks_can_be_set(build: Build) -> None:
    assert build.run(_SCAN_BLOCKS="CRITICAL HIGH") == ["test", "build"]
    assert "CVE-2026-0002" in build.told
    assert "CVE-2026-0001" not in build.told  # there is nothing newer to take


def test_failed_tests_build_nothing(build: Build) -> None:
    (build.workspace / ".ci" / "run").write_text("#!/bin/sh\nexit 1\n")
    assert build.run() == []


def test_the_first_build_pushes_and_releases_nothing(build: Build) -> None:
    build.bench.change(services={}, jobs={})
    assert build.run(_TEST="no", _RELEASE="no")[-1] == "shift"
    assert "the tests ran" not in build.told
    assert build.bench.calls("gcloud run") == []
    assert new_image(build).startswith(f"{IMAGE}@sha256:")


@pytest.mark.parametrize("region", ["europe-west4", "asia-south1"])
def test_the_scan_stays_on_the_continent(build: Build, region: str) -> None:
    build.run(_REGION=region, _RELEASE="no")
    place = region.partition("-")[0]
    assert f"--location={place}" in build.bench.calls("gcloud artifacts docker images scan")[0]


def test_the_double_refuses_a_flag_gcloud_does_not_know(build: Build) -> None:
    done: subprocess.CompletedProcess[str] = build.bench.run(
        ["gcloud", "run", "jobs", "execute", "visiontools-migrate", "--await"], cwd=build.workspace
    )
    assert (done.returncode, "unrecognized arguments: --await" in done.stderr) == (2, True)


def test_the_addresses_are_those_the_application_answers_for() -> None:
    build = yaml.safe_load((ROOT / "deploy" / "cloudbuild.yaml").read_text())
    values = BUILT_IN | build["substitutions"]
    host = "visiontools-123456789012.us-central1.run.app"
    assert _filled("${_URL}", values) == f"https://{host}"
    assert _filled("${_CANDIDATE_URL}", values) == f"https://candidate---{host}"


def test_no_project_is_written_down() -> None:
    text = (ROOT / "deploy" / "cloudbuild.yaml").read_text()
    text += "".join(path.read_text() for path in (ROOT / "deploy" / "steps").iterdir())
    assert not re.search(r"projects/[a-z0-9-]+|pkg\.dev/(?!\$\{PROJECT_ID\})", text)

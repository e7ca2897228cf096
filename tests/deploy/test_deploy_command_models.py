"""What make -C deploy asks of a model before it is deployed: Vertex AI by HTTP, GPUs by quota."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.deploy.test_deploy_command import IMAGE, READY, Deploy

from visiontools.testing.local_http import Exchange, LocalServer

LLAMA = "meta/llama-3.2-90b-vision-instruct-maas"


class Vertex(LocalServer):
    """Vertex AI's chat endpoint, as far as one question of one token goes."""

    def __init__(self) -> None:
        super().__init__()
        self.status = 200
        self.asked: list[tuple[str, str, dict[str, object]]] = []

    def answer(self, exchange: Exchange) -> None:
        told = exchange.headers["Authorization"], exchange.path, json.loads(exchange.body)
        self.asked.append(told)
        exchange.send(self.status, b'{"error": {"message": "words of Google\'s"}}', {})


@pytest.fixture
def vertex() -> Iterator[Vertex]:
    with Vertex() as server:
        yield server


@pytest.fixture
def deploy(tmp_path: Path, vertex: Vertex) -> Deploy:
    deploy = Deploy(tmp_path)
    deploy.bench.variables["CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM"] = vertex.url + "/"
    more = ["aiplatform.googleapis.com", "cloudquotas.googleapis.com", "run.googleapis.com"]
    deploy.bench.change(apis=READY["apis"] + more)
    return deploy


def test_a_model_that_answers_is_all_there_is_to_it(deploy: Deploy, vertex: Vertex) -> None:
    deploy.tfvars.write_text('model_region = "us-east5"\n')
    done = deploy.make("plan")
    assert done.returncode == 0, done.stderr
    ((header, path, question),) = vertex.asked
    assert header == "Bearer a-token"
    assert path == (
        "/v1beta1/projects/a-project/locations/us-east5/endpoints/openapi/chat/completions"
    )
    assert (question["model"], question["max_tokens"]) == (LLAMA, 1)


@pytest.mark.parametrize(
    ("status", "sentence", "mend"),
    [
        (404, f"The project has no model '{LLAMA}' in us-central1: its terms are not accepted",
         "https://console.cloud.google.com/vertex-ai/model-garden?project=a-project"),
        (403, "You may not ask models of Vertex AI in 'a-project' (HTTP 403)",
         "--role=roles/aiplatform.user"),
        (500, "Vertex AI answers HTTP 500", "Look at its card"),
    ],
)  # fmt: skip
def test_what_is_missing_for_a_model_is_told(
    deploy: Deploy, vertex: Vertex, status: int, sentence: str, mend: str
) -> None:
    deploy.tfvars.write_text("")
    vertex.status = status
    done = deploy.make("apply")
    assert done.returncode != 0
    assert sentence in done.stderr
    assert mend in done.stderr
    assert "a-token" not in done.stderr + done.stdout
    assert deploy.bench.calls("terraform apply") == []


def test_a_busy_model_is_there(deploy: Deploy, vertex: Vertex) -> None:
    deploy.tfvars.write_text("")
    vertex.status = 429
    assert deploy.make("plan").returncode == 0


def test_a_destroy_does_not_ask_the_model(deploy: Deploy, vertex: Vertex) -> None:
    deploy.tfvars.write_text("")
    vertex.status = 404
    assert deploy.make("destroy", told="a-project\n").returncode == 0
    assert vertex.asked == []


def gpu(deploy: Deploy, **choices: str) -> None:
    values = {"model": "external", "guard": "cloud_run_gpu"} | choices
    deploy.tfvars.write_text("".join(f'{name} = "{value}"\n' for name, value in values.items()))


def test_a_region_without_the_gpu_is_told_with_those_that_have_it(deploy: Deploy) -> None:
    gpu(deploy, gpu="nvidia-l4")
    done = deploy.make("plan")
    assert "Cloud Run has no nvidia-l4 in us-central1 without an invitation." in done.stderr
    assert "asia-southeast1, europe-west1, europe-west4, us-east4" in done.stderr


def test_a_project_without_a_quota_is_told_its_name(deploy: Deploy) -> None:
    gpu(deploy)
    name = "NvidiaRtxPro6000GpuAllocNoZonalRedundancyPerProjectRegion"
    deploy.bench.change(quotas={name: {"us-central1": 0, "europe-west4": 1000}})
    done = deploy.make("plan")
    assert "The project has no quota of nvidia-rtx-pro-6000 in us-central1" in done.stderr
    assert name in done.stderr
    deploy.bench.change(quotas={name: {"us-central1": 1000}})
    assert deploy.make("plan").returncode == 0


def test_without_the_model_servers_image_it_ends_before_the_service(deploy: Deploy) -> None:
    gpu(deploy, model="cloud_run_gpu")
    name = "NvidiaRtxPro6000GpuAllocNoZonalRedundancyPerProjectRegion"
    deploy.bench.change(quotas={name: {"us-central1": 1000}})
    done = deploy.make("apply")
    assert "The model's server has no image yet." in done.stderr
    assert "set model_server_image" in done.stderr
    assert deploy.applies() == ["-auto-approve image="]
    gpu(deploy, model="cloud_run_gpu", model_server_image=IMAGE)
    assert deploy.make("apply").returncode == 0
    assert len(deploy.bench.calls("gcloud builds submit")) == 1

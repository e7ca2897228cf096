"""Whether the project may use the managed model: asked with a question of one token.

Google has no call that says whether a model's terms were accepted; asking it does. A model that is
not there, retired, or whose terms were not accepted is answered alike, with 404.
"""

from __future__ import annotations

import json
import os

from choices import Choices
from programs import asked

APIS = ("aiplatform.googleapis.com",)
LLAMA = "meta/llama-3.2-90b-vision-instruct-maas"
"""What Terraform takes where model_id is empty."""
_GARDEN = "https://console.cloud.google.com/vertex-ai/model-garden?project="


def objection(choices: Choices) -> tuple[str, str] | None:
    """What is missing for the model, and what mends it."""
    # Half of the time this command takes to begin, for one variant of three.
    import urllib.error
    import urllib.request

    region = choices.model_region
    model = choices.model_id or LLAMA
    status, token, error = asked("gcloud", "auth", "print-access-token")
    if status:
        return f"gcloud gives no token to ask the model with: {error}.", "gcloud auth login"
    question = {
        "model": model,
        "messages": [{"role": "user", "content": "Say yes."}],
        "max_tokens": 1,
    }
    request = urllib.request.Request(  # noqa: S310 -- the address is ours
        f"{_server(region)}/v1beta1/projects/{choices.project}/locations/{region}"
        "/endpoints/openapi/chat/completions",
        data=json.dumps(question).encode(),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310
    except urllib.error.HTTPError as answer:
        return _explained(answer.code, choices.project, model, region)
    except OSError as problem:
        return f"Vertex AI in {region} cannot be reached: {problem}.", "Look at the network"
    return None


def _server(region: str) -> str:
    """Where Vertex AI is; gcloud's own variable may say otherwise."""
    told = os.environ.get("CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM")
    host = "aiplatform" if region == "global" else f"{region}-aiplatform"
    return (told or f"https://{host}.googleapis.com").rstrip("/")


def _explained(status: int, project: str, model: str, region: str) -> tuple[str, str] | None:
    if status == 429:  # it is there, and busy
        return None
    if status == 404:
        return (
            f"The project has no model '{model}' in {region}: its terms are not"
            " accepted, or Google no longer offers it.",
            f"Open its card at {_GARDEN}{project} and accept its terms, or set model_id",
        )
    if status in (401, 403):
        return (
            f"You may not ask models of Vertex AI in '{project}' (HTTP {status}).",
            f"gcloud projects add-iam-policy-binding {project}"
            " --member=user:YOU --role=roles/aiplatform.user",
        )
    return (
        f"Vertex AI answers HTTP {status} for the model '{model}' in {region}.",
        f"Look at its card: {_GARDEN}{project}",
    )

"""Vertex AI's OpenAI-compatible endpoint for Llama as a managed service.

Sources: "Llama models" and "Use Llama" in Google's documentation of Vertex AI (looked at on
2026-11-23): addresses, one picture at the beginning for Llama 3.2, three for Llama 4, ``gs://``
pictures only in the samples, ``max_tokens`` in all of them, no ``response_format`` and no tools.
Nothing here was tried live.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from visiontools.errors import ConfigurationError, CredentialsError
from visiontools.models.profile import MLLAMA, ModelRules, Profile, Says
from visiontools.types import PictureRules

if TYPE_CHECKING:
    from visiontools.models.endpoint import Endpoint
    from visiontools.models.transport import Transport

_REGION = "us-central1"
_VERSION = "v1beta1"
_PROJECT = "GOOGLE_CLOUD_PROJECT"
_PREFIX = "meta/"
_LLAMA_4 = "meta/llama-4-maverick-17b-128e-instruct-maas"
# Seen in public code around Google's endpoint, not verified live; Llama 4's has no such guard.
_GUARD = {
    "extra_body": {
        "google": {"model_safety_settings": {"enabled": True, "llama_guard_settings": {}}}
    }
}


def _base_url(endpoint: Endpoint) -> str:
    """The address of project and region, unless the endpoint says its own."""
    if endpoint.url:
        return endpoint.url
    project = endpoint.project or os.environ.get(_PROJECT)
    if not project:
        raise ConfigurationError(
            f"Endpoint '{endpoint.name}' has no project.",
            next=f'Set project = "YOUR-PROJECT" in its settings, or the variable {_PROJECT}.',
        )
    region = endpoint.region or _REGION
    host = "aiplatform" if region == "global" else f"{region}-aiplatform"
    return (
        f"https://{host}.googleapis.com/{endpoint.api_version or _VERSION}/projects/{project}"
        f"/locations/{region}/endpoints/openapi"
    )


def _transport(endpoint: Endpoint, key: str | None) -> Transport:
    from visiontools.models.exchange import Exchange
    from visiontools.models.google_credentials import GoogleCredentials
    from visiontools.models.google_pictures import BucketCarrier
    from visiontools.models.secrets import credentials_of

    named = key or endpoint.key_keyring or endpoint.key_secret
    credentials = credentials_of(endpoint, key) if named else GoogleCredentials(endpoint.name)
    carrier = None
    if endpoint.bucket:
        carrier = BucketCarrier(
            endpoint.name, endpoint.bucket, credentials, keep=endpoint.keep_pictures
        )
    where = {"url": _base_url(endpoint), "region": endpoint.region or _REGION}
    here = endpoint.model_copy(update=where)
    return Exchange(here, key, PROFILE, credentials=credentials, carrier=carrier)


_ELSEWHERE = (
    f'Set model = "{_LLAMA_4}" and region = "us-east5", or serve Llama 3.2 Vision yourself '
    "(docs/models.md)."
)

PROFILE = Profile(
    name="vertex",
    title="Vertex AI",
    summary="Llama as a managed service of Google Cloud; signs in as Google's tools do",
    carried="gs",
    models=(
        ModelRules("llama-?3[.-]2.*vision", context=128_000),
        ModelRules("llama-?4", pictures=PictureRules(most=3, longest_side=1120)),
    ),
    llama_3_2_vision="on Google's older pages only (preview, us-central1); Llama 4 on present ones",
    lists_models=False,
    guard_extra=_GUARD,
    model="meta/llama-3.2-90b-vision-instruct-maas",
    prefix=_PREFIX,
    needs=("project",),
    offers=("region", "bucket"),
    transport=_transport,
    says=(
        # Body as in truefoundry/models#946 and genkit-ai/genkit#4688, a list of one error, 404.
        Says(
            r"publisher model .* was not found|not found or your project does not have access",
            models=MLLAMA,
            what="Vertex AI does not offer '{model}' to project {project} in {region} (endpoint "
            "'{endpoint}'): Google's present pages list Llama 4 only.",
            next=_ELSEWHERE,
        ),
        Says(
            r"publisher model .* was not found|not found or your project does not have access",
            what="Vertex AI does not offer '{model}' to project {project} in {region} (endpoint "
            "'{endpoint}').",
            next="Accept the model's terms in the Model Garden, and check model (it begins with "
            f"{_PREFIX}) and region: Llama 4 is in us-east5, Llama 3.2 was in us-central1.",
        ),
        # langchain-ai/langchain-google#593, 400 FAILED_PRECONDITION.
        Says(
            r"is not allowed to use publisher model",
            what="Project {project} may not use '{model}' (endpoint '{endpoint}').",
            next="Open the model's card in the Model Garden of that project and enable it.",
            error=CredentialsError,
        ),
        # GoogleCloudPlatform/vertex-ai-samples#476, 403.
        Says(
            r"SERVICE_DISABLED|API has not been used in project|it is disabled",
            what="The Vertex AI API is not enabled in project {project} (endpoint '{endpoint}').",
            next="Enable it: gcloud services enable aiplatform.googleapis.com --project {project}",
            error=CredentialsError,
        ),
        Says(
            r"BILLING_DISABLED|billing to be enabled|billing account",
            status=(403,),
            what="Project {project} has no billing account (endpoint '{endpoint}').",
            next="Link one to the project, then try again.",
            error=CredentialsError,
        ),
        # Wording not seen: whatever it says of reading the picture from where we put it.
        Says(
            r"storage\.objects\.get|(?:access|read|fetch|denied) .{0,80}gs://"
            r"|gs://\S+ .{0,80}(?:denied|not found|not exist|permission)",
            status=(400, 403, 404),
            what="Vertex AI cannot read pictures from bucket '{bucket}' (endpoint '{endpoint}').",
            next="Give Vertex AI's service agent of project {project} roles/storage.objectViewer "
            "on that bucket, or leave bucket out.",
            error=CredentialsError,
        ),
        # rhel-lightspeed/linux-mcp-server#450, 403 IAM_PERMISSION_DENIED.
        Says(
            r"IAM_PERMISSION_DENIED|permission '?aiplatform\.|PERMISSION_DENIED",
            status=(400, 403),
            what="The account of endpoint '{endpoint}' may not use Vertex AI in project {project}.",
            next="Grant it: roles/aiplatform.user on project {project}",
            error=CredentialsError,
        ),
    ),
    notes=(
        "It signs in with Application Default Credentials: gcloud auth application-default login, "
        "or the service account of the machine it runs on. It needs the extra: pip install "
        "'visiontools[google]'",
        "Set bucket to one of yours so that pictures travel by gs://, as Google documents it; "
        "without, they are sent in the request, which Google does not confirm.",
        "Llama 3.2 was offered in us-central1 only and may be gone for your project; 'endpoints "
        "check' says so.",
    ),
)

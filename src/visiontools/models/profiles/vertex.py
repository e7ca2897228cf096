"""Vertex AI's OpenAI-compatible endpoint for Llama as a managed service."""

from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile
from visiontools.types import PictureRules

PROFILE = Profile(
    name="vertex",
    title="Vertex AI",
    pictures=PictureRules(most=1, longest_side=1120, tiles=4, tile_side=560),
    json="prompted",
    url="https://us-central1-aiplatform.googleapis.com/v1beta1/projects/PROJECT/locations/"
    "us-central1/endpoints/openapi",
    model="meta/llama-3.2-90b-vision-instruct-maas",
    key_env="VERTEX_ACCESS_TOKEN",
    notes=(
        "The key is an access token that lives one hour: export VERTEX_ACCESS_TOKEN="
        "$(gcloud auth print-access-token)",
        "Llama 3.2 was offered in us-central1 only and may be retired for your project; 'endpoints "
        "check' says so.",
        LLAMA_3_2_LICENCE,
    ),
)

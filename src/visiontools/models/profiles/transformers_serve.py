"""Hugging Face transformers' own server, which still runs Llama 3.2 Vision."""

from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile

PROFILE = Profile(
    name="transformers_serve",
    title="transformers serve",
    context=131_072,
    url="http://localhost:8000/v1",
    model="meta-llama/Llama-3.2-11B-Vision-Instruct",
    notes=(
        "Start it with: pip install 'transformers[serving]' && transformers serve",
        "Its list of models needs an existing HF_HUB_CACHE folder.",
        LLAMA_3_2_LICENCE,
    ),
)

"""vLLM: Llama 3.2 Vision up to version 0.10.2, other vision models in newer ones."""

from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile

PROFILE = Profile(
    name="vllm",
    title="vLLM",
    json="json_schema",
    url="http://localhost:8000/v1",
    model="meta-llama/Llama-3.2-11B-Vision-Instruct",
    notes=(
        "vLLM 0.10.2 was the last to run Llama 3.2 Vision; newer ones run its text models and "
        "other vision models.",
        LLAMA_3_2_LICENCE,
    ),
)

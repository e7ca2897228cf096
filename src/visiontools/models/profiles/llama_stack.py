"""Llama Stack 0.7 (now OGX): one server in front of many."""

from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile

PROFILE = Profile(
    name="llama_stack",
    title="Llama Stack",
    json="json_schema",
    url="http://localhost:8321/v1",
    model="vllm/meta-llama/Llama-3.2-11B-Vision-Instruct",
    notes=(
        "Model ids begin with the name of the stack's provider.",
        "Its own image safety does not look at the picture; do not rely on it.",
        LLAMA_3_2_LICENCE,
    ),
)

"""SGLang, whose documentation launches Llama 3.2 Vision."""

from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile

PROFILE = Profile(
    name="sglang",
    title="SGLang",
    json="json_schema",
    context=131_072,
    url="http://localhost:30000/v1",
    model="meta-llama/Llama-3.2-11B-Vision-Instruct",
    notes=(
        "Start it with: python -m sglang.launch_server --model-path "
        "meta-llama/Llama-3.2-11B-Vision-Instruct --port 30000",
        LLAMA_3_2_LICENCE,
    ),
)

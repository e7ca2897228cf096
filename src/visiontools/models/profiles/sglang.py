"""SGLang, whose documentation launches Llama 3.2 Vision.

Sources: its page on OpenAI-compatible vision APIs (this very model), ``models/mllama.py`` in its
source, its page on structured outputs (JSON schemas). Not run here.
"""

from visiontools.models.profile import Profile

PROFILE = Profile(
    name="sglang",
    title="SGLang",
    summary="a fast server for a GPU of your own that still runs Llama 3.2 Vision",
    json="json_schema",
    tools=True,
    context=131_072,
    llama_3_2_vision="yes",
    url="http://localhost:30000/v1",
    model="meta-llama/Llama-3.2-11B-Vision-Instruct",
    notes=(
        "Start it with: python -m sglang.launch_server --model-path "
        "meta-llama/Llama-3.2-11B-Vision-Instruct --port 30000",
    ),
)

"""vLLM: Llama 3.2 Vision up to version 0.10.2, other vision models in newer ones.

Sources: vLLM's model registry ("Model architecture MllamaForConditionalGeneration was supported in
vLLM until v0.10.2, and is not supported anymore"), which ends the server before it listens, and
its page "OpenAI-Compatible Server" for JSON schemas, tools and the error for a model it does not
serve (404 NotFoundError). Not run here.
"""

from visiontools.models.profile import MLLAMA, ModelRules, Profile, Says
from visiontools.types import PictureRules

PROFILE = Profile(
    name="vllm",
    title="vLLM",
    summary="a fast server for a GPU of your own, with JSON that is enforced",
    json="json_schema",
    tools=True,
    models=(ModelRules("qwen|gemma|llava|internvl", PictureRules(most=1, longest_side=1120)),),
    llama_3_2_vision="up to 0.10.2; newer ones run its text models only",
    url="http://localhost:8000/v1",
    model="meta-llama/Llama-3.2-11B-Vision-Instruct",
    says=(
        Says(
            r"does not exist|was supported in vllm until|not supported (?:for now|anymore)",
            models=MLLAMA,
            what="This vLLM does not serve '{model}' (endpoint '{endpoint}'): versions after "
            "0.10.2 dropped Llama 3.2 Vision.",
            next="Serve it with SGLang or transformers serve, install vllm==0.10.2, or serve "
            "another vision model, such as Qwen/Qwen3-VL-8B-Instruct.",
        ),
    ),
    notes=(
        "vLLM 0.10.2 was the last to run Llama 3.2 Vision; newer ones run its text models and "
        "other vision models.",
    ),
)

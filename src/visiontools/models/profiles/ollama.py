"""Ollama's OpenAI-compatible side."""

from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile

PROFILE = Profile(
    name="ollama",
    title="Ollama",
    json="json_schema",
    url="http://localhost:11434/v1",
    model="llama3.2-vision:11b",
    notes=(
        "Ollama 0.30 and newer cannot load Llama 3.2 Vision ('unknown model architecture: "
        "mllama'); use 0.24, or a model such as qwen3-vl:8b or gemma3:4b.",
        LLAMA_3_2_LICENCE,
    ),
)

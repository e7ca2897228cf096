"""llama.cpp's server: never Llama 3.2 Vision, but its text models and other vision models."""

from visiontools.models.profile import Profile
from visiontools.types import PictureRules

PROFILE = Profile(
    name="llama_cpp",
    title="llama.cpp server",
    pictures=PictureRules(most=1, longest_side=1120),
    json="json_schema",
    url="http://localhost:8080/v1",
    model="ggml-org/SmolVLM-500M-Instruct-GGUF",
    notes=(
        "Start it with: llama-server -hf ggml-org/SmolVLM-500M-Instruct-GGUF",
        "llama.cpp never learned Llama 3.2 Vision; its text models run.",
    ),
)

"""llama.cpp's server: never Llama 3.2 Vision, but its text models and other vision models.

Sources: its binary ("unknown model architecture: 'mllama'" when loading), its README for the
server (JSON schemas turned into grammars), and ggml-org/llama.cpp#13566 (HTTP 500 "image input is
not supported by this server" without a projector). Its text side runs in this project's tests.
"""

from visiontools.errors import NoVisionError
from visiontools.models.profile import Profile, Says
from visiontools.types import PictureRules

PROFILE = Profile(
    name="llama_cpp",
    title="llama.cpp server",
    summary="GGUF models on any machine; Llama 3.2 for text, other models for pictures",
    pictures=PictureRules(most=1, longest_side=1120),
    json="json_schema",
    tools=True,
    llama_3_2_vision="never",
    url="http://localhost:8080/v1",
    model="ggml-org/SmolVLM-500M-Instruct-GGUF",
    says=(
        Says(
            r"image input is not supported",
            what="The llama.cpp server of endpoint '{endpoint}' runs '{model}' without a "
            "projector, so it takes no pictures.",
            next="Start it with one: llama-server -hf brings it along, else give --mmproj FILE.",
            error=NoVisionError,
        ),
        Says(
            r"unknown model architecture:? '?mllama",
            what="llama.cpp cannot load '{model}' (endpoint '{endpoint}'): it never learned "
            "Llama 3.2 Vision.",
            next="Use SGLang or transformers serve for it, or another vision model here, such as "
            "ggml-org/SmolVLM-500M-Instruct-GGUF.",
        ),
    ),
    notes=(
        "Start it with: llama-server -hf ggml-org/SmolVLM-500M-Instruct-GGUF",
        "llama.cpp never learned Llama 3.2 Vision; its text models run.",
    ),
)

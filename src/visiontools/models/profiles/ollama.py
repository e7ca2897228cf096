"""Ollama's OpenAI-compatible side.

Sources: ollama/ollama issues 16490, 16547 and 18486 (0.30 and newer: "unknown model architecture:
'mllama'", HTTP 500); its page "OpenAI compatibility" for JSON schemas and tools. Not run here.
"""

from visiontools.models.profile import ModelRules, Profile, Says
from visiontools.types import PictureRules

_INSTEAD = "qwen3-vl:8b or gemma3:4b"

PROFILE = Profile(
    name="ollama",
    title="Ollama",
    summary="models on your own machine, loaded with one command",
    json="json_schema",
    tools=True,
    models=(ModelRules("qwen|gemma|llava|minicpm", PictureRules(most=1, longest_side=1120)),),
    llama_3_2_vision="up to 0.24; 0.30 and newer cannot load it",
    url="http://localhost:11434/v1",
    model="llama3.2-vision:11b",
    says=(
        Says(
            r"unknown model architecture:? '?mllama",
            what="This Ollama cannot load '{model}' (endpoint '{endpoint}'): 0.30 and newer "
            "dropped Llama 3.2 Vision.",
            next=f"Install Ollama 0.24, or use a model it runs, such as {_INSTEAD} (ollama pull).",
        ),
        # Pyenb/Ollama-models#11, HTTP 500.
        Says(
            r"no longer compatible with your version of ollama",
            what="The copy of '{model}' at endpoint '{endpoint}' is too old for this Ollama.",
            next="Load it again: ollama pull {model}",
        ),
        Says(
            r"model .* not found",
            status=(404,),
            what="Ollama has no '{model}' (endpoint '{endpoint}').",
            next="Load it: ollama pull {model}",
        ),
    ),
    notes=(
        "Ollama 0.30 and newer cannot load Llama 3.2 Vision ('unknown model architecture: "
        f"mllama'); use 0.24, or a model such as {_INSTEAD}.",
    ),
)

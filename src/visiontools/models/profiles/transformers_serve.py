"""Hugging Face transformers' own server, which still runs Llama 3.2 Vision.

Run here (transformers 5.23, a Llama 3.2 Vision with random weights): pictures as data: addresses,
plain and streamed. No ``response_format`` is documented there, so JSON is asked for in words.
"""

from visiontools.models.profile import LLAMA_3_2_LICENCE, Profile

PROFILE = Profile(
    name="transformers_serve",
    title="transformers serve",
    summary="the simplest server that still runs Llama 3.2 Vision",
    tools=True,
    context=131_072,
    llama_3_2_vision="yes",
    url="http://localhost:8000/v1",
    model="meta-llama/Llama-3.2-11B-Vision-Instruct",
    notes=(
        "Start it with: pip install 'transformers[serving]' && transformers serve",
        "Its list of models needs an existing HF_HUB_CACHE folder.",
        LLAMA_3_2_LICENCE,
    ),
)

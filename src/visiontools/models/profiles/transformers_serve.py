"""Hugging Face transformers' own server, which still runs Llama 3.2 Vision.

Run here (transformers 5.23, a Llama 3.2 Vision with random weights: tests/counterparts):
pictures as data: addresses, plain and streamed. It ignores ``response_format``, so JSON is asked
for in words; it refuses no question for its length; and it writes a plain answer to its end, one
at a time, though nobody waits for it any more.
"""

from visiontools.errors import ServerFaultError
from visiontools.models.profile import Profile, Says

PROFILE = Profile(
    name="transformers_serve",
    title="transformers serve",
    summary="the simplest server that still runs Llama 3.2 Vision",
    tools=True,
    streams=True,
    stream_usage=False,  # refused by 5.x before it was ignored
    context=131_072,
    llama_3_2_vision="yes",
    url="http://localhost:8000/v1",
    model="meta-llama/Llama-3.2-11B-Vision-Instruct",
    says=(
        # cli/serving/utils.py: "Server is pinned to '...'; requested '...'.", HTTP 400.
        Says(
            r"server is pinned to",
            what="The server of endpoint '{endpoint}' was started for another model than "
            "'{model}'.",
            next="Set model to the name or path it was started with, or start it without one.",
        ),
        # Whatever fails there, a model that cannot be loaded most of all, is HTTP 500 in these
        # words and no others; asking again changes nothing.
        Says(
            r"^internal server error$",
            status=(500,),
            what="The server of endpoint '{endpoint}' failed and does not say why (HTTP 500).",
            next="Most likely it cannot load '{model}': 'visiontools endpoints check {endpoint}' "
            "lists the models it has, and its own log tells more.",
            error=ServerFaultError,
        ),
    ),
    notes=(
        "Start it with: pip install 'transformers[serving]' && transformers serve",
        "Its list of models needs an existing HF_HUB_CACHE folder.",
    ),
)

"""Llama Stack 0.7, and OGX as it is called since 2026-04: one server in front of many.

Run here (llama-stack 0.7.3 in front of a scripted server): pictures, streaming, JSON schemas. OGX
by its documentation only. What it cannot do depends on the server behind it.
"""

from visiontools.models.profile import Profile, Says

PROFILE = Profile(
    name="llama_stack",
    title="Llama Stack or OGX",
    summary="one server in front of many; model ids begin with the provider's name",
    json="json_schema",
    tools=True,
    streams=True,
    llama_3_2_vision="if the server behind it has it",
    url="http://localhost:8321/v1",
    model="vllm/meta-llama/Llama-3.2-11B-Vision-Instruct",
    says=(
        # llama_stack_api/common/errors.py of 0.7.3: "Model '...' not found. Use
        # 'client.models.list()' to list available Models.", HTTP 404.
        Says(
            r"model '.*' not found|client\.models\.list",
            what="The stack of endpoint '{endpoint}' has no model '{model}'.",
            next="Put its provider's name before it, such as vllm/{model}: 'visiontools endpoints "
            "check {endpoint}' lists what it has.",
        ),
        Says(
            r"mllama|was supported in vllm until",
            what="The server behind the stack of endpoint '{endpoint}' has dropped Llama 3.2 "
            "Vision.",
            next="Put SGLang or transformers serve behind the stack, or use another vision model.",
        ),
    ),
    notes=(
        "Model ids begin with the name of the stack's provider.",
        "Its own image safety does not look at the picture; do not rely on it.",
    ),
)

"""Any server of the OpenAI chat format that has no profile of its own."""

from visiontools.models.profile import Profile

PROFILE = Profile(
    name="openai_compatible",
    title="Any OpenAI-compatible server",
    summary="whatever speaks the OpenAI chat format",
    json="json_schema",
    llama_3_2_vision="ask whoever runs it",
    url="http://localhost:8000/v1",
    notes=("Asks for JSON by schema first and steps down where the server refuses that.",),
)

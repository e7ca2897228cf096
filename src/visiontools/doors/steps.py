"""The steps of a run in words, for whoever waits."""

from __future__ import annotations

from visiontools.types import Step
from visiontools.views.plain import one_line

STEP_WORDS = {
    "prepare": "Preparing the picture",
    "observe": "Looking at the picture",
    "read": "Reading the text",
    "repair": "Asking again: the answer was not valid",
    "propose": "Asking for ideas",
    "decide": "Working it out",
    "reply": "Answering your question",
    "guard": "Waiting for the guard",
    "keep": "Keeping the record",
}
ANSWERING = "The answer is coming in"
"""Once the model has begun to say what it sees."""


def step_words(step: Step) -> str:
    """What is being done now, and by whom where that is worth saying."""
    detail = one_line(step.detail)
    if not detail or step.name == "repair":
        return STEP_WORDS[step.name]
    who = "the built-in reader" if detail == "reader" else detail
    return f"{STEP_WORDS[step.name]}, {who}"

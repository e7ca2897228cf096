"""The steps of a run in words, for whoever waits."""

from __future__ import annotations

from visiontools.translations import marked, tr
from visiontools.types import Step
from visiontools.views.plain import one_line

STEP_WORDS = {
    "prepare": marked("Preparing the picture"),
    "observe": marked("Looking at the picture"),
    "read": marked("Reading the text"),
    "repair": marked("Asking again: the answer was not valid"),
    "propose": marked("Asking for ideas"),
    "decide": marked("Working it out"),
    "reply": marked("Answering your question"),
    "guard": marked("Waiting for the guard"),
    "keep": marked("Keeping the record"),
}
ANSWERING = marked("The answer is coming in")
"""Once the model has begun to say what it sees."""


def step_words(step: Step) -> str:
    """What is being done now, and by whom where that is worth saying."""
    detail = one_line(step.detail)
    if not detail or step.name == "repair":
        return tr(STEP_WORDS[step.name])
    who = tr("the built-in reader") if detail == "reader" else detail
    return f"{tr(STEP_WORDS[step.name])}, {who}"

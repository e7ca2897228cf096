"""Public sets of pictures with questions, by their id on the Hugging Face hub; none is bundled.

``--data hf:HuggingFaceM4/ChartQA`` takes the questions as a person's own (``--ask``) beside the
picture, and compares the replies as the set's authors do. Their licences are theirs: read them
before you publish figures.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from visiontools.errors import ConfigurationError, UsageError
from visiontools.evals.cases import Case, Truth
from visiontools.types import Upload

PREFIX = "hf:"
_USUAL_TOOL = "caption"
_LETTERS = "ABCDEFGHIJ"


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns hold what, and how replies are compared (``replies.py``)."""

    split: str
    by: str
    question: str = "question"
    answer: str = "answers"
    picture: str = "image"
    options: str | None = None
    name: str | None = None


LAYOUTS: dict[str, Layout] = {
    "HuggingFaceM4/ChartQA": Layout("test", "relaxed", "query", "label"),
    "lmms-lab/DocVQA": Layout("validation", "anls", name="DocVQA"),
    "lmms-lab/ai2d": Layout("test", "choice", answer="answer", options="options"),
    "lmms-lab/VQAv2": Layout("validation", "vqa", answer="answers"),
    "AI4Math/MathVista": Layout("testmini", "exact", answer="answer", picture="decoded_image"),
}
"""The columns as those sets had them when this was written; they are checked as they are read."""


def read_hub(name: str, tool: str | None, limit: int) -> list[Case]:
    """The first cases of a public set. Raises UsageError or ConfigurationError."""
    known = name.removeprefix(PREFIX)
    layout = LAYOUTS.get(known)
    if layout is None:
        raise UsageError(
            f"How '{known}' is laid out is not known here.",
            next=f"There are: {', '.join(PREFIX + each for each in LAYOUTS)}. Or save its pictures "
            "in a folder with a cases.jsonl.",
        )
    rows = _rows(known, layout)
    return [_case(row, layout, tool or _USUAL_TOOL, n) for n, row in zip(range(limit), rows)]  # noqa: B905


def _rows(name: str, layout: Layout) -> Iterator[Mapping[str, Any]]:
    """The rows as they stream in."""
    try:
        datasets = importlib.import_module("datasets")
    except ModuleNotFoundError:
        raise ConfigurationError(
            f"Reading '{name}' from the hub needs the package 'datasets'.",
            next="Install it: pip install datasets",
        ) from None
    try:
        found = datasets.load_dataset(name, layout.name, split=layout.split, streaming=True)
        yield from found
    except Exception as error:  # the package has no family of errors of its own
        raise ConfigurationError(
            f"'{name}' could not be read from the hub ({type(error).__name__}).",
            next="Look whether this machine reaches huggingface.co and whether the set asks for a "
            "sign-in, or save its pictures in a folder with a cases.jsonl.",
        ) from None


def _case(row: Mapping[str, Any], layout: Layout, tool: str, number: int) -> Case:
    try:
        question, answer = row[layout.question], row[layout.answer]
        picture = row[layout.picture]
        options = row[layout.options] if layout.options else None
    except KeyError as error:
        raise ConfigurationError(
            f"The set has no column {error}: it is laid out otherwise now.",
            next="Save its pictures in a folder with a cases.jsonl.",
        ) from None
    if options is not None:
        named = "; ".join(f"{letter}: {option}" for letter, option in zip(_LETTERS, options))  # noqa: B905
        question = f"{question} {named}. Answer with the letter."
    return Case(
        id=str(row.get("question_id", row.get("pid", number))),
        tool=tool,
        load=partial(_load, picture),
        truth=Truth(reply=_replies(answer, options), by=layout.by),
        ask=str(question),
    )


def _replies(answer: Any, options: Any) -> tuple[str, ...]:
    if options is not None and str(answer).isdecimal():
        return (_LETTERS[int(answer)],)
    listed = answer if isinstance(answer, list | tuple) else [answer]
    return tuple(str(each["answer"] if isinstance(each, Mapping) else each) for each in listed)


def _load(picture: Any) -> tuple[Upload, ...]:
    buffer = io.BytesIO()
    picture.convert("RGB").save(buffer, "PNG")
    return (Upload(buffer.getvalue(), "picture.png"),)

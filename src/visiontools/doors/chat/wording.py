"""What Chainlit's page says, in a person's language: its own words, and ours in their place.

Chainlit brings six of our languages, and no Thai; ours for Thai cover what can be met here.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from visiontools.translations import ENGLISH, marked, speaking, tr

_FILES = {
    "en": "en-US",
    "de": "de-DE",
    "es": "es",
    "fr": "fr-FR",
    "hi": "hi",
    "it": "it",
    "pt": "pt-PT",
}
_OURS = {
    "chat.input.placeholder": marked("Attach a picture or a text, ask a question..."),
    "chat.watermark": marked("Checked by code where code can check; each card says what was not."),
    "threadHistory.sidebar.filters.placeholder": marked("Search conversations"),
    "threadHistory.sidebar.empty": marked("No conversations yet"),
    "threadHistory.thread.actions.delete.description": marked(
        "The conversation is deleted for good. The records it led to stay on the records page."
    ),
    "threadHistory.thread.actions.rename.title": marked("Rename conversation"),
    "threadHistory.thread.actions.rename.description": marked("A new name for it"),
    "threadHistory.thread.actions.rename.success": marked("Renamed"),
    "threadHistory.thread.actions.rename.inProgress": marked("Renaming"),
}
_THAI = Path(__file__).parent / "thai.json"


@cache
def wording(folder: Path, language: str) -> Mapping[str, Any]:
    """Everything the page says, as Chainlit's script wants it; ``folder`` has Chainlit's words."""
    words = dict(_flat(_read(folder, ENGLISH)))
    if language in _FILES:
        words |= dict(_flat(_read(folder, language)))
    else:
        words |= json.loads(_THAI.read_text("utf-8"))
    with speaking(language):
        # Its translators left a word here and there in English; some of those are known to us.
        known = {key: tr(text) for key, text in words.items()}
        return _deep(known | {key: tr(text) for key, text in _OURS.items()})


def _read(folder: Path, language: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / f"{_FILES[language]}.json").read_text("utf-8"))
    return found


def _flat(words: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in words.items():
        if isinstance(value, str):
            yield f"{above}{key}", value
        else:
            yield from _flat(value, f"{above}{key}.")


def _deep(words: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for key, text in words.items():
        *way, last = key.split(".")
        place = made
        for name in way:
            place = place.setdefault(name, {})
        place[last] = text
    return made

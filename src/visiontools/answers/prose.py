"""What a model means when it answers in prose where an object was asked for."""

from __future__ import annotations

import re
from typing import Literal

_MOST = 1500
_NOT = r"(?:can(?:no|')?t|can not|could(?:n't| not)|(?:am|'m|was) (?:not able|unable) to|unable to)"
_CANNOT_TELL = re.compile(
    rf"{_NOT} (?:reliably |accurately |clearly |really |confidently )?"
    r"(?:tell|see|determine|make out|read|discern|say|verify|confirm)\b"
    r"|(?:not |im)possible to (?:tell|see|determine|make out|read|say)\b"
    r"|(?:image|picture|photo)\b[^.]{0,40}\b(?:is|are|appears?)\b[^.]{0,20}"
    r"\btoo (?:dark|blurr(?:y|ed)|small|unclear|low)"
    r"|not (?:clear|visible|legible) enough",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    rf"{_NOT} (?:\w+ )?(?:help|assist|provide|comply|fulfil|fulfill|answer|engage|identify|"
    r"describe|do that|continue|process|analy[sz]e|discuss|respond|generate|give)\b"
    r"|(?:won't|will not) (?:be able to )?(?:help|assist|provide|answer|do that)\b"
    r"|against my (?:guidelines|programming|policy)"
    r"|as an ai\b[^.]{0,80}\bcan(?:no|')?t\b",
    re.IGNORECASE,
)


def meaning(text: str) -> Literal["refused", "cannot_tell"] | None:
    """``refused``, ``cannot_tell``, or None where the prose says neither.

    Only for text without a JSON object: the very same words are harmless inside an answer. Long
    texts are essays, and judged by their beginning.
    """
    head = text[:_MOST].replace("\u2019", "'")
    if _CANNOT_TELL.search(head):
        return "cannot_tell"
    if _REFUSED.search(head):
        return "refused"
    return None

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
_NO_PICTURE = re.compile(
    r"(?:don't|do not|cannot|can't|not able to|unable to) (?:actually |directly )?"
    r"(?:see|view|access|process|open|look at|have) (?:(?:any|an|the|your|attached) ){0,2}"
    r"(?:images|pictures|photos)\b(?! (?:of|with|that|containing|showing|depicting)\b)"
    r"|(?:don't|do not|can't|cannot) (?:see|have|find) (?:any|an|a) (?:attached )?"
    r"(?:image|picture|photo)\b"
    r"|no (?:image|picture|photo) (?:was |has been |is |seems )?"
    r"(?:attached|provided|uploaded|included|shared|to be)"
    r"|text-(?:based|only) (?:ai|model|language|assistant)"
    r"|(?:please|could you) (?:\w+ )?(?:provide|upload|attach|share) (?:the|an|a|your) "
    r"(?:image|picture|photo)",
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


def meaning(text: str) -> Literal["refused", "cannot_tell", "no_picture"] | None:
    """``refused``, ``cannot_tell``, ``no_picture`` (it never got one), or None for none of these.

    Only for text without a JSON object: the very same words are harmless inside an answer. Long
    texts are essays, and judged by their beginning.
    """
    head = text[:_MOST].replace("\u2019", "'")
    if _NO_PICTURE.search(head):
        return "no_picture"
    if _CANNOT_TELL.search(head):
        return "cannot_tell"
    if _REFUSED.search(head):
        return "refused"
    return None

"""Words for the page's Markdown: what pictures, models and people say never becomes markup."""

from __future__ import annotations

import re

from visiontools.doors.told import is_further
from visiontools.translations import tr
from visiontools.types import Outcome, Record
from visiontools.views.account import OUTCOME_WORDS
from visiontools.views.markdown import escape

_CODE = re.compile(r"(`[^`]*`)")
"""What is shown as it is, addresses among it."""


def safe(text: str) -> str:
    """``text`` on one line; Chainlit's Markdown makes something of ``:name``, too."""
    parts = _CODE.split(escape(text))
    return "".join(part if at % 2 else part.replace(":", "\\:") for at, part in enumerate(parts))


def answer_words(record: Record) -> str:
    """The answer in a sentence that leads to its record; the page shows the card in its place."""
    if is_further(record) and record.reply is not None:
        said = record.reply.text
    elif record.outcome is Outcome.ANSWERED:
        said = record.message
    else:
        said = f"{tr(OUTCOME_WORDS[record.outcome])}: {record.message}"
    return f"[{safe(said) or record.id}](/records/{record.id})"

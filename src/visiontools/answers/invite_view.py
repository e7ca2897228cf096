"""An invitation as blocks: what would stand in the calendar, what to look at, and the file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from visiontools.views.blocks import Block, Code, Facts, Items, Notice

_SENT = {
    "REQUEST": "Imported or mailed, this file asks the guests; nothing was sent from here.",
    "CANCEL": "Imported or mailed, this file calls it off for the guests; nothing was sent.",
    "none": "This file is an entry to import; it invites nobody.",
}


def blocks(
    rows: Mapping[str, str], to_confirm: Sequence[str], ics: str | None, method: str
) -> list[Block]:
    """The entry, the doubts, and the file once it may be taken."""
    shown: list[Block] = [Facts(tuple((name, text) for name, text in rows.items() if text))]
    if to_confirm:
        shown.append(Items(tuple(to_confirm), "Look at this first"))
    if ics:
        shown.append(Code(ics.replace("\r\n", "\n").strip(), "text", "Calendar file (.ics)"))
        shown.append(Notice(_SENT[method]))
    return shown


def moment_words(iso: str, weekday: str) -> str:
    """``2026-03-14T19:00`` as "Saturday 14 March 2026, 19:00"."""
    at = dt.datetime.fromisoformat(iso)
    day = f"{at.day} {at:%B %Y}"
    time = f", {at:%H:%M}" if "T" in iso else ""
    return f"{weekday} {day}{time}".strip()

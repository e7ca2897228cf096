"""Talk as lines: WhatsApp's text export in its forms, pasted "Name: words", or one plain text."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from visiontools.types import Message

_MARKS = "\u200e\u200f\ufeff"
_EXPORTED = re.compile(
    rf"^[{_MARKS}]*\[?(?P<a>\d{{1,4}})[./-](?P<b>\d{{1,2}})[./-](?P<c>\d{{1,4}}),?\s+"
    r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[APap])\.?\s?[Mm]\.?)?(?:\]\s*|\s+[-–]\s+)"
    r"(?P<rest>.*)$"
)
_SPOKEN = re.compile(r"^(?P<sender>[^\W\d_][^:\n]{0,59}?):\s+(?P<text>\S.*)$")
_HEADLINE = re.compile(r"[.!?,;(\[]")
_BUDDHIST = 543
_THAI_YEARS = 2400
Order = Literal["dmy", "mdy", "ymd"]


@dataclass(frozen=True, slots=True)
class _Line:
    """The beginning of an exported message: the numbers of its date and time, and the rest."""

    date: tuple[int, int, int]
    time: tuple[int, int, int]
    rest: str


def read(text: str) -> tuple[list[Message], tuple[str, ...]]:
    """The messages of an exported or pasted chat, else the whole text as one message."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    exported = _exported(lines)
    if exported is not None:
        return exported
    return _spoken(lines) or [Message(text)], ()


def _exported(lines: Sequence[str]) -> tuple[list[Message], tuple[str, ...]] | None:
    first = next((line for line in lines if line.strip()), "")
    if not _EXPORTED.match(first):
        return None
    starts: list[tuple[_Line, list[str]]] = []
    for line in lines:
        begun = _begun(line)
        if begun is not None:
            starts.append((begun, []))
        elif starts:
            starts[-1][1].append(line)
    order = _order([begun.date for begun, _ in starts])
    messages = [_message(begun, more, order) for begun, more in starts]
    unclear = "The chat does not show whether day or month comes first: its dates were left out."
    return [each for each in messages if each], () if order else (unclear,)


def _begun(line: str) -> _Line | None:
    found = _EXPORTED.match(line)
    if found is None:
        return None
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    date = (int(found["a"]), int(found["b"]), int(found["c"]))
    return _Line(date, (hour, int(found["minute"]), int(found["second"] or 0)), found["rest"])


def _order(dates: Sequence[tuple[int, int, int]]) -> Order | None:
    """What the numbers of the dates are, where only one reading fits them all.

    Where two do, the one in which time never runs backwards counts.
    """
    if all(a > 31 for a, _, _ in dates):
        return "ymd"
    orders: tuple[Order, ...] = ("dmy", "mdy")
    read = {order: [_day(date, order) for date in dates] for order in orders}
    fitting = [order for order in orders if all(read[order])]
    if len(fitting) == 2:
        if read["dmy"] == read["mdy"]:
            return "dmy"
        fitting = [o for o in fitting if all(x <= y for x, y in pairwise(filter(None, read[o])))]
    return fitting[0] if len(fitting) == 1 else None


def _day(date: tuple[int, int, int], order: Order) -> dt.date | None:
    a, b, c = date
    year, month, day = {"dmy": (c, b, a), "mdy": (c, a, b), "ymd": (a, b, c)}[order]
    if year > _THAI_YEARS:
        year -= _BUDDHIST
    try:
        return dt.date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def _message(begun: _Line, more: Sequence[str], order: Order | None) -> Message | None:
    """None for what no person said, such as "Anna was added"."""
    sender, colon, words = begun.rest.strip(_MARKS).partition(":")
    if not colon:
        return None
    day = _day(begun.date, order) if order else None
    try:
        at = dt.datetime.combine(day, dt.time(*begun.time)) if day else None
    except ValueError:
        at = None
    return Message("\n".join([words.strip(), *more]).strip(), sender.strip(), at)


def _spoken(lines: Sequence[str]) -> list[Message] | None:
    """Pasted talk: most lines begin with a name, and somebody speaks twice."""
    said = [line.strip() for line in lines if line.strip()]
    begun = [_SPOKEN.match(line) for line in said]
    names = Counter(each["sender"] for each in begun if each)
    if not begun or begun[0] is None or sum(names.values()) * 5 < len(said) * 3:
        return None
    if len(names) < 2 or max(names.values()) < 2 or any(map(_HEADLINE.search, names)):
        return None
    messages: list[Message] = []
    for line, found in zip(said, begun, strict=True):
        if found:
            messages.append(Message(found["text"], found["sender"]))
        else:
            last = messages[-1]
            messages[-1] = Message(f"{last.text}\n{line}", last.sender)
    return messages

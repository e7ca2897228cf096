"""How Llama 3.2 11B was seen to write when it was asked for JSON, as scripts for a server.

About half its replies (54 % of 5,756 in Meta's own cookbook, at temperature 1) were JSON as they
stood. The others were fenced, had prose around them, bullet lists in their place, braces left open,
choices nobody offered, stray escapes, or refused a harmless picture. A habit makes such replies of
an observation, so that what should come of them is known: the observation itself where the reply
still holds it or the model mends it when told, and the outcome named here where it does not.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from visiontools.evals.planted_faults import (
    bulleted,
    cut,
    draft_of,
    enumerated,
    hyphened,
    invented,
    listless,
    null_list,
    quoted_numbers,
    required_left_out,
)
from visiontools.testing.script import Say
from visiontools.types import Outcome

Planted = Mapping[str, Any]
Schema = Mapping[str, Any]
Made = Callable[[Planted, Schema, random.Random], "list[Say] | None"]


@dataclass(frozen=True, slots=True)
class Habit:
    """``ends`` is None where the planted observation must come out, else how the run must end.

    ``says`` gives the replies in their order, the last for ever, or None where an observation has
    nothing this could be done to.
    """

    name: str
    says: Made
    ends: Outcome | None = None

    @property
    def recoverable(self) -> bool:
        """Whether the replies still hold the observation, or come to hold it."""
        return self.ends is None


def _json(planted: Planted, **how: Any) -> str:
    return json.dumps(planted, ensure_ascii=False, **how)


def _said(make: Callable[[str, random.Random], str], **how: Any) -> Made:
    """One reply made of the observation's JSON text."""
    return lambda planted, schema, draw: [Say(make(_json(planted, **how), draw))]


_BEFORE = (
    "Here is the JSON you asked for:\n\n",
    "Based on the image, I can provide the following information:\n\n",
    "**Answer:** Sure! Let me look at the picture step by step {carefully}.\n\n* It is clear.\n\n",
)
_AFTER = (
    "\n\nPlease note that some values {like these} are estimates.",
    "\n\nI hope this helps! Let me know if you need anything else.",
    "\n\nThis JSON object follows the schema that you gave.",
)
_REFUSALS = (
    "I'm not able to help with that request.",
    "I'm sorry, but I cannot provide information about this image.",
    "I can't assist with that.",
    "I'm not going to engage in this conversation topic. I can't help with it.",
)
_UNSURE = (
    "I cannot determine that from the picture; it is too blurry.",
    "The image is too dark to read, so I cannot tell.",
    "It is not possible to tell from this picture.",
)
_BLIND = (
    "I'm a text-based AI and cannot see images.",
    "I don't see any image attached. Please provide the image you would like me to look at.",
)


def _fenced(text: str, draw: random.Random) -> str:
    return f"```{draw.choice(('json', 'JSON', ''))}\n{text}\n```"


def _in_prose(text: str, draw: random.Random) -> str:
    return draw.choice(_BEFORE) + text + draw.choice(_AFTER)


def _open(text: str, draw: random.Random) -> str:
    """The last one or two closing brackets forgotten, behind a value that is whole.

    Of a list left open before its first entry nobody could say that it was empty.
    """
    closers = len(text) - len(text.rstrip("}]"))
    less = text[: len(text) - draw.randint(1, min(2, closers))]
    return less if less[-1] not in "[{" else text[: len(less) + 1]


def _trailing_commas(text: str, draw: random.Random) -> str:
    return re.sub(r'(?<=["\dle])(?=[}\]]+,|[}\]]+$)', ",", text)


def _pythonic(planted: Planted, schema: Schema, draw: random.Random) -> list[Say]:
    return [Say(repr(dict(planted)))]


def _escaped(text: str, draw: random.Random) -> str:
    return text.replace("_", r"\_").replace("'", r"\'")


def _broken_lines(planted: Planted, schema: Schema, draw: random.Random) -> list[Say]:
    return [Say(_json(planted, indent=4).replace("\n", "\r\n"))]


def _corrected(planted: Planted, schema: Schema, draw: random.Random) -> list[Say] | None:
    """A draft, then the right one."""
    draft = draft_of(planted)
    if draft is None:
        return None
    again = "Wait, I made a mistake. The corrected answer:"
    return [Say(f"{_json(draft)}\n\n{again}\n{_json(planted)}")]


def _two(planted: Planted, schema: Schema, draw: random.Random) -> list[Say] | None:
    """A list of two different answers: nobody can say which was meant."""
    draft = draft_of(planted)
    return None if draft is None else [Say(f"[{_json(draft)}, {_json(planted)}]")]


def _with_schema(planted: Planted, schema: Schema, draw: random.Random) -> list[Say]:
    return [Say(f"The schema is {_json(schema)}\n\nThe object is:\n{_json(planted)}")]


def _schema_only(planted: Planted, schema: Schema, draw: random.Random) -> list[Say]:
    return [Say(_json(schema))]


def _first(make: Callable[[Planted, Schema], Planted | str | None], times: int = 1) -> Made:
    """A faulty reply ``times`` times, then the right one."""

    def says(planted: Planted, schema: Schema, draw: random.Random) -> list[Say] | None:
        faulty = make(planted, schema)
        if faulty is None:
            return None
        text = faulty if isinstance(faulty, str) else _json(faulty)
        return [Say(text)] * times + [Say(_json(planted))]

    return says


def _always(make: Callable[[Planted, Schema], Planted | str | None]) -> Made:
    """The same faulty reply for ever."""

    def says(planted: Planted, schema: Schema, draw: random.Random) -> list[Say] | None:
        faulty = make(planted, schema)
        if faulty is None:
            return None
        return [Say(faulty if isinstance(faulty, str) else _json(faulty))]

    return says


def _respelled(planted: Planted, schema: Schema, draw: random.Random) -> list[Say] | None:
    told = hyphened(planted, schema)
    return None if told is None else [Say(_json(told))]


def _stringed(planted: Planted, schema: Schema, draw: random.Random) -> list[Say] | None:
    told = quoted_numbers(planted)
    return None if told is None else [Say(_json(told))]


def _cut_off(planted: Planted, schema: Schema, draw: random.Random) -> list[Say]:
    return [Say(cut(_json(planted)), finish="length"), Say(_json(planted))]


def _always_cut_off(planted: Planted, schema: Schema, draw: random.Random) -> list[Say]:
    return [Say(cut(_json(planted)), finish="length")]


def _words(texts: tuple[str, ...]) -> Made:
    return lambda planted, schema, draw: [Say(draw.choice(texts))]


def _cut_here(planted: Planted, schema: Schema) -> str:
    return cut(_json(planted))


def _list_of(planted: Planted, schema: Schema) -> str:
    return bulleted(planted)


AS_IT_STANDS = (
    Habit("JSON alone", _said(lambda text, draw: text)),
    Habit("JSON on many lines", _said(lambda text, draw: text, indent=2)),
    Habit("line breaks of another system", _broken_lines),
    Habit("numbers as words of digits", _stringed),
)
"""What a plain JSON parser takes."""
OTHERWISE = (
    Habit("in a fence", _said(_fenced)),
    Habit("in prose", _said(_in_prose)),
    Habit("in a fence in prose", _said(lambda text, draw: _in_prose(_fenced(text, draw), draw))),
    Habit("end of turn written out", _said(lambda text, draw: f"{text}<|eot_id|>")),
    Habit("brackets left open", _said(_open)),
    Habit("commas too many", _said(_trailing_commas)),
    Habit("Python instead of JSON", _pythonic),
    Habit("needless escapes", _said(_escaped)),
    Habit("wrapped once more", _said(lambda text, draw: f'{{"answer": {text}}}')),
    Habit("alone in a list", _said(lambda text, draw: f"[{text}]")),
    Habit("choices spelt otherwise", _respelled),
    Habit("a draft, then corrected", _corrected),
    Habit("the schema, then the object", _with_schema),
    Habit("cut off by the limit, once", _cut_off),
    Habit("bullets, then mended", _first(_list_of)),
    Habit("a choice nobody offered, then mended", _first(enumerated)),
    Habit("words for a list, then mended", _first(listless)),
    Habit("null for a list, then mended", _first(null_list)),
    Habit("a field left out, then mended", _first(required_left_out)),
    Habit("broken off, then mended", _first(_cut_here)),
    Habit("mended the second time", _first(listless, 2)),
    Habit("refuses", _words(_REFUSALS), Outcome.REFUSED),
    Habit(
        "refuses in the field for it",
        lambda planted, schema, draw: [Say("", refusal=draw.choice(_REFUSALS))],
        Outcome.REFUSED,
    ),
    Habit("says that it cannot tell", _words(_UNSURE), Outcome.CANNOT_TELL),
    Habit("says that it is blind", _words(_BLIND), Outcome.UNAVAILABLE),
    Habit("stopped by the server's guard", lambda planted, schema, draw: [
        Say("I", finish="content_filter")], Outcome.BLOCKED),
    Habit("bullets for ever", _always(_list_of), Outcome.INVALID),
    Habit("a choice nobody offered, for ever", _always(enumerated), Outcome.INVALID),
    Habit("words for a list, for ever", _always(listless), Outcome.INVALID),
    Habit("a field left out, for ever", _always(required_left_out), Outcome.INVALID),
    Habit("broken off for ever", _always(_cut_here), Outcome.INVALID),
    Habit("cut off by the limit, for ever", _always_cut_off, Outcome.INVALID),
    Habit("two answers in a list", _two, Outcome.INVALID),
    Habit("the schema only", _schema_only, Outcome.INVALID),
    Habit("another object", _always(lambda planted, schema: invented()), Outcome.INVALID),
)  # fmt: skip
"""What a plain JSON parser does not take, or takes for what it is not."""
HABITS = (*AS_IT_STANDS, *OTHERWISE)

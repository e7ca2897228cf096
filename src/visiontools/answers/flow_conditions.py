"""Decisions whose text can be read as a comparison: ``x > 10?``, ``stock < order?``.

The grammar is small on purpose. What it does not know stays a question for a person; nothing
here is ever evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from visiontools.answers.flow import Exit
from visiontools.answers.flow_kinds import says_no, says_yes

_OPERATORS = {
    "==": ("==", "equals"),
    "!=": ("!=", "is_not"),
    "<>": ("!=", "is_not"),
    "≠": ("!=", "is_not"),
    ">=": (">=", "at_least"),
    "≥": (">=", "at_least"),
    "=>": (">=", "at_least"),
    "<=": ("<=", "at_most"),
    "≤": ("<=", "at_most"),
    "=<": ("<=", "at_most"),
    ">": (">", "above"),
    "<": ("<", "below"),
    "=": ("==", "equals"),
}
_WORDS = r"[A-Za-z_][A-Za-z0-9_]*(?: [A-Za-z_][A-Za-z0-9_]*){0,2}"
_NUMBER = r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,12})?"
_QUOTED = r"\"[^\"\\]{0,60}\"|'[^'\\]{0,60}'"
_COMPARISON = re.compile(
    rf"(?:(?:is|if) )?({_WORDS})\s*({'|'.join(map(re.escape, _OPERATORS))})\s*"
    rf"({_WORDS}|{_NUMBER}|{_QUOTED})\s*[?？]?",
    re.IGNORECASE | re.ASCII,
)
_JOINING = frozenset(
    {"and", "or", "not", "is", "in", "und", "oder", "nicht", "et", "ou", "y", "o", "e", "than"}
)
_CONSTANTS = {"true": "True", "false": "False", "none": "None", "null": "None"}


@dataclass(frozen=True, slots=True)
class Condition:
    """A comparison of a value of the state with another, or with a constant.

    ``source`` is Python, ``name`` a name for it in words, ``keys`` the values of the state it
    needs; ``yes`` and ``no`` are the answers of the exits taken.
    """

    source: str
    name: str
    keys: tuple[str, ...]
    yes: str
    no: str


def condition(label: str, exits: tuple[Exit, ...]) -> Condition | None:
    """Read a decision's text as a comparison, if it is one and its exits are Yes and No."""
    yes = [way.answer for way in exits if says_yes(way.answer)]
    no = [way.answer for way in exits if says_no(way.answer)]
    found = _COMPARISON.fullmatch(label)
    if found is None or len(exits) != 2 or len(yes) != 1 or len(no) != 1:
        return None
    left, right = found[1], found[3]
    operator, spoken = _OPERATORS[found[2]]
    keys = [_key(left)] + ([_key(right)] if _is_name(right) else [])
    if left.lower() in _CONSTANTS or _joins(left) or _joins(right):
        return None
    if operator == "==" and right.lower() in _CONSTANTS:
        operator = "is"
    elif operator == "!=" and right.lower() in _CONSTANTS:
        operator = "is not"
    return Condition(
        f'state["{keys[0]}"] {operator} {_operand(right)}',
        f"{keys[0]}_{spoken}_{right}",
        tuple(dict.fromkeys(keys)),
        yes[0],
        no[0],
    )


def _joins(words: str) -> bool:
    """Whether it says more than one thing, such as "a or b"; a lone "y" is a name."""
    parts = words.lower().split()
    return len(parts) > 1 and words[0] not in "\"'" and not _JOINING.isdisjoint(parts)


def _is_name(text: str) -> bool:
    return text[0].isalpha() or text[0] == "_" if text.lower() not in _CONSTANTS else False


def _key(words: str) -> str:
    return "_".join(words.lower().split())


def _operand(text: str) -> str:
    if _is_name(text):
        return f'state["{_key(text)}"]'
    if text[0] in "\"'":
        inner = text[1:-1]
        return f"'{inner}'" if '"' in inner else f'"{inner}"'
    return _CONSTANTS.get(text.lower(), text)

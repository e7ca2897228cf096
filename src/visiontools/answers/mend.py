"""Puts right the habits that leave no doubt about what was meant, and nothing else.

Single quotes, True/False/None, trailing commas, raw line breaks and needless escapes in strings,
and closing brackets forgotten at the very end of a finished answer. Everything else is for the
model itself to put right.
"""

from __future__ import annotations

import json
import re
from typing import Any

import jiter

_TOKEN = re.compile(
    r"""[ \t\r\n]+|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{}\[\],:]|[A-Za-z0-9_+\-.]+""", re.DOTALL
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)", re.DOTALL)
_SHORT = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_WORDS = {"True": "true", "False": "false", "None": "null"}
_CLOSER = {"{": "}", "[": "]"}


def parse(text: str) -> Any:
    """Strict JSON; raises ValueError also for NaN and for a name given twice."""
    return jiter.from_json(
        text.encode(errors="replace"), allow_inf_nan=False, catch_duplicate_keys=True
    )


def parse_mended(text: str, *, close: bool = False) -> Any:
    """The value meant by ``text``; raises ValueError where that is in doubt.

    ``close`` adds closing brackets missing at the end, and is only right for a model that
    stopped by itself: a text cut off by a limit misses more than brackets.
    """
    tokens = _tokens(text)
    if close:
        tokens += _missing(tokens)
    return parse("".join(_strict(tokens)))


def _tokens(text: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise ValueError(f"unexpected {text[at]!r}")
        if not match.group()[0].isspace():
            tokens.append(match.group())
        at = match.end()
    return tokens


def _strict(tokens: list[str]) -> list[str]:
    strict: list[str] = []
    for part, following in zip(tokens, [*tokens[1:], ""], strict=True):
        if part == "," and following in ("}", "]"):
            continue
        if part[0] in "\"'":
            strict.append(json.dumps(_unescape(part[1:-1])))
        else:
            strict.append(_WORDS.get(part, part))
    return strict


def _unescape(body: str) -> str:
    """The string's characters; an escape JSON does not know stands for the character itself."""
    if "\\" not in body:
        return body
    text = _ESCAPE.sub(_unescape_one, body)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _unescape_one(match: re.Match[str]) -> str:
    code = match.group(1)
    return chr(int(code[1:], 16)) if len(code) == 5 else _SHORT.get(code, code)


def _missing(tokens: list[str]) -> list[str]:
    """Closers for what is still open, if the text ends with a value that is surely whole."""
    open_: list[str] = []
    for token in tokens:
        if token in _CLOSER:
            open_.append(_CLOSER[token])
        elif token in ("}", "]") and (not open_ or open_.pop() != token):
            raise ValueError(f"{token!r} closes nothing")
    last = tokens[-1] if tokens else ""
    if open_ and not (last in ("}", "]", "true", "false", "null", *_WORDS) or last[-1:] in "\"'"):
        raise ValueError("the text ends in the middle of a value")
    return open_[::-1]

"""The words of a run that are to be shown, for the guard to read whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from visiontools.pointers import leaves

PART = 6000
"""Characters: about 2,000 tokens of English, and a context of 8,192 holds them in any script."""


def words_of(parts: Iterable[Any]) -> str:
    """Every text in some JSON values, each once, in their order; "" where there is none."""
    texts = (leaf for part in parts for _, leaf in leaves(part) if isinstance(leaf, str))
    stripped = (text.strip() for text in texts)
    return "; ".join(dict.fromkeys(t for t in stripped if any(map(str.isalpha, t))))


def parts_of(text: str) -> list[str]:
    """A long text in parts of at most PART characters, cut at white space where there is some."""
    parts = []
    while text.strip():
        cut = len(text) if len(text) <= PART else text.rfind(" ", PART // 2, PART) + 1 or PART
        parts.append(text[:cut])
        text = text[cut:]
    return parts

"""The words of a run that are to be shown, for the guard to read whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from visiontools.pointers import leaves


def words_of(parts: Iterable[Any]) -> str:
    """Every text in some JSON values, each once, in their order; "" where there is none."""
    texts = (leaf for part in parts for _, leaf in leaves(part) if isinstance(leaf, str))
    stripped = (text.strip() for text in texts)
    return "; ".join(dict.fromkeys(t for t in stripped if any(map(str.isalpha, t))))

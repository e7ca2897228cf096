"""What an observer writes into a text field, made plain before it is held to a length."""

from __future__ import annotations

from typing import Any


def one_line(value: Any) -> Any:
    """A text with every run of white space as one space."""
    return " ".join(value.split()) if isinstance(value, str) else value


def said(value: Any) -> Any:
    """The same, and None for a blank text: nothing was said."""
    return (one_line(value) or None) if isinstance(value, str) else value


def lines(value: Any) -> Any:
    """A list of such texts without the blank ones."""
    if not isinstance(value, list):
        return value
    return [each for each in map(one_line, value) if each != ""]

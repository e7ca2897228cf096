"""HTML that is safe by construction: every text is escaped unless this module made it.

What pictures, models and people say is data: it never becomes an element, a link or a script.
"""

from __future__ import annotations

import html

from visiontools.views.plain import clean


class Html(str):
    """Markup made by :func:`element`; anything else is text and gets escaped."""

    __slots__ = ()

    def __html__(self) -> str:
        """What template engines ask, so that they do not escape it again."""
        return str(self)


def text(value: str) -> Html:
    """A text with nothing left in it that HTML, or the reading direction, would interpret."""
    return Html(html.escape(clean(value)))


def joined(*parts: str) -> Html:
    """Parts one after the other; those that are plain text are escaped."""
    return Html("".join(part if isinstance(part, Html) else text(part) for part in parts))


def element(name: str, *inside: str, **attributes: str | float | bool | None) -> Html:
    """``element("p", "a < b", class_="x", aria_label="y")``.

    An attribute that is None or False is left out, True stands without a value; underscores
    become hyphens, and one at the end, which keeps a name from being Python's, goes.
    """
    told = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _EMPTY:
        return Html(f"<{name}{told}>")
    return Html(f"<{name}{told}>{joined(*inside)}</{name}>")


_EMPTY = frozenset({"br", "hr", "img", "input"})


def _attribute(key: str, value: str | float | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    said = text(value) if isinstance(value, str) else f"{value:.6g}"
    return f' {name}="{said}"'

"""Pictures of a page and their alt texts: found by where they stand, and changed nowhere else."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

PageKind = Literal["html", "markdown"]
Form = Literal["new", "double", "single", "bare", "markdown"]
KINDS: dict[str, PageKind] = {
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".md": "markdown",
    ".markdown": "markdown",
}
"""What kind of page a file is, by the end of its name."""
_PUNCTUATION = re.compile(r"([\\`*_\[\]<>!&~|#])")


@dataclass(frozen=True, slots=True)
class Place:
    """A picture in a page.

    ``source`` is its address, without escapes. ``alt`` is what somebody wrote, None where nobody
    did: an empty alt in HTML says that it is an ornament, in Markdown it says nothing. ``start``
    and ``end`` are what an alt text takes the place of, and ``form`` how it stands there.
    """

    source: str
    alt: str | None
    start: int
    end: int
    form: Form
    line: int

    def written(self, alt: str) -> str:
        """An alt text as it stands in the page."""
        if self.form == "markdown":
            return _PUNCTUATION.sub(r"\\\1", alt)
        safe = html.escape(alt, quote=False).replace("`", "&#96;")  # Markdown round it sees code
        if self.form == "single":
            return safe.replace("'", "&#39;")
        safe = safe.replace('"', "&quot;")
        if self.form == "double":
            return safe
        return f'"{safe}"' if self.form == "bare" else f' alt="{safe}"'


def edited(page: str, alts: Mapping[Place, str]) -> str:
    """The page with these alt texts; every other character stays."""
    for place in sorted(alts, key=lambda place: place.start, reverse=True):
        page = page[: place.start] + place.written(alts[place]) + page[place.end :]
    return page


def local_file(source: str, page: Path, root: Path | None) -> Path | str:
    """The file a page's picture is in, or why there is none that could be read.

    ``root`` is the folder that an address such as ``/img/a.png`` begins at.
    """
    try:
        parts = urlsplit(source.strip())
    except ValueError:
        return "its address makes no sense"
    if parts.scheme or parts.netloc:
        return "it is not in a file of this machine"
    path = unquote(parts.path)
    if not path or "\0" in path:
        return "it has no address"
    if path.startswith("/"):
        if root is None:
            return "its address begins at the root of a site; name that folder with --root"
        return root / path.lstrip("/")
    return page.parent / path

"""Where a person is led after signing in: back to a page of ours, never anywhere else."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

HOME = "/"
_OURS = ("/sign-in", "/sign-out")
_LONGEST = 2000


def local_path(wanted: str | None) -> str:
    """The path as it was wanted where it is one of this server's pages; else the first page.

    Browsers take ``//name`` and ``/\\name`` for other hosts, and drop tabs and line ends first.
    """
    if not wanted or len(wanted) > _LONGEST or not wanted.isascii() or not wanted.isprintable():
        return HOME
    if not wanted.startswith("/") or wanted.startswith("//") or "\\" in wanted or " " in wanted:
        return HOME
    try:
        parts = urlsplit(wanted)
    except ValueError:
        return HOME
    if parts.scheme or parts.netloc or parts.path.startswith(_OURS):
        return HOME
    return wanted


def sign_in_path(wanted: str) -> str:
    """The sign-in page, which leads to the wanted one afterwards."""
    to = local_path(wanted)
    return "/sign-in" if to == HOME else f"/sign-in?to={quote(to, safe='/')}"

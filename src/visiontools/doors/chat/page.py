"""The HTML the chat is shown in: ours, with nothing from elsewhere and no script in the page."""

from __future__ import annotations

import html
from pathlib import Path

from starlette.responses import HTMLResponse, Response

from visiontools.doors.chat.files import OURS
from visiontools.doors.web.pages_look import texts_of
from visiontools.translations import spoken, tr

_PAGE = """<!doctype html>
<html lang="{language}" data-texts="{texts}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta property="og:root_path" content="{root}">
<meta name="visiontools-card-style" content="{card}">
<title>{chat} · visiontools</title>
<link rel="icon" href="{root}/ours/icon.svg" type="image/svg+xml">
{styles}
{scripts}
</head>
<body>
<nav aria-label="{pages}"><a class="visiontools-home" href="/">{workbench}</a></nav>
<div id="root"></div>
<noscript>{needs_a_script} <a href="/">{workbench}</a></noscript>
</body>
</html>
"""
_WAITING = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
{refresh}<title>{chat} · visiontools</title>
<link rel="icon" href="{root}/ours/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="{root}/ours/waiting.css">
</head>
<body>
<main>
<h1>{title}</h1>
<p role="status">{words}</p>
<p><a href="/">{back}</a></p>
</main>
</body>
</html>
"""
_REFRESH = '<meta http-equiv="refresh" content="1">\n'


def csp(host: str) -> str:
    """The content security policy of the page, as tight as Chainlit's own pages allow.

    Its dialogs and notices write style elements, so that styles cannot be held to files.
    ``host`` is said for the browsers to which 'self' means no WebSocket.
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            f"connect-src 'self' ws://{host} wss://{host}",
            "form-action 'none'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def chat_page(root: str, host: str, build: Path, card_style: str) -> Response:
    """The page Chainlit's script fills; ``build`` is the folder with its files."""
    script, style = _entry(build, "js"), _entry(build, "css")
    styles = [card_style, f"{root}/assets/{style}", f"{root}/ours/chat.css"]
    scripts = [f'<script src="{html.escape(root)}/ours/before.js"></script>'] + [
        f'<script type="module" src="{html.escape(at)}"></script>'
        for at in (f"{root}/assets/{script}", f"{root}/ours/cards.js", f"{root}/ours/names.js")
    ]
    page = _PAGE.format(
        **_said(
            chat=tr("Chat"),
            pages=tr("Pages"),
            workbench=tr("Workbench"),
            needs_a_script=tr("The chat needs a script. The workbench works without one:"),
            texts=texts_of(OURS),
        ),
        root=html.escape(root),
        card=html.escape(card_style),
        styles="\n".join(f'<link rel="stylesheet" href="{html.escape(at)}">' for at in styles),
        scripts="\n".join(scripts),
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": csp(host)})


def _entry(build: Path, kind: str) -> str:
    """The name of the file the page begins with; part of it is its hash."""
    (found,) = build.glob(f"assets/index-*.{kind}")
    return found.name


def waiting_page(root: str) -> Response:
    """What is shown while the chat is loaded; it looks again by itself."""
    return _short(root, tr("The chat is being loaded"), tr("This takes a few seconds."), _REFRESH)


def missing_page(root: str, what: str, next: str) -> Response:
    """What is shown where the chat cannot be loaded."""
    return _short(root, what, next, "")


def _said(**texts: str) -> dict[str, str]:
    """Texts for a page, with its language."""
    said = {name: html.escape(text) for name, text in texts.items()}
    return {**said, "language": spoken()}


def _short(root: str, title: str, words: str, refresh: str) -> Response:
    page = _WAITING.format(
        **_said(
            title=title, words=words, chat=tr("Chat"), back=tr("Back to the workbench"), root=root
        ),
        refresh=refresh,
    )
    headers = {"Retry-After": "1"} if refresh else {}
    return HTMLResponse(page, 503, headers)

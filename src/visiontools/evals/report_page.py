"""A report as one HTML file: no script, nothing loaded from elsewhere, light and dark."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from pathlib import Path

from visiontools.evals.report import VERDICT_WORDS, Chart, Part, Shots
from visiontools.evals.results import Result
from visiontools.views import html
from visiontools.views.html_text import Html, element, joined

_STYLE = """
:root{color-scheme:light dark;--ink:#1a202c;--paper:#fff;--line:#cbd5e0;--soft:#f7fafc}
@media(prefers-color-scheme:dark){:root{--ink:#e2e8f0;--paper:#171923;--line:#4a5568;--soft:#1f2430}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);
max-width:72rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.6rem}h2,h3{font-size:1.2rem;margin-top:2rem}
table{border-collapse:collapse;font-size:.875rem;margin:.5rem 0 1.5rem}
th,td{border-bottom:1px solid var(--line);padding:.35rem .6rem;text-align:left;vertical-align:top}
thead th{background:var(--soft)}.vt-right{text-align:right}.vt-scroll{overflow-x:auto}
.vt-strong{font-weight:600}.vt-notice{border-left:4px solid #d69e2e;padding-left:.75rem}
svg{max-width:100%;height:auto}.shots{display:grid;gap:1rem;
grid-template-columns:repeat(auto-fill,minmax(18rem,1fr))}
figure{margin:0;border:1px solid var(--line);padding:.75rem;background:var(--soft)}
figure img{max-width:100%;max-height:20rem;display:block;margin-bottom:.5rem;background:#fff}
figcaption{font-size:.875rem;overflow-wrap:anywhere}
"""

_META = Html(
    '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
)


def page(title: str, parts: Sequence[Part], pictures: Path) -> str:
    """The whole file; ``pictures`` is the folder with the small pictures of the cases."""
    body = joined(element("h1", title), *(_part(part, pictures) for part in parts))
    head = joined(_META, element("title", title), Html(f"<style>{_STYLE}</style>"))
    whole = element("html", element("head", head), element("body", body), lang="en")
    return f"<!doctype html>\n{whole}\n"


def _part(part: Part, pictures: Path) -> Html:
    if isinstance(part, Chart):
        return element("div", Html(part.svg), class_="chart")
    if isinstance(part, Shots):
        return element("div", *(_shot(each, pictures) for each in part.results), class_="shots")
    return html.show([part], depth=2)


def _shot(result: Result, pictures: Path) -> Html:
    words = VERDICT_WORDS[result.verdict][1]
    told = [element("strong", f"{result.case}: {words}")]
    told += [element("div", line) for line in result.why]
    told += [element("div", f"record {result.record[:8]}, by {result.endpoint}")]
    return element("figure", _image(result, pictures), element("figcaption", *told))


def _image(result: Result, pictures: Path) -> Html:
    path = pictures / result.picture
    if not result.picture or not path.is_file():
        return element("p", "(no picture)")
    data = base64.b64encode(path.read_bytes()).decode()
    return element("img", src=f"data:image/jpeg;base64,{data}", alt=f"The picture of {result.case}")

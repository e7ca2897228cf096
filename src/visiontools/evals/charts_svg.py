"""The same pages painted by a browser as SVG, with its own text, smoothing and round corners."""

from __future__ import annotations

from html import escape

from visiontools.evals.browser import screenshot
from visiontools.evals.charts_marks import Box, Mark, Page, Stroke, Words

FAMILIES = {
    "LiberationSans": "Liberation Sans",
    "NimbusSansNarrow": "Nimbus Sans Narrow",
    "DejaVuSans": "DejaVu Sans",
    "DejaVuSansCondensed": "DejaVu Sans Condensed",
    "NimbusSans": "Nimbus Sans",
    "LiberationSerif": "Liberation Serif",
    "DejaVuSerif": "DejaVu Serif",
}


def shoot(page: Page, scale: float) -> bytes:
    """The page as a PNG by a browser. Raises RuntimeError where there is none."""
    body = "".join(map(_drawn, page.marks))
    html = (
        f'<!doctype html><meta charset="utf-8"><body style="margin:0;background:{page.paper}">'
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{page.width}" height="{page.height}" '
        f'font-family="{FAMILIES[page.family]}">{body}</svg>'
    )
    return screenshot(html, width=page.width, height=page.height, scale=scale)


def _drawn(mark: Mark) -> str:
    match mark:
        case Box(x, y, width, height, fill, edge, radius):
            rim = f' stroke="{edge}"' if edge else ""
            return (
                f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(0, width):.2f}" '
                f'height="{max(0, height):.2f}" rx="{radius}" fill="{fill}"{rim}/>'
            )
        case Stroke(points, colour, width, dash):
            path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
            dashes = f' stroke-dasharray="{dash}"' if dash else ""
            return (
                f'<polyline points="{path}" fill="none" stroke="{colour}" '
                f'stroke-width="{width}"{dashes}/>'
            )
        case Words():
            return _words(mark)
        case _:
            return ""


def _words(words: Words) -> str:
    turn = f' transform="rotate(-90 {words.x:.2f} {words.y:.2f})"' if words.up else ""
    anchor = "middle" if words.up else words.anchor
    weight = ' font-weight="bold"' if words.bold else ""
    return (
        f'<text x="{words.x:.2f}" y="{words.y:.2f}" dy=".35em" font-size="{words.size}" '
        f'fill="{words.colour}" text-anchor="{anchor}"{weight}{turn}>{escape(words.text)}</text>'
    )

"""Regions drawn over the picture they are of: one inline SVG that asks no other host."""

from __future__ import annotations

from visiontools.translations import tr
from visiontools.views.blocks import Outlined, Regions
from visiontools.views.html_text import Html, element, joined
from visiontools.views.plain import one_line

_TINTS = 6
"""Colours of the style sheet, taken in turn."""
_LABEL_SHARE = 26
"""The picture's longer side is so many times a number's height."""


def over(block: Regions, address: str, name: str) -> Html:
    """The picture at ``address`` with the regions and their numbers over it."""
    picture = element(
        "image", href=address, width=float(block.width), height=float(block.height),
        preserveAspectRatio="none",
    )  # fmt: skip
    size = max(block.width, block.height) / _LABEL_SHARE
    drawn = (_region(number, each, size) for number, each in enumerate(block.regions, 1))
    names = ", ".join(f"{n}: {one_line(each.name)}" for n, each in enumerate(block.regions, 1))
    return element(
        "svg",
        picture,
        joined(*drawn),
        viewBox=f"0 0 {block.width} {block.height}",
        width=float(block.width),
        height=float(block.height),
        role="img",
        aria_label=f"{name}{tr(', with unverified regions: ')}{names}",
        class_="vt-over",
    )


def _region(number: int, region: Outlined, size: float) -> Html:
    cells = (
        element("rect", x=float(x), y=float(y), width=float(right - x), height=float(bottom - y))
        for x, y, right, bottom in region.boxes
    )
    left, top, right, bottom = region.boxes[0]
    label = element(
        "text",
        f"{number}",
        x=(left + right) / 2,
        y=(top + bottom) / 2 + size * 0.35,
        font_size=size,
    )
    title = element("title", f"{number}: {one_line(region.name)} ({tr('unverified')})")
    tint = f"vt-region vt-tint-{(number - 1) % _TINTS}"
    return element("g", title, joined(*cells), label, class_=tint)

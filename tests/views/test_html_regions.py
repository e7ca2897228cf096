"""Regions over a picture: drawn in its pixels, numbered as in the table, and harmless."""

from __future__ import annotations

from xml.etree import ElementTree

from visiontools.views.blocks import Outlined, Regions
from visiontools.views.html import show
from visiontools.views.html_regions import over
from visiontools.views.markdown import show as markdown

EVIL = '"><script>x()</script>'
BLOCK = Regions(
    "Where",
    800,
    600,
    (
        Outlined("lake", "Lake", "A1, B1", ((0, 0, 100, 100), (100, 0, 200, 100))),
        Outlined(EVIL, EVIL, "C2", ((200, 100, 300, 200),)),
    ),
)


def test_each_cell_is_drawn_where_it_is_over_the_picture_itself() -> None:
    drawn = ElementTree.fromstring(over(BLOCK, "/api/v1/records/1/pictures/1", "Plan"))
    assert drawn.get("viewBox") == "0 0 800 600"
    (image,) = drawn.findall("image")
    assert image.get("href") == "/api/v1/records/1/pictures/1"
    sides = ("x", "y", "width", "height")
    assert [[each.get(side) for side in sides] for each in drawn.iter("rect")] == [
        ["0", "0", "100", "100"],
        ["100", "0", "100", "100"],
        ["200", "100", "100", "100"],
    ]
    assert [each.text for each in drawn.iter("text")] == ["1", "2"]
    assert [each.text for each in drawn.iter("title")] == [
        "1: lake (unverified)",
        f"2: {EVIL} (unverified)",
    ]
    assert "unverified" in str(drawn.get("aria-label"))
    assert not list(drawn.iter("script"))


def test_in_words_the_regions_have_the_same_numbers() -> None:
    assert "Region (unverified)" in show([BLOCK])
    assert "<script>" not in show([BLOCK])
    assert "| 1 | lake | Lake | A1, B1 |" in markdown([BLOCK])

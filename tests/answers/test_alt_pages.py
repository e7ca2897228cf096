"""Alt texts in HTML and Markdown: only the alt text of the picture that was meant changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visiontools.answers.alt_html import html_places, html_with
from visiontools.answers.alt_markdown import markdown_places, markdown_with
from visiontools.answers.alt_page import Place, local_file

ALT = "A <b> & \"c\" 'd' [e](f) *g* `h`"


def test_html_keeps_every_other_character() -> None:
    page = (
        "<!DOCTYPE html>\r\n<!-- <img src=no.png> -->\r\n<IMG  SRC = a.png\r\n"
        "   class='x>y' ><p>5 < 6 &amp; &copy</p><script>'<img src=no.png>'</script>\r\n"
        "<img alt='' src='b.png'/><img src=c.png alt=old><img alt src=\"d &amp; e.png\">"
        '<textarea><img src=no.png></textarea><img src=no.png role="presentation">'
    )
    places = html_places(page)
    assert [place.source for place in places] == ["a.png", "b.png", "c.png", "d & e.png"]
    assert [place.alt for place in places] == [None, "", "old", ""]
    assert [place.line for place in places] == [3, 5, 5, 5]
    changed = html_with(page, dict.fromkeys(places, "New"))
    assert changed == (
        page.replace("SRC = a.png", 'SRC = a.png alt="New"')
        .replace("alt=''", "alt='New'")
        .replace("alt=old", 'alt="New"')
        .replace("<img alt src", '<img alt="New" src')
    )
    hostile = html_with(page, dict.fromkeys(places, ALT))
    assert [place.alt for place in html_places(hostile)] == [ALT] * 4


def test_markdown_knows_pictures_from_what_looks_like_one() -> None:
    page = (
        '# Title\n\n![](a%20b.png "t") and `![](no.png)` and \\![](no.png)\n\n'
        "```\n![](no.png)\n```\n\n    ![](no.png)\n\n"
        "[![old *one*](<c d.png>)](https://x.example)\n\n"
        "![][ref] ![undefined][nope]\n\n| a | b |\n|---|---|\n| ![](e(1).png) | x |\n\n"
        '<p><img src="f.png"></p>\n\n[ref]: g.png\n'
    )
    places = markdown_places(page)
    assert [place.source for place in places] == [
        "a b.png",
        "c d.png",
        "g.png",
        "e(1).png",
        "f.png",
    ]
    assert [place.alt for place in places] == [None, "old one", None, None, None]
    changed = markdown_with(page, dict.fromkeys(places, "New"))
    assert changed == (
        page.replace('![](a%20b.png "t")', '![New](a%20b.png "t")')
        .replace("old *one*", "New")
        .replace("![][ref]", "![New][ref]")
        .replace("![](e(1).png)", "![New](e(1).png)")
        .replace('<img src="f.png">', '<img src="f.png" alt="New">')
    )
    hostile = markdown_with(page, dict.fromkeys(places, ALT + " | |"))
    assert [place.alt for place in markdown_places(hostile)] == [ALT + " | |"] * 5


def test_what_cannot_be_changed_safely_is_refused() -> None:
    place = Place("a.png", None, 3, 3, "new", 1)
    with pytest.raises(ValueError, match="safely"):
        html_with("<p><img src=a.png></p>", {place: "x"})
    markdown = Place("a.png", None, 0, 0, "markdown", 1)
    with pytest.raises(ValueError, match="safely"):
        markdown_with("![](a.png)", {markdown: "x"})


_TAGS = ("<img src=a.png>", "<img alt='x' src='b.png'>", "![](c.png)", "![d](d.png)")
_ROUND = ("`", "```\n", "\n", "    ", "> ", "- ", "<!-- ", " -->", "<p>", "</p>", "text ", "&amp;")
_BITS = st.sampled_from([*_TAGS, *_ROUND, '"', "[", "]", "\\", "|"])
_ALTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(st.lists(_BITS, max_size=25), _ALTS)
def test_any_page_is_changed_only_in_its_alt_texts_or_not_at_all(bits: list[str], alt: str) -> None:
    page = "".join(bits)
    for places_in, with_alts in ((html_places, html_with), (markdown_places, markdown_with)):
        places = places_in(page)
        try:
            changed = with_alts(page, dict.fromkeys(places, alt))
        except ValueError:
            continue
        again = places_in(changed)
        assert [place.source for place in again] == [place.source for place in places]
        assert [place.alt for place in again] == [alt] * len(places)
        assert with_alts(page, {}) == page


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("img/a%20b.png?v=2#x", Path("site/img/a b.png")),
        ("../a.png", Path("site/../a.png")),
        ("/img/a.png", "root of a site"),
        ("https://x.example/a.png", "not in a file"),
        ("//x.example/a.png", "not in a file"),
        ("data:image/png;base64,AA", "not in a file"),
        ("http://[", "no sense"),
        ("#top", "no address"),
    ],
)
def test_only_files_of_this_machine_are_looked_at(source: str, found: Path | str) -> None:
    said = local_file(source, Path("site/page.html"), None)
    assert said == found if isinstance(found, Path) else found in str(said)


def test_an_address_from_the_root_is_found_below_the_folder_named() -> None:
    assert local_file("/a.png", Path("x/p.md"), Path("site")) == Path("site/a.png")

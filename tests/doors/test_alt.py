"""``visiontools alt``: shown first, written when told to, and never over what somebody wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from visiontools.answers.alt_xmp import alt_of
from visiontools.testing.model_server import ModelServer

HTML = """<!doctype html>\r
<h1>Boats & more</h1>\r
<img src="boat.png" width=300>\r
<img src="gull.png" alt="A gull, said by me.">\r
<img src="swirl.png" alt="">\r
<img src="https://x.example/far.png"><img src="gone.png">\r
"""
BOAT = {"subjects": [{"what": "boat", "count": 1, "attributes": ["red"]}], "alt": 'A "red" boat'}
GULL = {"subjects": [{"what": "gull", "count": 1}], "alt": "A gull in flight."}


@pytest.fixture
def server(home: Path) -> Iterator[ModelServer]:
    with ModelServer() as server:
        entry = f'[endpoints.box]\nurl = "{server.url}"\nmodel = "scripted"\n'
        (home / "visiontools.toml").write_text(entry)
        for name, colour in (("boat", "red"), ("gull", "grey"), ("swirl", "tan")):
            Image.new("RGB", (320, 240), colour).save(home / f"{name}.png")
        (home / "page.html").write_bytes(HTML.encode())
        yield server


def boat(server: ModelServer) -> None:
    server.say({**BOAT, "visible_text": ["RED"]})


def test_a_page_is_shown_as_it_would_be_and_stays(
    cli: Any, home: Path, server: ModelServer
) -> None:
    boat(server)
    said = cli("alt", "page.html", "--endpoint", "box")
    assert said.status == 0, said.err
    assert '-<img src="boat.png" width=300>' in said.out
    assert '+<img src="boat.png" alt="A &quot;red&quot; boat." width=300>' in said.out
    assert "1 alt text for 1 file; nothing was written. Add --write" in said.err
    assert "page.html:6: left out https://x.example/far.png: it is not in a file" in said.err
    assert "page.html:6: left out gone.png: there is no file gone.png" in said.err
    assert (home / "page.html").read_bytes() == HTML.encode()
    assert [each.pictures for each in server.requests] == [1]


def test_written_only_the_alt_changes_and_the_answer_is_not_asked_for_twice(
    cli: Any, home: Path, server: ModelServer
) -> None:
    boat(server)
    cli("alt", "page.html", "--endpoint", "box")
    (home / "page.html").chmod(0o640)
    said = cli("alt", "page.html", "--endpoint", "box", "--write")
    assert "1 alt text written into 1 file." in said.err
    new = HTML.replace('"boat.png"', '"boat.png" alt="A &quot;red&quot; boat."')
    assert (home / "page.html").read_bytes() == new.encode()
    assert (home / "page.html").stat().st_mode & 0o777 == 0o640
    assert len(server.requests) == 1
    assert sorted(path.name for path in home.glob("*.*")) == [
        "boat.png",
        "gull.png",
        "page.html",
        "swirl.png",
        "visiontools.toml",
    ]
    again = cli("alt", "page.html", "--endpoint", "box", "--write")
    assert "Nothing to change." in again.err


def test_what_somebody_wrote_is_replaced_only_when_told(
    cli: Any, home: Path, server: ModelServer
) -> None:
    boat(server)
    server.say(GULL)
    server.say({"kind": "decorative"})
    done = cli("alt", "page.html", "--endpoint", "box", "--overwrite", "--write", "--json")
    assert [(each["line"], each["before"], each["alt"]) for each in done.json] == [
        (3, None, 'A "red" boat.'),
        (4, "A gull, said by me.", "A gull in flight."),
    ]
    assert all(each["written"] and each["record"] for each in done.json)
    assert 'alt=""' in (home / "page.html").read_text()


def test_a_folder_means_the_pages_in_it(cli: Any, home: Path, server: ModelServer) -> None:
    (home / "site" / ".git").mkdir(parents=True)
    (home / "site" / ".git" / "no.md").write_text("![](/boat.png)")
    (home / "site" / "a.md").write_text("# A\n\n![](/boat.png)\n")
    boat(server)
    done = cli("alt", "site", "--root", ".", "--endpoint", "box", "--write")
    assert done.status == 0, done.err
    assert (home / "site" / "a.md").read_text() == '# A\n\n![A "red" boat.](/boat.png)\n'
    assert (home / "site" / ".git" / "no.md").read_text() == "![](/boat.png)"


def test_an_address_from_the_root_of_a_site_needs_its_folder(
    cli: Any, home: Path, server: ModelServer
) -> None:
    (home / "a.md").write_text("![](/boat.png)")
    said = cli("alt", "a.md", "--endpoint", "box")
    assert "a.md:1: left out /boat.png" in said.err
    assert "name that folder with --root" in said.err


def test_a_picture_gets_its_alt_text_into_its_metadata(
    cli: Any, home: Path, server: ModelServer
) -> None:
    before = (home / "gull.png").read_bytes()
    server.say(GULL)
    shown = cli("alt", "gull.png", "--endpoint", "box")
    assert "+A gull in flight." in shown.out
    assert (home / "gull.png").read_bytes() == before
    cli("alt", "gull.png", "--endpoint", "box", "--write")
    assert alt_of((home / "gull.png").read_bytes()) == "A gull in flight."
    kept = cli("alt", "gull.png", "--endpoint", "box", "--write")
    assert "Nothing to change." in kept.err
    assert len(server.requests) == 1


def test_doubts_are_said_and_a_translation_that_failed_is_not_written(
    cli: Any, home: Path, server: ModelServer
) -> None:
    server.say({**GULL, "caption": "Seven gulls."})
    server.say(GULL)
    server.say({"caption": "Drei Möwen.", "alt": "Drei Möwen.", "description": "Drei Möwen."})
    doubtful = cli("alt", "gull.png", "--endpoint", "box")
    assert "look at its alt text: left out, with numbers nobody counted: 7" in doubtful.err
    failed = cli("alt", "gull.png", "--endpoint", "box", "--option", "language=de", "--write")
    assert "gull.png: no alt text: " in failed.err
    assert "in English, since these differ: 3 (caption)" in failed.err
    assert alt_of((home / "gull.png").read_bytes()) is None


def test_nobody_to_look_says_what_to_do(cli: Any, server: ModelServer) -> None:
    said = cli("alt", "page.html")
    assert said.status == 15
    assert "boat.png: no alt text: Caption needs eyes" in said.err
    assert "Nothing to change." in said.err


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("none.html", "There is no file 'none.html'"),
        ("latin.md", "latin.md is not UTF-8 text. Save it as UTF-8."),
    ],
)
def test_pages_that_cannot_be_read_are_named(
    cli: Any, home: Path, server: ModelServer, name: str, why: str
) -> None:
    (home / "latin.md").write_bytes("Möwe".encode("latin-1"))
    said = cli("alt", name, "--endpoint", "box")
    assert said.status == 2
    assert why in said.err


def test_other_pictures_are_left_out_with_a_reason(
    cli: Any, home: Path, server: ModelServer
) -> None:
    Image.new("RGB", (80, 80)).save(home / "a.webp")
    said = cli("alt", "a.webp", "--endpoint", "box", "--json")
    assert json.loads(said.out) == []
    assert "a.webp: left out: Only JPEG and PNG files can carry" in said.err

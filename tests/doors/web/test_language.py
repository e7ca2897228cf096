"""Pages in a person's language: chosen or asked for, whole, and honest about what is English."""

from __future__ import annotations

import html
import json
import re
from html.parser import HTMLParser
from itertools import product
from typing import Any

import pytest
from fastapi.testclient import TestClient

from visiontools.translations import ENGLISH, NAMES, catalogue, speaking, tr

OTHERS = [language for language in NAMES if language != ENGLISH]
HEADINGS = {
    "/": "A picture in, a checked answer out.",
    "/records": "Records",
    "/records/compare?a={car}&b={fridge}": "Two records compared",
    "/records/{car}/correct": "Put right what was seen",
    "/records/{car}/delete": "Delete this for good?",
    "/account": None,
    "/records/{car}": None,
    "/records/{fridge}": None,
    "/records/{car}/report": None,
    "/tools/messages?looks=person": "A picture in, a checked answer out.",
    "/tools/diet?looks=person": "A picture in, a checked answer out.",
    "/tools/nothing": "There is no such tool",
    "/nowhere": "There is nothing at this address",
    "/records?since=never": "The request does not fit",
}
WARNED = "All languages but English are translated by a machine; nobody has reviewed them."
VALUES = ("code", "svg", "td", "dd")
"""What holds what was seen, said or worked out."""
EMPTY = {"input", "img", "meta", "link", "br", "hr", "rect", "circle"}


class Page(HTMLParser):
    """A page's language, its texts that are not said to be English, and its first heading."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.language = ""
        self.texts: list[str] = []
        self.heading = ""
        self._open: list[tuple[str, bool]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "html":
            self.language = told.get("lang") or ""
        english = told.get("lang") == ENGLISH and tag != "html"
        value = tag in VALUES or told.get("scope") == "row"
        aside = english or value or told.get("translate") == "no"
        if tag not in EMPTY:
            self._open.append((tag, aside or (bool(self._open) and self._open[-1][1])))
        if not aside:
            self.texts += [
                told[name] or "" for name in ("aria-label", "data-label") if name in told
            ]

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open and not self._open[-1][1]:
            self.texts.append(data.strip())
        if self._open and self._open[-1][0] == "h1":
            self.heading += data


@pytest.fixture
def kept(car: dict[str, Any], fridge: dict[str, Any]) -> dict[str, str]:
    return {"car": car["id"], "fridge": fridge["id"]}


def page(client: TestClient, address: str, language: str) -> Page:
    wanted = {"Accept-Language": f"{language};q=0.9, en;q=0.1", "Accept": "text/html"}
    answer = client.get(address, headers=wanted)
    assert answer.headers["content-type"].startswith("text/html"), address
    return Page(answer.text)


def test_every_page_is_whole_in_every_language(client: TestClient, kept: dict[str, str]) -> None:
    for language, (address, heading) in product(NAMES, HEADINGS.items()):
        texts = catalogue(language).texts
        shown = page(client, address.format(**kept), language)
        assert shown.language == language
        with speaking(language):
            assert heading is None or shown.heading == tr(heading), address
        left = {
            text
            for text in shown.texts
            if text in texts and texts[text] != text and text not in texts.values()
        }
        assert left == set(), (language, address)


def test_what_is_english_in_another_language_says_so(
    client: TestClient, car: dict[str, Any]
) -> None:
    answer = client.get(f"/records/{car['id']}", headers={"Accept-Language": "de"}).text
    message = car["message"].replace("'", "&#x27;")
    assert f'<span lang="en">{message}' in answer
    assert "Sätze und Wörter, die der Code für eine Antwort bildet" in answer
    assert 'class="vt-badge vt-good">Beantwortet<' in answer
    english = client.get(f"/records/{car['id']}").text
    assert 'lang="en">' not in english.partition("<body>")[2].partition("<footer")[0]
    assert "Sentences and words that code makes" not in english


def test_a_choice_stays_and_weighs_more_than_what_the_browser_asks_for(client: TestClient) -> None:
    led = client.post(
        "/language",
        data={"language": "th"},
        headers={"Referer": "http://localhost/records?tool=diet", "Accept-Language": "de"},
    )
    assert (led.status_code, led.headers["location"]) == (303, "/records?tool=diet")
    cookie = led.headers["set-cookie"].lower()
    assert all(said in cookie for said in ("httponly", "samesite=lax", "max-age=31536000"))
    assert page(client, "/records", "de").language == "th"
    foot = client.get("/records").text.partition("<footer")[2]
    assert 'value="th" lang="th" aria-current="true"' in foot
    assert all(f'lang="{code}"' in foot for code in NAMES)
    with speaking("th"):
        assert (
            tr("All languages but English are translated by a machine; nobody has reviewed them.")
            in foot
        )


@pytest.mark.parametrize(
    ("language", "referer", "location"),
    [
        ("xx", "http://localhost/", "/"),
        ("", "http://localhost/records", "/records"),
        ("de", "http://elsewhere.example/records", "/"),
        ("de", "http://localhost//elsewhere.example", "/"),
        ("de", "nonsense", "/"),
    ],
)
def test_nonsense_chooses_nothing_and_leads_nowhere_else(
    client: TestClient, language: str, referer: str, location: str
) -> None:
    led = client.post("/language", data={"language": language}, headers={"Referer": referer})
    assert (led.status_code, led.headers["location"]) == (303, location)
    assert ("set-cookie" in led.headers) == (language in NAMES)


def test_a_page_of_another_site_chooses_nothing(client: TestClient) -> None:
    headers = {"Origin": "http://elsewhere.example"}
    assert client.post("/language", data={"language": "de"}, headers=headers).status_code == 403


def test_what_programs_read_is_the_same_in_every_language(
    client: TestClient, car: dict[str, Any]
) -> None:
    for address in (
        f"/records/{car['id']}/csv",
        f"/api/v1/records/{car['id']}",
        "/api/v1/tools",
        "/api/v1/no",
    ):
        answers = {
            client.get(address, headers={"Accept-Language": language}).text for language in NAMES
        }
        assert len(answers) == 1, address


def test_scripts_get_their_texts_in_the_pages_language(client: TestClient) -> None:
    answer = client.get("/", headers={"Accept-Language": "fr"})

    found = re.search(r'data-texts="([^"]*)"', answer.text)
    assert found is not None
    texts = json.loads(html.unescape(found[1]))
    assert texts["Stopped."] == "Arrêté."
    assert texts["Copy %(title)s"] == "Copier : %(title)s"
    assert 'data-texts="{}"' in client.get("/").text, "English is what stands in the scripts"


def test_numbers_are_taken_with_a_decimal_comma(client: TestClient) -> None:
    said = client.post(
        "/tools/diet/said",
        data={"looks": "person", "seen.products.0.serving.amount": "0,5"},
        headers={"Accept-Language": "de"},
    ).json()
    assert said["observation"]["products"][0]["serving"]["amount"] == 0.5


VISION = """
[endpoints.box]
url = "http://127.0.0.1:9/v1"
model = "llama3.2-vision:11b"
"""


def test_that_pictures_are_spoken_of_in_english_only_is_said_where_it_matters(
    home: Any,
) -> None:
    from visiontools.doors.web.app import create_app
    from visiontools.settings import Settings

    (home / "visiontools.toml").write_text(VISION)
    said = {"en": "speak of pictures in English only", "de": "über Bilder nur Englisch"}
    with TestClient(create_app(Settings.load()), base_url="http://localhost") as client:

        def says(tool: str, language: str) -> bool:
            answer = client.get(f"/tools/{tool}", headers={"Accept-Language": language})
            return said[language] in answer.text

        assert says("caption", "en"), "it has a choice of languages"
        assert not says("fridge", "en")
        assert says("fridge", "de")
        assert not says("messages", "de"), "it takes no picture"

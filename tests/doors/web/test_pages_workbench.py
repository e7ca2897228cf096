"""The workbench as a browser without a script meets it."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from tests.doors.web.conftest import seen_in

from visiontools.doors.describe import reader_can
from visiontools.doors.web.app import create_app
from visiontools.registry import load_tools
from visiontools.settings import Settings
from visiontools.testing.model_server import ModelServer

TOOLS = ("diet", "flow_diagram", "car_damage", "fridge", "chart")
LLAMA = "meta-llama/Llama-3.2-11B-Vision-Instruct"


class Page(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.elements if tag == name]

    @property
    def loads(self) -> list[str]:
        """What the browser fetches with it."""
        return [
            *(each["href"] for each in self.all("link")),
            *(each["src"] for each in (*self.all("script"), *self.all("img"))),
        ]


Serve = Callable[..., TestClient]


def configured(home: Path, toml: str) -> TestClient:
    (home / "visiontools.toml").write_text(toml)
    return TestClient(create_app(Settings.load()), base_url="http://localhost")


def endpoint(name: str, url: str = "http://127.0.0.1:9/v1", **more: Any) -> str:
    settings = {"url": url, "model": "scripted", **more}
    lines = [
        f"{k} = {str(v).lower() if isinstance(v, bool) else repr(v)}" for k, v in settings.items()
    ]
    return "\n".join([f"[endpoints.{name}]", *lines, ""])


def test_the_first_page_is_light_and_asks_no_other_host(client: TestClient) -> None:
    page = client.get("/")
    wanted = Page(page.text).loads
    sizes = [len(page.content)]
    while wanted:
        address = wanted.pop()
        assert address.startswith(("/static/", "/samples/"))
        fetched = client.get(address)
        assert fetched.status_code == 200
        sizes.append(len(fetched.content))
        if address.split("?")[0].endswith(".js"):
            wanted += [f"/static/{n}" for n in re.findall(r'from "\./(\w+\.js)"', fetched.text)]
    assert len(sizes) > 10
    assert sum(sizes) < 75_000


@pytest.mark.parametrize("tool", TOOLS)
def test_every_tool_has_its_page(client: TestClient, tool: str) -> None:
    answered = client.get(f"/tools/{tool}")
    assert answered.status_code == 200
    page = Page(answered.text)
    (chosen,) = [a for a in page.all("a") if a.get("aria-current") == "true"]
    assert chosen["data-tool"] == tool
    for image in page.all("img"):  # nothing moves when a picture arrives
        assert int(image["width"]) > 0
        assert int(image["height"]) > 0


@pytest.mark.parametrize("tool", TOOLS)
def test_every_control_has_a_name(client: TestClient, tool: str) -> None:
    page = Page(client.get(f"/tools/{tool}").text)
    labelled = {each.get("for") for each in page.all("label")}
    for kind in ("input", "select", "textarea"):
        for control in page.all(kind):
            ticked = control.get("type") == "checkbox" and "id" not in control
            assert ticked or control["id"] in labelled, control


@pytest.mark.parametrize("tool", TOOLS)
def test_no_page_needs_a_script_or_a_style_in_its_text(client: TestClient, tool: str) -> None:
    for tag, attributes in Page(client.get(f"/tools/{tool}").text).elements:
        assert tag != "style"
        assert tag != "script" or "src" in attributes
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_tools_that_need_nothing_come_first(client: TestClient) -> None:
    page = Page(client.get("/").text)
    shown = [a["data-tool"] for a in page.all("a") if "data-tool" in a]
    tools = load_tools()
    reads = [reader_can(tools[name]) for name in shown]
    assert set(shown) == set(tools)
    assert reads == sorted(reads, reverse=True)
    assert reads[0]


def test_a_tool_that_is_not_there_is_said_on_a_page(client: TestClient) -> None:
    page = client.get("/tools/die")
    assert page.status_code == 404
    assert "There is no tool named 'die'" in unescape(page.text)
    assert "Did you mean 'diet'?" in unescape(page.text)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_sample_is_one_click_away_without_a_script(client: TestClient, tool: str) -> None:
    looks = {"diet": "reader", "flow_diagram": "reader", "chart": "reader"}.get(tool, "person")
    led = client.post(f"/tools/{tool}", data={"sample": "0", "looks": looks})
    assert led.status_code == 303
    page = client.get(led.headers["location"])
    assert 'data-outcome="answered"' in page.text


def test_a_sample_picture_can_be_fetched_whole_and_small(client: TestClient) -> None:
    whole, small = client.get("/samples/fridge/0"), client.get("/samples/fridge/0/small")
    assert whole.content.startswith(b"\x89PNG")
    assert small.content.startswith(b"\xff\xd8")
    assert len(small.content) < len(whole.content) / 4
    assert client.get("/samples/fridge/9").status_code == 404


def test_the_long_form_comes_when_a_person_wants_it(client: TestClient, picture: bytes) -> None:
    assert "seen.products" not in client.get("/tools/diet").text
    assert "seen.products" in client.get("/tools/diet?looks=person").text
    sent = {"picture": ("f.png", picture)}
    page = client.post("/tools/diet", files=sent, data={"looks": "person"})
    assert page.status_code == 422
    assert "Nothing is said yet of what is seen." in page.text
    assert "seen.products" in page.text


def test_what_a_person_fills_in_is_decided_on(client: TestClient, picture: bytes) -> None:
    led = client.post(
        "/tools/fridge",
        files={"picture": ("f.png", picture)},
        data={
            "looks": "person",
            "seen.picture": "fits",
            "seen.inventory.0.name": "eggs",
            "seen.inventory.0.quantity": "6",
            "seen.inventory.0.unit": "",
            "seen.inventory.0.seen": "seen",
            "seen.inventory.0.where": "door",
            "seen.proposal.dishes.0.name": "Boiled eggs",
            "seen.proposal.dishes.0.ingredients": "eggs\nsalt",
            "seen.proposal.dishes.0.steps": "Boil them.",
            "seen.proposal.dishes.0.minutes": "8",
        },
    )
    assert led.status_code == 303
    page = client.get(led.headers["location"]).text
    assert "1 food found; 1 dish from only these and your staples." in page
    assert "Boiled eggs" in page


def test_without_a_picture_the_page_says_so_and_keeps_the_rest(client: TestClient) -> None:
    page = client.post("/tools/diet", data={"looks": "reader", "option.goal": "less_sugar"})
    assert page.status_code == 422
    assert "Nothing was handed in." in page.text
    assert '<option value="less_sugar" selected>' in page.text


def test_an_option_that_does_not_fit_is_said_and_kept(client: TestClient, picture: bytes) -> None:
    page = client.post(
        "/tools/diet",
        files={"picture": ("f.png", picture)},
        data={"looks": "reader", "option.fruit_percent": "many"},
    )
    assert page.status_code == 422
    assert "'many' is no percentage" in unescape(page.text)
    assert 'value="many"' in page.text


def test_a_file_that_is_no_picture_becomes_a_record_that_says_so(client: TestClient) -> None:
    led = client.post(
        "/tools/diet", files={"picture": ("notes.txt", b"no picture")}, data={"looks": "reader"}
    )
    page = client.get(led.headers["location"]).text
    assert 'data-outcome="unusable"' in page
    assert "The file cannot be used" in page


def test_the_script_gets_options_and_observation_as_json(client: TestClient) -> None:
    said = client.post(
        "/tools/fridge/said",
        data={
            "looks": "person",
            "option.servings": "4",
            "option.avoid": "nuts\npork",
            "seen.picture": "fits",
            "seen.inventory.0.name": "eggs",
        },
    ).json()
    assert said["options"]["servings"] == 4
    assert said["options"]["avoid"] == ["nuts", "pork"]
    assert said["observation"] == {"picture": "fits", "inventory": [{"name": "eggs"}]}


def test_nothing_a_person_says_is_sent_where_somebody_else_looks(client: TestClient) -> None:
    said = client.post("/tools/diet/said", data={"looks": "reader", "seen.picture": "other"})
    assert said.json()["observation"] is None


def test_the_script_gets_a_problem_in_words(client: TestClient) -> None:
    refused = client.post("/tools/diet/said", data={"option.goal": "happiness"})
    assert refused.status_code == 422
    assert refused.json()["detail"].startswith("The options of Diet Suggestion do not fit")


def test_an_option_that_names_a_file_of_the_server_is_not_offered(client: TestClient) -> None:
    page = client.get("/tools/car_damage").text
    assert 'name="option.region"' in page
    assert 'name="option.rates"' not in page


def test_the_form_comes_filled_in_with_what_is_seen_in_a_sample(client: TestClient) -> None:
    page = client.get("/tools/car_damage?sample=0").text
    assert seen_in("car_damage")["damages"][0]["evidence"] in page


def test_with_nobody_else_a_person_looks(client: TestClient) -> None:
    page = Page(client.get("/tools/fridge").text)
    chosen = [o["value"] for o in page.all("option") if o.get("class") and "selected" in o]
    assert chosen == ["person"]
    assert not [each for each in page.all("input") if each.get("id") == "ask"]


def test_a_model_looks_where_the_reader_cannot(home: Path) -> None:
    toml = endpoint("box") + endpoint("words", model="llama-3.2-3b", vision=False)
    with configured(home, toml) as client:
        page = Page(client.get("/tools/fridge").text)
    looks = {o["value"]: o for o in page.all("option") if o.get("class") in ("talks", "mute")}
    assert "selected" in looks["box"]
    assert "disabled" in looks["words"]
    assert [each for each in page.all("input") if each.get("name") == "ask"]


def test_the_licence_is_told_beside_llama_3_2_vision(home: Path) -> None:
    with configured(home, endpoint("box", model=LLAMA)) as client:
        assert "European Union" in client.get("/").text
    with configured(home, endpoint("box")) as client:
        assert "European Union" not in client.get("/").text


def test_several_that_are_asked_in_turn_are_one_choice(home: Path) -> None:
    toml = 'default_endpoint = "one,two"\n' + endpoint("one") + endpoint("two")
    with configured(home, toml) as client:
        page = client.get("/").text
    assert re.search(r'<option value="one,two"[^>]* selected>one, then two</option>', page)


def test_a_dead_endpoint_is_said_on_the_record(home: Path, picture: bytes) -> None:
    with configured(home, endpoint("box", deadline_s=2)) as client:
        page = client.post(
            "/tools/fridge", files={"picture": ("f.png", picture)}, data={"looks": "box"}
        ).text
    assert 'data-outcome="unavailable"' in page
    assert "127.0.0.1:9" in page


def test_a_question_goes_to_the_model_without_a_script(home: Path, picture: bytes) -> None:
    with ModelServer() as model, configured(home, endpoint("box", model.url)) as client:
        model.say({"picture": "fits", "inventory": [{"name": "eggs", "seen": "seen"}]})
        model.say({"dishes": []})
        model.say({"text": "The eggs.", "grounds": []})
        page = client.post(
            "/tools/fridge",
            files={"picture": ("f.png", picture)},
            data={"looks": "box", "ask": "What goes off first?"},
        ).text
    assert "What goes off first?" in page
    assert "The eggs." in page
    assert any("What goes off first?" in request.text for request in model.requests)


def test_a_server_that_is_stopping_says_so(client: TestClient, picture: bytes) -> None:
    client.app.state.desk.running.stopping = True  # type: ignore[attr-defined]
    page = client.post("/tools/fridge", files={"picture": ("f.png", picture)})
    assert page.status_code == 503
    assert "begins no further run" in page.text


def test_a_form_that_cannot_be_read_is_said_on_a_page(client: TestClient) -> None:
    page = client.post(
        "/tools/fridge",
        content=b"nonsense",
        headers={"content-type": "multipart/form-data; boundary=x"},
    )
    assert page.status_code in (400, 422)
    assert page.text.lstrip().startswith("<!doctype html>")


def test_the_runs_a_person_may_start_are_counted_here_too(home: Path, picture: bytes) -> None:
    with configured(home, "[web]\nruns_per_day = 1\n") as client:
        said = {"looks": "person", "seen.inventory.0.name": "eggs"}
        answers = [
            client.post("/tools/fridge", files={"picture": ("f.png", picture)}, data=said)
            for _ in range(2)
        ]
    assert [each.status_code for each in answers] == [200, 429]
    assert "You have used up the runs you may start for now." in answers[1].text


NOTES = """
from visiontools import Answer, Decision, Observation, Outcome, Tool
from visiontools.views.blocks import Text

class Seen(Observation):
    said: str = ""

class Notes(Tool):
    name, title, summary, needs, prompt = "notes", "Notes", "Reads notes.", "notes", "Read."
    takes = ("text",)
    observation, answer = Seen, Answer

    def decide(self, seen, case):
        return Decision(Outcome.ANSWERED, seen.said, Answer())

    def show(self, answer):
        return [Text("Read.")]
"""


@pytest.fixture
def notes(home: Path) -> None:
    """A tool of one's own that takes a text."""
    (home / "tools").mkdir()
    (home / "tools" / "notes.py").write_text(NOTES)


@pytest.mark.usefixtures("notes")
def test_a_text_is_pasted_instead_of_a_picture(client: TestClient) -> None:
    page = Page(client.get("/tools/notes").text)
    assert [each["id"] for each in page.all("textarea") if each["name"] == "text"]
    assert "photo" not in [each.get("id") for each in page.all("input")]
    assert not [each for each in page.all("option") if each["value"] == "reader"]


@pytest.mark.usefixtures("notes")
def test_a_text_stays_on_the_page_that_says_what_is_missing(client: TestClient) -> None:
    page = client.post("/tools/notes", data={"looks": "person", "text": "Anna: <hello>"})
    assert page.status_code == 422
    assert "Anna: &lt;hello&gt;</textarea>" in page.text


@pytest.mark.usefixtures("notes")
def test_a_model_without_eyes_can_read_texts(home: Path) -> None:
    with configured(home, endpoint("words", model="llama-3.2-3b", vision=False)) as client:
        page = Page(client.get("/tools/notes").text)
    (words,) = [o for o in page.all("option") if o["value"] == "words"]
    assert "selected" in words
    assert "disabled" not in words


def test_what_a_person_reads_in_a_text_is_decided_on(client: TestClient) -> None:
    led = client.post(
        "/tools/messages",
        data={
            "looks": "person",
            "text": "Anna: We launch on 12 March.",
            "seen.summary": "They launch on 12 March.",
        },
    )
    assert led.status_code == 303
    record = led.headers["location"]
    assert "They launch on 12 March." in client.get(record).text
    assert "a text" in client.get(record).text
    assert client.get(f"{record}/correct").status_code == 200

"""A conversation: a picture is asked for, looked at, asked about, and looked at anew."""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from pathlib import Path

import pytest
from tests.doors.chat.conftest import Served
from tests.doors.chat.wire import SEEN, Browser, record_in, until

from visiontools.doors.web.logs import JsonLines
from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site

REPLY = {"text": "Apples are.", "grounds": ["/things/0/name"]}


async def record(browser: Browser, record_id: str) -> dict[str, object]:
    answer = await browser.request("GET", f"/api/v1/records/{record_id}")
    assert answer.status_code == 200
    found: dict[str, object] = answer.json()
    return found


async def test_tools_and_endpoints_are_picked_beside_the_message(site: Site) -> None:
    async with Browser(site) as browser:
        modes = {mode["id"]: mode["options"] for mode in await browser.heard("set_modes")}
    assert {option["id"] for option in modes["tool"]} >= {"diet", "fridge", "shelf"}
    assert [option["id"] for option in modes["endpoint"]] == ["reader", "box"]
    assert [option["id"] for option in modes["endpoint"] if option["default"]] == ["reader"]


async def test_nobody_elsewhere_is_asked_where_everything_is_to_stay_here(
    served: Served, png: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VISIONTOOLS_LOCAL_ONLY", "true")
    monkeypatch.setenv("VISIONTOOLS_ENDPOINTS__FAR__URL", "http://192.0.2.1/v1")
    monkeypatch.setenv("VISIONTOOLS_ENDPOINTS__FAR__MODEL", "m")
    monkeypatch.setenv("VISIONTOOLS_DEFAULT_ENDPOINT", "far")
    async with Browser(served()) as browser:
        modes = {mode["id"]: mode["options"] for mode in await browser.heard("set_modes")}
        answer = await browser.say("", await browser.attach(png), endpoint="far")
    assert "box" in [option["id"] for option in modes["endpoint"]]
    assert "is not on this machine, and everything is to stay here" in answer["output"]


async def test_without_a_picture_one_is_asked_for(site: Site) -> None:
    async with Browser(site) as browser:
        answer = await browser.say("Which is better?", tool="diet")
    assert "needs a picture of one or more nutrition labels" in answer["output"]


async def test_a_picture_is_answered_with_words_that_lead_to_its_record(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN)
    async with Browser(site) as browser:
        answer = await browser.say("", await browser.attach(png, "the shelf.png"))
        kept = await record(browser, record_in(answer))
        told = [data["token"] for name, data in browser.events if name == "stream_token"]
        shown = [data for name, data in browser.events if name == "element"]
        picture = await browser.request("GET", shown[-1]["url"])
    assert kept["outcome"] == "answered"
    assert kept["request"]["ask"] is None  # type: ignore[index]
    assert str(kept["message"])[:20] in answer["output"]
    coming = [number for number, token in enumerate(told) if "The answer is coming in" in token]
    working = [number for number, token in enumerate(told) if "Working it out" in token]
    assert len(coming) == 1
    assert len(working) == 1
    assert coming < working
    assert model.requests[0].body["stream"]
    assert "{" not in "".join(told)
    assert [element["name"] for element in shown] == ["the shelf.png"] * 2
    assert picture.headers["content-type"] == "image/png"


async def test_a_further_question_is_about_the_same_picture(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN).say(REPLY)
    async with Browser(site) as browser:
        first = await browser.say("", await browser.attach(png))
        second = await browser.say("Which are in the majority?")
        kept = await record(browser, record_in(second))
    assert kept["parent"] == record_in(first)
    assert second["output"].startswith("[Apples are.](")
    assert model.requests[-1].pictures == 1


async def test_another_tool_looks_at_the_same_picture(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN).say({"picture": "other"})
    async with Browser(site) as browser:
        await browser.say("", await browser.attach(png))
        other = await browser.say("", tool="fridge")
        kept = await record(browser, record_in(other))
    assert kept["tool"] == "fridge"
    assert [request.pictures for request in model.requests] == [1, 1]


async def test_somebody_else_looks_where_the_first_could_not(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN)
    async with Browser(site) as browser:
        first = await browser.say("", await browser.attach(png), endpoint="reader")
        second = await browser.say("Look again.")
        kept = await record(browser, record_in(second))
    assert first["output"].startswith("[Nobody could answer")
    assert kept["outcome"] in ("answered", "partly")


async def test_a_second_picture_is_looked_at_beside_the_first(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN).say(SEEN).say(REPLY)
    async with Browser(site) as browser:
        await browser.say("", await browser.attach(png))
        second = await browser.say("And this one?", await browser.attach(png, "b.png"))
        kept = await record(browser, record_in(second))
    assert "together with the earlier one" in json.dumps(kept["notes"])


async def test_stop_ends_the_run_and_the_call_behind_it(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.hang()
    async with Browser(site) as browser:
        since = await browser.begin("", await browser.attach(png))
        await browser.heard("stream_token", lambda data: "Looking" in data["token"])
        assert await asyncio.to_thread(model.arrived.wait, 30)
        await browser.emit("stop")
        answer = await browser.answer(since)
        kept = await record(browser, record_in(answer))
        assert await asyncio.to_thread(model.requests[-1].closed.wait, 10)
    assert kept["outcome"] == "cancelled"
    assert answer["output"].startswith("[Stopped")


async def test_what_models_say_is_no_markup_in_the_chat(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN).say({"text": "![x](y) :alert[z] **b**", "grounds": []})
    async with Browser(site) as browser:
        await browser.say("", await browser.attach(png))
        answer = await browser.say("Well?")
    assert "\\[x\\]" in answer["output"]
    assert "\\:alert" in answer["output"]
    assert "\\*\\*b" in answer["output"]


async def test_a_file_that_went_is_asked_for_again(site: Site) -> None:
    async with Browser(site) as browser:
        answer = await browser.say("", "11111111-1111-4111-8111-111111111111")
    assert "Attach it again" in answer["output"]


def names(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.glob(pattern)]


async def test_nothing_is_kept_in_memory_or_in_the_working_folder(
    site: Site, png: bytes, model: ModelServer, home: Path
) -> None:
    model.say(SEEN)
    before = {*names(home, "*"), "data"}
    async with Browser(site) as browser:
        await browser.say("", await browser.attach(png))
        chat_contexts = sys.modules["chainlit.chat_context"].chat_contexts
        assert browser.session in chat_contexts
    await until(lambda: browser.session not in chat_contexts)
    assert len(names(home, "data/pictures/*/*")) == 1, "the record's"
    assert set(names(home, "*")) == before


async def test_a_tool_for_texts_takes_the_message_itself(site: Site, model: ModelServer) -> None:
    model.say_raw("{}").say({"text": "On Friday.", "grounds": []})
    async with Browser(site) as browser:
        first = await browser.say("Anna: shall we meet on Friday?\nBen: yes", tool="messages")
        kept = await record(browser, record_in(first))
    assert [each["kind"] for each in kept["inputs"]] == ["text"]  # type: ignore[attr-defined]
    assert kept["request"]["ask"] is None  # type: ignore[index]
    assert "shall we meet on Friday?" in model.requests[0].text
    assert model.requests[0].pictures == 0


THREAD = b"From: Ann <ann@example.org>\nSubject: Friday\n\nShall we meet on Friday?\n"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("thread.eml", THREAD),
        ("thread.mbox", b"From ann@example.org Wed Nov 25 10:00:00 2026\n" + THREAD),
        ("thread.TXT", b"Ann: Shall we meet on Friday?"),
        ("thread.json", b'[{"from": "Ann", "text": "Shall we meet on Friday?"}]'),
    ],
)
async def test_a_text_is_attached_as_a_file(
    site: Site, model: ModelServer, name: str, data: bytes
) -> None:
    model.say_raw("{}").say({"text": "On Friday.", "grounds": []})
    async with Browser(site) as browser:
        file = await browser.attach(data, name)
        waiting = await browser.request("GET", f"/project/file/{file}")
        answer = await browser.say("", file, tool="messages")
        kept = await record(browser, record_in(answer))
        shown = [data for event, data in browser.events if event == "element"]
        gone = await browser.request("GET", f"/project/file/{file}")
    assert [each["kind"] for each in kept["inputs"]] == ["text"]  # type: ignore[attr-defined]
    assert kept["request"]["ask"] is None  # type: ignore[index]
    assert "Shall we meet on Friday?" in model.requests[0].text
    assert [(each["type"], each["name"]) for each in shown] == [("file", name)] * 2
    assert shown[-1]["url"] == f"/records/{kept['id']}"
    assert waiting.content == data
    assert waiting.headers["content-disposition"] == "attachment"
    assert waiting.headers["content-type"] == "application/octet-stream"
    assert gone.status_code == 404


async def test_a_text_comes_back_with_its_conversation(site: Site, model: ModelServer) -> None:
    model.say_raw("{}")
    async with Browser(site) as browser:
        file = await browser.attach(THREAD, "thread.eml")
        answer = await browser.say("", file, tool="messages")
    async with Browser(site, thread=answer["threadId"]) as browser:
        shown = await browser.heard("resume_thread")
    (element,) = shown["elements"]
    assert (element["type"], element["name"]) == ("file", "thread.eml")
    assert element["url"] == f"/records/{record_in(answer)}"


async def test_another_text_begins_anew_and_another_tool_reads_the_same(
    site: Site, model: ModelServer
) -> None:
    model.say_raw("{}")
    async with Browser(site) as browser:
        first = await browser.say("", await browser.attach(THREAD, "a.eml"), tool="messages")
        other = await browser.attach(b"Ben: Where is the key?", "b.txt")
        second = await browser.say("Who asks?", other, tool="messages")
        third = await browser.say("Make one of it.", tool="invite")
        records = [await record(browser, record_in(each)) for each in (first, second, third)]
    assert [each["parent"] for each in records] == [None] * 3
    assert records[1]["request"]["ask"] == "Who asks?"  # type: ignore[index]
    assert records[0]["inputs"] != records[1]["inputs"]
    assert records[2]["inputs"] == records[1]["inputs"]
    assert records[2]["request"]["ask"] == "Make one of it."  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("page.png", b"<html>", "page.png is a web page"),
        ("page.html", b"<html>", "page.html is a web page"),
        ("a.txt", b"\x00\x01\x02\x03" * 40, "a.txt is no text"),
        ("a.txt", b"%PDF-1.7", "a.txt is a PDF document"),
        ("a.txt", b"  \n", "a.txt is empty"),
    ],
)
async def test_a_file_no_tool_can_use_is_refused_at_once(
    site: Site, name: str, data: bytes, sentence: str
) -> None:
    async with Browser(site) as browser:
        refused = await browser.request(
            "POST",
            f"/project/file?session_id={browser.session}",
            files={"file": (name, data, "text/plain")},
        )
    assert refused.status_code == 422
    assert sentence in refused.json()["detail"]


async def test_a_tool_says_what_it_wants_when_it_is_given_something_else(
    site: Site, png: bytes
) -> None:
    async with Browser(site) as browser:
        asked = {tool: (await browser.say("", tool=tool))["output"] for tool in ("invite",)}
        asked["diet"] = (await browser.say("Hello?", tool="diet"))["output"]
        text = await browser.say("", await browser.attach(THREAD, "a.eml"), tool="diet")
        picture = await browser.say("", await browser.attach(png, "b.png"), tool="messages")
        # A picture by its first bytes is one, whatever it is called.
        named = await browser.say("", await browser.attach(png, "c.txt"), tool="messages")
    assert "needs a text or picture of" in asked["invite"]
    assert "Attach a picture, and send; or paste the text as your message" in asked["invite"]
    assert asked["diet"].endswith("Attach one, and send.")
    assert "a.eml is a text. **Diet Suggestion** needs a picture of" in text["output"]
    for answer, name in ((picture, "b.png"), (named, "c.txt")):
        assert f"{name} is a picture. **Messages** needs a text:" in answer["output"]
        assert "attach it as a file (.txt, .eml, .mbox, .json)" in answer["output"]


async def test_a_run_of_the_chat_has_its_line_in_the_log_without_what_was_said(
    site: Site, png: bytes, model: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    model.say(SEEN).say({"text": "No quince, Wilhelmina.", "grounds": ["/things/0/name"]})
    with caplog.at_level(logging.INFO):
        async with Browser(site) as browser:
            await browser.say("Where is the quince?", await browser.attach(png, "the shelf.png"))
    lines = [JsonLines().format(record) for record in caplog.records]
    [run] = [json.loads(line) for line in lines if '"outcome"' in line]
    assert (run["tool"], run["outcome"], run["user"]) == ("shelf", "answered", "local")
    for said in ("quince", "Wilhelmina", "the shelf.png"):
        assert said not in "\n".join(lines)

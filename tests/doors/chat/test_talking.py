"""A conversation: a picture is asked for, looked at, asked about, and looked at anew."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from tests.doors.chat.wire import SEEN, Browser, record_in, until

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
        held = names(home, "data/chat-uploads/*/*")
    await until(lambda: browser.session not in chat_contexts)
    assert held == []
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

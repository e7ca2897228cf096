"""Conversations are in the database: any process can go on with one, and only for its owner."""

from __future__ import annotations

import asyncio
import uuid

import pytest
from socketio.exceptions import ConnectionError as RefusedError
from tests.doors.chat.conftest import Served
from tests.doors.chat.wire import SEEN, Browser, connected, record_in

from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site

REPLY = {"text": "Four.", "grounds": ["/total"]}
ANN, BEN = "ann", "ben"


async def talked(site: Site, png: bytes, owner: str = ANN) -> tuple[str, str, str]:
    """A conversation with one answer: its id, the record's, and the attached picture's."""
    async with Browser(site, owner) as browser:
        file = await browser.attach(png)
        answer = await browser.say("How many?", file)
        return answer["threadId"], record_in(answer), file


async def test_another_process_shows_and_goes_on_with_it(
    served: Served, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN).say(REPLY)
    thread, record_id, _ = await talked(served(), png)
    async with Browser(served(), ANN, thread=thread) as browser:
        shown = await browser.heard("resume_thread")
        modes = {mode["id"]: mode["options"] for mode in await browser.heard("set_modes")}
        (element,) = shown["elements"]
        picture = await browser.request("GET", element["url"])
        further = await browser.say("And how many apples?")
    said = [step for step in shown["steps"] if step["type"] != "run"]
    assert [step["type"] for step in said] == ["user_message", "assistant_message"]
    assert said[0]["output"] == "How many?"
    assert element["forId"] == said[0]["id"]
    assert record_in(said[1]) == record_id
    assert picture.headers["content-type"].startswith("image/")
    assert [each["id"] for each in modes["tool"] if each["default"]] == ["shelf"]
    assert further["threadId"] == thread
    assert model.requests[-1].text.count("How many?") == 1


async def test_a_question_that_was_cut_off_says_so(
    served: Served, png: bytes, model: ModelServer
) -> None:
    model.hang()
    site = served()
    async with Browser(site, ANN) as browser:
        await browser.begin("How many?", await browser.attach(png))
        thread = (await browser.heard("first_interaction"))["thread_id"]
        assert await asyncio.to_thread(model.arrived.wait, 30)
        async with Browser(served(), ANN, thread=thread) as other:
            shown = await other.heard("resume_thread")
    assert "has no answer" in shown["steps"][-1]["output"]


async def test_a_server_that_stops_leaves_an_answer_that_says_so(
    served: Served, png: bytes, model: ModelServer
) -> None:
    model.hang()
    site = served()
    async with Browser(site, ANN) as browser:
        await browser.begin("How many?", await browser.attach(png))
        thread = (await browser.heard("first_interaction"))["thread_id"]
        assert await asyncio.to_thread(model.arrived.wait, 30)
        await asyncio.to_thread(site.__exit__)
    async with Browser(served(), ANN, thread=thread) as browser:
        shown = await browser.heard("resume_thread")
    assert shown["steps"][-1]["output"].startswith("[Stopped")


async def test_the_history_comes_page_by_page(site: Site) -> None:
    threads: list[str] = []
    for number in range(3):
        async with Browser(site, ANN) as browser:
            threads.append((await browser.say(f"question {number}"))["threadId"])
    seen: list[str] = []
    cursor = None
    for more in (True, False):
        page = await browser.request(
            "POST",
            "/project/threads",
            json={"pagination": {"first": 2, "cursor": cursor}, "filter": {"userId": BEN}},
        )
        cursor = page.json()["pageInfo"]["endCursor"]
        assert page.json()["pageInfo"]["hasNextPage"] is more
        seen += [thread["id"] for thread in page.json()["data"]]
    assert seen == threads[::-1]


async def test_conversations_are_found_by_what_was_said(site: Site) -> None:
    async with Browser(site, ANN) as browser:
        await browser.say("about pears")
        wanted = {"pagination": {"first": 9}, "filter": {"search": "PEARS"}}
        found = await browser.request("POST", "/project/threads", json=wanted)
        wanted["filter"] = {"search": "plums"}
        nothing = await browser.request("POST", "/project/threads", json=wanted)
    assert [thread["name"] for thread in found.json()["data"]] == ["about pears"]
    assert nothing.json()["data"] == []


async def test_a_conversation_is_renamed_and_deleted(site: Site) -> None:
    async with Browser(site, ANN) as browser:
        thread = (await browser.say("hello"))["threadId"]
        named = {"threadId": thread, "name": "  Greetings \n "}
        assert (await browser.request("PUT", "/project/thread", json=named)).status_code == 200
        page = {"pagination": {"first": 9}, "filter": {}}
        listed = await browser.request("POST", "/project/threads", json=page)
        gone = await browser.request("DELETE", "/project/thread", json={"threadId": thread})
        left = await browser.request("POST", "/project/threads", json=page)
    assert [each["name"] for each in listed.json()["data"]] == ["Greetings"]
    assert gone.status_code == 200
    assert left.json()["data"] == []


async def test_what_somebody_thinks_of_an_answer_is_kept(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN)
    thread, _, _ = await talked(site, png)
    async with Browser(site, ANN, thread=thread) as browser:
        shown = await browser.heard("resume_thread")
        run = next(step["id"] for step in shown["steps"] if step["type"] == "run")
        rated = {"feedback": {"forId": run, "value": 1, "comment": "right"}, "sessionId": "x"}
        assert (await browser.request("PUT", "/feedback", json=rated)).json()["feedbackId"] == run
    async with Browser(site, ANN, thread=thread) as browser:
        again = await browser.heard("resume_thread")
        kept = [step["feedback"] for step in again["steps"] if step.get("feedback")]
        gone = await browser.request("DELETE", "/feedback", json={"feedbackId": run})
    assert kept == [{"forId": run, "id": run, "value": 1, "comment": "right"}]
    assert gone.status_code == 200


async def test_deleting_a_record_deletes_what_the_chat_told_of_it(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN)
    thread, record_id, _ = await talked(site, png)
    async with Browser(site, ANN) as browser:
        gone = await browser.request("DELETE", f"/api/v1/records/{record_id}")
    assert gone.status_code == 204
    async with Browser(site, ANN, thread=thread) as browser:
        shown = await browser.heard("resume_thread")
    assert shown["elements"] == []
    assert [step for step in shown["steps"] if "message" in step["type"]] == []


async def test_anothers_conversation_is_not_there(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN)
    thread, record_id, file = await talked(site, png)
    async with Browser(site, BEN, thread=thread) as browser:
        await browser.heard("resume_thread_error")
        answer = await browser.say("Mine now?")
        tries = [
            await browser.request("GET", f"/api/v1/records/{record_id}"),
            await browser.request("GET", f"/api/v1/records/{record_id}/pictures/1"),
            await browser.request("GET", f"/project/file/{file}?session_id={browser.session}"),
            await browser.request("DELETE", "/project/thread", json={"threadId": thread}),
            await browser.request("PUT", "/project/thread", json={"threadId": thread, "name": "x"}),
        ]
        listed = await browser.request(
            "POST", "/project/threads", json={"pagination": {"first": 9}, "filter": {"userId": ANN}}
        )
    assert "needs a picture" in answer["output"]
    assert answer["threadId"] != thread
    assert {each.status_code for each in tries} == {404}
    assert [each["id"] for each in listed.json()["data"]] == [answer["threadId"]]
    async with Browser(site, ANN, thread=thread) as browser:
        shown = await browser.heard("resume_thread")
    assert [s["output"] for s in shown["steps"] if s["type"] == "user_message"] == ["How many?"]


async def test_anothers_attached_picture_cannot_be_sent(site: Site, png: bytes) -> None:
    async with Browser(site, ANN) as ann, Browser(site, BEN) as ben:
        file = await ann.attach(png)
        answer = await ben.say("", file)
        shown = await ann.request("GET", f"/project/file/{file}")
        hidden = await ben.request("GET", f"/project/file/{file}?session_id={ann.session}")
    assert "did not arrive here" in answer["output"]
    assert shown.status_code == 200
    assert hidden.status_code == 404


async def test_anothers_message_cannot_be_written_over(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN)
    thread, _, _ = await talked(site, png)
    async with Browser(site, ANN, thread=thread) as browser:
        shown = await browser.heard("resume_thread")
        message = next(step["id"] for step in shown["steps"] if step["type"] == "user_message")
    async with Browser(site, BEN) as browser:
        await browser.say("Written over.", message_id=message)
        rated = {"feedback": {"forId": message, "value": 0}, "sessionId": browser.session}
        refused = await browser.request("PUT", "/feedback", json=rated)
    assert refused.status_code == 422
    async with Browser(site, ANN, thread=thread) as browser:
        again = await browser.heard("resume_thread")
    assert again["steps"] == shown["steps"]


async def test_anothers_session_cannot_be_joined(site: Site) -> None:
    async with Browser(site, ANN) as browser:
        with pytest.raises(RefusedError):
            async with Browser(site, BEN, session=browser.session):
                pass


async def test_a_session_is_named_by_a_uuid_only(site: Site) -> None:
    """Chainlit makes a folder of the name, and deletes it."""
    for session in ("../../somewhere", "", "x" * 36, None, 7, {}):
        auth = {"sessionId": session, "threadId": "", "clientType": "webapp"}
        with pytest.raises(RefusedError):
            async with connected(site, auth=auth):
                pass


async def test_a_page_that_reconnects_hears_the_end_of_its_run(
    site: Site, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN, chunk=4, pause_s=0.02)
    async with Browser(site, ANN) as browser:
        await browser.begin("How many?", await browser.attach(png))
        assert await asyncio.to_thread(model.arrived.wait, 30)
    async with Browser(site, ANN, session=browser.session) as browser:
        answer = await browser.answer()
    assert record_in(answer)


async def test_nonsense_on_the_socket_is_no_message(site: Site) -> None:
    async with Browser(site, ANN) as browser:
        for nonsense in (
            None,
            "text",
            {},
            {"message": None},
            {"message": {"id": "no", "output": "x"}},
            {"message": {"id": str(uuid.uuid4()), "output": 3}},
            {"message": {"id": str(uuid.uuid4()), "output": "x" * 20_001}},
            {"message": {"id": str(uuid.uuid4()), "output": "x"}, "fileReferences": [3]},
        ):
            await browser.emit("client_message", nonsense)
        for event in ("edit_message", "message_favorite", "audio_start", "chat_settings_change"):
            await browser.emit(event, {})
        told = await browser.heard("toast")
        answer = await browser.say("Still there?")
        said = [data for name, data in browser.events if name == "new_message"]
    assert "at most 20,000 characters" in told["message"]
    assert "needs a picture" in answer["output"]
    assert [step["output"] for step in said if step["type"] == "assistant_message"] == [
        answer["output"]
    ]

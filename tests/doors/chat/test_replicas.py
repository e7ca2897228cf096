"""Two processes on PostgreSQL and a bucket, with nothing else between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from tests.doors.chat.conftest import Served
from tests.doors.chat.test_coming_back import ANN, BEN, talked
from tests.doors.chat.wire import OWNER, SEEN, Browser, record_in

from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site
from visiontools.testing.storage_server import StorageServer

Replica = Callable[[str], Site]


@pytest.fixture
def bucket() -> Iterator[StorageServer]:
    with StorageServer("pictures") as server:
        yield server


@pytest.fixture
def replica(
    served: Served,
    home: Path,
    postgres_url: str,
    bucket: StorageServer,
    monkeypatch: pytest.MonkeyPatch,
) -> Replica:
    """Serve with a data folder of its own."""
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", bucket.url)
    monkeypatch.setenv("VISIONTOOLS_DATABASE", postgres_url)
    monkeypatch.setenv("VISIONTOOLS_PICTURES", "gs://pictures/kept")

    def serve(name: str) -> Site:
        monkeypatch.setenv("VISIONTOOLS_DATA_FOLDER", str(home / name))
        return served()

    return serve


async def test_a_conversation_with_picture_and_card_comes_back_at_the_other(
    replica: Replica, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN).say({"text": "Four.", "grounds": ["/total"]})
    thread, record_id, _ = await talked(replica("one"), png)
    other = replica("other")
    async with Browser(other, ANN, thread=thread) as browser:
        shown = await browser.heard("resume_thread")
        (element,) = shown["elements"]
        picture = await browser.request("GET", element["url"])
        card = await got(other, ANN, f"/records/{record_id}/card")
        further = await browser.say("And how many apples?")
    said = [step for step in shown["steps"] if "message" in step["type"]]
    assert [step["output"] for step in said[:1]] == ["How many?"]
    assert record_in(said[1]) == record_id
    assert picture.headers["content-type"].startswith("image/")
    assert card.status_code == 200
    assert "apple" in card.text
    assert further["threadId"] == thread
    assert record_in(further)
    assert model.requests[-1].pictures == 1


async def test_at_the_other_too_a_conversation_is_its_owners_alone(
    replica: Replica, png: bytes, model: ModelServer
) -> None:
    model.say(SEEN)
    thread, record_id, _ = await talked(replica("one"), png)
    other = replica("other")
    async with Browser(other, BEN, thread=thread) as browser:
        await browser.heard("resume_thread_error")
        tries = [
            await browser.request("GET", f"/api/v1/records/{record_id}/pictures/1"),
            await browser.request("DELETE", "/project/thread", json={"threadId": thread}),
            await got(other, BEN, f"/records/{record_id}/card"),
        ]
        answer = await browser.say("Mine now?")
    assert [each.status_code for each in tries] == [404, 404, 404]
    assert answer["threadId"] != thread
    assert "needs a picture" in answer["output"]


async def test_a_picture_attached_at_one_is_sent_at_the_other(
    replica: Replica, png: bytes, model: ModelServer, bucket: StorageServer
) -> None:
    model.say(SEEN)
    one, other = replica("one"), replica("other")
    async with Browser(one, ANN) as first:
        file = await first.attach(png, "the shelf.png")
    async with Browser(other, BEN) as ben:
        denied = await ben.say("", file)
    async with Browser(other, ANN) as second:
        shown = await second.request("GET", f"/project/file/{file}")
        answer = await second.say("", file)
        kept = await second.request("GET", f"/api/v1/records/{record_in(answer)}/pictures/1")
    assert "did not arrive here" in denied["output"]
    assert (shown.status_code, shown.content) == (200, png)
    assert kept.status_code == 200
    assert len(bucket.remains()) == 1, "what was attached is gone, what the record shows is not"


async def got(site: Site, owner: str, path: str) -> httpx2.Response:
    async with httpx2.AsyncClient(base_url=site.url, headers={OWNER: owner}) as client:
        return await client.get(path)

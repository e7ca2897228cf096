"""Pictures travel to Vertex AI through a bucket: there for the question, gone after it."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import threading
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from gcp_storage_emulator.server import create_server
from tests.models.conftest import GOOD, PICTURE
from tests.models.vertex import QUESTION, asked, failed, vertex

from visiontools.errors import (
    CredentialsError,
    DeadlineError,
    ServerFaultError,
    UnavailableError,
    UnreachableError,
    VisiontoolsError,
)
from visiontools.models import google_pictures
from visiontools.models.credentials import FetchedKey, Key
from visiontools.models.google_pictures import FOLDER, BucketCarrier
from visiontools.models.policy import FaultError
from visiontools.models.question import Tally
from visiontools.testing.google import GoogleCloud
from visiontools.testing.model_server import ModelServer

TOKEN = "ya29.mine"
BODY: dict[str, Any] = {
    "messages": [
        {
            "role": "user",
            "content": [
                {
                    "type": "image_url",
                    "image_url": {
                        "url": "data:image/png;base64," + base64.b64encode(b"picture").decode()
                    },
                },
                {"type": "text", "text": "What is it?"},
            ],
        }
    ]
}


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleCloud]:
    with GoogleCloud() as running:
        running.buckets["mine"] = {}
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", running.url)
        yield running


def sent(server: ModelServer) -> list[str]:
    """The addresses of all pictures the model was shown."""
    return [
        part["image_url"]["url"]
        for each in server.requests
        for part in each.body["messages"][0]["content"]
        if part["type"] == "image_url"
    ]


@pytest.mark.parametrize("stream", [False, True])
async def test_the_model_gets_an_address_and_the_bucket_is_empty_afterwards(
    server: ModelServer, google: GoogleCloud, stream: bool
) -> None:
    server.say(GOOD)
    client = vertex(server, TOKEN, bucket="mine")
    await client.ask(QUESTION, Tally(), on_partial=(lambda seen: None) if stream else None)
    await client.close()
    [url] = sent(server)
    digest = hashlib.sha256(PICTURE.data).hexdigest()
    assert url.startswith(f"gs://mine/{FOLDER}/")
    assert url.endswith(f"/{digest}.jpg")
    assert google.buckets["mine"] == {}
    assert [each.split()[0] for each in google.requests] == ["POST", "DELETE"]


async def test_the_picture_is_there_for_as_long_as_the_question_lasts(google: GoogleCloud) -> None:
    carrier = BucketCarrier("cloud", "mine", Key(TOKEN))
    async with carrier.carrying(BODY) as body:
        url = body["messages"][0]["content"][0]["image_url"]["url"]
        assert google.buckets["mine"] == {url.removeprefix("gs://mine/"): b"picture"}
        assert body["messages"][0]["content"][1] == BODY["messages"][0]["content"][1]
    await carrier.close()
    assert google.buckets["mine"] == {}
    assert BODY["messages"][0]["content"][0]["image_url"]["url"].startswith("data:")


async def test_the_same_picture_in_two_questions_is_deleted_for_each_by_itself(
    google: GoogleCloud,
) -> None:
    carrier = BucketCarrier("cloud", "mine", Key(TOKEN))
    async with carrier.carrying(BODY):
        async with carrier.carrying(BODY):
            assert len(google.buckets["mine"]) == 2
        await asyncio.gather(*carrier._going)
        assert list(google.buckets["mine"].values()) == [b"picture"]
    await carrier.close()


async def test_pictures_that_are_to_stay_are_put_there_once(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.say(GOOD)
    client = vertex(server, TOKEN, bucket="mine", keep_pictures=True)
    await asked(client)
    await asked(client)
    await client.close()
    digest = hashlib.sha256(PICTURE.data).hexdigest()
    assert list(google.buckets["mine"]) == [f"{FOLDER}/{digest}.jpg"]
    assert len(set(sent(server))) == 1


async def test_without_a_bucket_the_picture_is_in_the_request(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.say(GOOD)
    client = vertex(server, TOKEN, bucket=None)
    await asked(client)
    await client.close()
    assert sent(server)[0].startswith("data:image/jpeg;base64,")
    assert not google.requests


async def test_an_upload_whose_reply_was_lost_is_no_failure(
    server: ModelServer, google: GoogleCloud
) -> None:
    google.storage_steps += ["lost"]
    server.say(GOOD)
    client = vertex(server, TOKEN, bucket="mine", keep_pictures=True)
    assert (await asked(client)).picture == "fits"
    await client.close()
    assert len(google.requests) == 2, "put again, and found to be there already (412)"


async def test_a_busy_store_is_asked_again(server: ModelServer, google: GoogleCloud) -> None:
    google.storage_steps += [503, 503]
    server.say(GOOD)
    client = vertex(server, TOKEN, bucket="mine")
    assert (await asked(client)).picture == "fits"
    await client.close()


async def test_a_revoked_token_is_renewed_for_the_upload_too(google: GoogleCloud) -> None:
    google.accepted = {"ya29.2"}
    tokens = iter(["ya29.1", "ya29.2"])

    async def fetch() -> str:
        return next(tokens)

    carrier = BucketCarrier("cloud", "mine", FetchedKey(fetch, ""))
    async with carrier.carrying(BODY):
        assert len(google.buckets["mine"]) == 1
    await carrier.close()


async def test_a_bucket_that_was_deleted_is_told_and_the_model_not_asked(
    server: ModelServer, google: GoogleCloud
) -> None:
    del google.buckets["mine"]
    error = await failed(vertex(server, TOKEN, bucket="mine"))
    assert isinstance(error, UnavailableError)
    assert error.what == "There is no bucket 'mine' (endpoint 'cloud')."
    assert "bucket" in error.next
    assert not server.requests


@pytest.mark.parametrize(
    ("step", "kind"), [(403, CredentialsError), (500, ServerFaultError), (400, ServerFaultError)]
)
async def test_what_goes_wrong_with_a_bucket_says_what_to_do(
    server: ModelServer, google: GoogleCloud, step: int, kind: type[VisiontoolsError]
) -> None:
    google.storage_steps += [step] * 9
    error = await failed(vertex(server, TOKEN, bucket="mine"))
    assert type(error) is kind
    assert "'mine'" in error.what
    assert error.next


async def test_a_store_that_is_not_there_is_told(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", "127.0.0.1:9")
    error = await failed(vertex(server, TOKEN, bucket="mine"))
    assert isinstance(error, UnreachableError)
    assert "Cloud Storage" in error.what


async def test_a_question_that_is_over_its_time_takes_its_picture_along(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.hang()
    error = await failed(vertex(server, TOKEN, bucket="mine", deadline_s=0.3))
    assert isinstance(error, DeadlineError)
    assert google.buckets["mine"] == {}


async def test_a_picture_that_cannot_be_deleted_is_no_failure_of_the_answer(
    google: GoogleCloud,
) -> None:
    carrier = BucketCarrier("cloud", "mine", Key(TOKEN))
    async with carrier.carrying(BODY):
        google.storage_steps += [503] * 3
    await carrier.close()
    assert len(google.buckets["mine"]) == 1


async def test_of_several_pictures_none_stays_behind_where_one_fails(google: GoogleCloud) -> None:
    two = {"messages": [{"role": "user", "content": BODY["messages"][0]["content"] * 2}]}
    two["messages"][0]["content"][2] = {
        "type": "image_url",
        "image_url": {"url": "data:image/png;base64," + base64.b64encode(b"other").decode()},
    }
    carrier = BucketCarrier("cloud", "mine", Key(TOKEN))
    google.storage_steps += ["", 403]
    with pytest.raises(FaultError):
        async with carrier.carrying(two):
            pytest.fail("one of them is missing")
    await carrier.close()
    assert google.buckets["mine"] == {}


async def test_no_picture_and_no_token_is_logged(
    server: ModelServer, google: GoogleCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.say(GOOD)
    client = vertex(server, TOKEN, bucket="mine")
    await asked(client)
    await client.close()
    assert TOKEN not in caplog.text
    assert base64.b64encode(PICTURE.data).decode() not in caplog.text


async def test_it_works_with_the_emulator_that_others_wrote(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    emulator = create_server("127.0.0.1", 0, in_memory=True)
    emulator.start()
    try:
        address = f"http://127.0.0.1:{emulator._api._httpd.server_address[1]}"
        monkeypatch.setenv("STORAGE_EMULATOR_HOST", address)
        bucket = f"{address}/storage/v1/b/mine/o"
        async with httpx2.AsyncClient() as http:
            await http.post(f"{address}/storage/v1/b", json={"name": "mine"})
        server.say(GOOD)
        keeping, passing = (
            vertex(server, TOKEN, bucket="mine", keep_pictures=True),
            vertex(server, TOKEN, bucket="mine"),
        )
        await asked(keeping)
        await asked(passing)
        await keeping.close()
        await passing.close()
        name = sent(server)[0].removeprefix("gs://mine/")
        async with httpx2.AsyncClient() as http:
            held = (await http.get(bucket)).json()["items"]
            data = await http.get(f"{bucket}/{quote(name, safe='')}", params={"alt": "media"})
        assert [(each["name"], each["contentType"]) for each in held] == [(name, "image/jpeg")]
        assert data.content == PICTURE.data
    finally:
        emulator.stop()


async def test_a_deletion_that_hangs_does_not_hold_up_the_end(
    google: GoogleCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_pictures, "_GOODBYE_S", 0.05)
    google.storage_hold = threading.Event()
    carrier = BucketCarrier("cloud", "mine", Key(TOKEN))
    google.storage_hold.set()
    async with carrier.carrying(BODY):
        google.storage_hold.clear()
    began = time.monotonic()
    await carrier.close()
    assert time.monotonic() - began < 3
    google.storage_hold.set()

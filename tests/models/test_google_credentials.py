"""Signing in to Google: one refresh for all, ahead of the end, again after a revocation."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from google.auth.compute_engine import _metadata
from google.oauth2 import credentials as oauth2
from tests.models.conftest import GOOD
from tests.models.vertex import asked, failed, vertex
from tests.test_four_tools import SEEN, picture

from visiontools.errors import (
    ConfigurationError,
    CredentialsError,
    DeadlineError,
    UnreachableError,
)
from visiontools.models import google_credentials
from visiontools.models.endpoint import Endpoint
from visiontools.models.google_credentials import GoogleCredentials
from visiontools.models.policy import FaultError
from visiontools.pipeline import Pipeline
from visiontools.settings import Settings
from visiontools.testing.google import ACCOUNT, GoogleCloud
from visiontools.testing.model_server import ModelServer
from visiontools.types import Outcome, Request


@pytest.fixture
def google(monkeypatch: pytest.MonkeyPatch) -> Iterator[GoogleCloud]:
    """A machine of Google's, as far as google-auth can tell."""
    for name in ("GOOGLE_APPLICATION_CREDENTIALS", "GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CLOUDSDK_CONFIG", "/nonexistent")
    monkeypatch.setattr("google.auth._exponential_backoff.time.sleep", lambda seconds: None)
    with GoogleCloud() as running:
        monkeypatch.setattr(_metadata, "_GCE_METADATA_HOST", running.host)
        monkeypatch.setenv("GCE_METADATA_IP", running.host)
        monkeypatch.setattr(oauth2, "_GOOGLE_OAUTH2_TOKEN_ENDPOINT", f"{running.url}/token")
        yield running


async def test_a_question_is_signed_with_the_machines_own_token(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.say(GOOD).rules.key = "ya29.1"
    client = vertex(server)
    assert (await asked(client)).picture == "fits"
    assert (await asked(client)).picture == "fits"
    assert google.tokens == 1
    await client.close()


async def test_twenty_who_ask_at_once_share_one_refresh(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.say(GOOD)
    client = vertex(server)
    await asyncio.gather(*(asked(client) for _ in range(20)))
    assert google.tokens == 1
    assert {each.headers["Authorization"] for each in server.requests} == {"Bearer ya29.1"}
    await client.close()


async def test_twenty_whose_token_was_revoked_share_one_refresh_too(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.say(GOOD).rules.key = "ya29.2"
    client = vertex(server)
    await asyncio.gather(*(asked(client) for _ in range(20)))
    assert google.tokens == 2
    assert len(server.requests) == 40
    await client.close()


async def test_a_token_refused_twice_is_no_endless_loop(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.say(GOOD).rules.key = "another"
    error = await failed(vertex(server))
    assert isinstance(error, CredentialsError)
    assert "application-default login" in error.next
    assert google.tokens == 2
    assert len(server.requests) == 2


async def test_a_token_is_replaced_before_it_ends_and_nobody_waits_for_that(
    google: GoogleCloud,
) -> None:
    google.lifetime_s = 60
    credentials = GoogleCredentials("cloud")
    assert await credentials.headers() == {"Authorization": "Bearer ya29.1"}
    google.hold = threading.Event()
    google.arrived.clear()
    assert await credentials.headers() == {"Authorization": "Bearer ya29.1"}
    await asyncio.to_thread(google.arrived.wait, 5)
    google.hold.set()
    assert await credentials.renew({"Authorization": "Bearer ya29.1"}), "joins what is under way"
    assert google.tokens == 2


async def test_an_ended_token_is_never_used(google: GoogleCloud) -> None:
    google.lifetime_s = -1
    credentials = GoogleCredentials("cloud")
    assert await credentials.headers() == {"Authorization": "Bearer ya29.1"}
    assert await credentials.headers() == {"Authorization": "Bearer ya29.2"}


async def test_a_slow_refresh_holds_up_neither_the_loop_nor_the_deadline(
    server: ModelServer, google: GoogleCloud
) -> None:
    server.say(GOOD)
    google.hold = threading.Event()
    client = vertex(server, deadline_s=0.4)
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            await asyncio.sleep(0.005)
            turns += 1

    counting = asyncio.create_task(count())
    began = time.monotonic()
    error = await failed(client)
    assert isinstance(error, DeadlineError)
    assert time.monotonic() - began < 5
    assert turns > 20
    counting.cancel()


async def test_who_gives_up_waiting_does_not_end_the_refresh_for_the_others(
    google: GoogleCloud,
) -> None:
    google.hold = threading.Event()
    credentials = GoogleCredentials("cloud")
    impatient = asyncio.create_task(credentials.headers())
    patient = asyncio.create_task(credentials.headers())
    await asyncio.to_thread(google.arrived.wait, 5)
    impatient.cancel()
    google.hold.set()
    assert await patient == {"Authorization": "Bearer ya29.1"}
    assert impatient.cancelled()
    assert google.tokens == 1


def test_a_refresh_that_hangs_does_not_hold_up_the_end_of_the_program(google: GoogleCloud) -> None:
    google.hold = threading.Event()

    async def give_up() -> None:
        async with asyncio.timeout(0.1):
            await GoogleCredentials("cloud").headers()

    began = time.monotonic()
    with pytest.raises(TimeoutError):
        asyncio.run(give_up())
    assert time.monotonic() - began < 5


async def test_a_service_accounts_key_file_gets_tokens_from_its_own_address(
    server: ModelServer, google: GoogleCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.key_file(tmp_path)))
    server.say(GOOD).rules.key = "ya29.1"
    client = vertex(server)
    assert (await asked(client)).picture == "fits"
    assert "POST /token" in google.requests
    await client.close()


async def test_a_deleted_key_of_a_service_account_is_told(
    server: ModelServer, google: GoogleCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.key_file(tmp_path)))
    google.token_steps += ["invalid_grant"]
    error = await failed(vertex(server))
    assert isinstance(error, CredentialsError)
    assert ACCOUNT in str(error)
    assert "clock" in str(error)
    assert not server.requests


async def test_a_persons_login_names_the_project_that_pays(
    server: ModelServer, google: GoogleCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.login_file(tmp_path)))
    server.say(GOOD)
    client = vertex(server)
    await asked(client)
    assert server.requests[0].headers["x-goog-user-project"] == "test-project"
    await client.close()


async def test_a_login_that_has_expired_or_was_revoked_is_told(
    server: ModelServer, google: GoogleCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.login_file(tmp_path)))
    google.token_steps += ["invalid_grant"]
    error = await failed(vertex(server))
    assert isinstance(error, CredentialsError)
    assert "expired or was revoked" in error.what
    assert error.next == "Sign in again: gcloud auth application-default login"
    assert "ya29" not in str(error)


async def test_a_metadata_server_that_is_away_is_told_and_asked_again(
    server: ModelServer, google: GoogleCloud
) -> None:
    credentials = GoogleCredentials("cloud")
    await credentials.headers()
    google.token_steps += [503] * 30
    with pytest.raises(FaultError) as caught:
        await credentials.renew(await credentials.headers())
    assert caught.value.retry
    assert isinstance(caught.value.error, UnreachableError)
    assert "metadata server" in caught.value.error.what
    google.token_steps.clear()
    assert await credentials.renew({"Authorization": "Bearer ya29.1"})


async def test_a_machine_without_a_service_account_is_told(
    server: ModelServer, google: GoogleCloud
) -> None:
    google.token_steps += [404] * 9
    error = await failed(vertex(server))
    assert isinstance(error, UnreachableError)
    assert "service account" in error.next


async def test_no_credentials_at_all_says_how_to_sign_in(
    server: ModelServer, google: GoogleCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GCE_METADATA_IP", "127.0.0.1:9")
    error = await failed(vertex(server))
    assert isinstance(error, CredentialsError)
    assert "gcloud auth application-default login" in error.next
    assert "'cloud'" in error.what


async def test_a_credentials_file_that_is_none_says_how_to_sign_in(
    server: ModelServer, google: GoogleCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "x.json").write_text("not credentials")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(tmp_path / "x.json"))
    error = await failed(vertex(server))
    assert isinstance(error, CredentialsError)


def test_without_google_auth_the_extra_is_named(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(google_credentials.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError) as caught:
        vertex(server)
    assert caught.value.next == "Install it: pip install 'visiontools[google]'"


async def test_no_token_is_logged(
    server: ModelServer, google: GoogleCloud, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.say(GOOD)
    client = vertex(server)
    await asked(client)
    await client.close()
    assert caplog.records
    assert "ya29" not in caplog.text
    assert "ya29" not in repr(vars(client))


async def test_the_record_says_that_a_login_has_ended_and_the_next_endpoint_answers(
    server: ModelServer, google: GoogleCloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(google.login_file(tmp_path)))
    google.token_steps += ["invalid_grant"] * 9
    server.say(SEEN["diet"])
    cloud = Endpoint(profile="vertex", url=server.url, model="scripted", deadline_s=10)
    box = Endpoint(url=server.url, model="scripted", deadline_s=10)
    settings = Settings(data_folder=tmp_path, endpoints={"cloud": cloud, "box": box})
    async with Pipeline.open(settings) as running:
        asked = partial(Request, "diet", uploads=(picture(),))
        alone = await running.run(asked(endpoint="cloud")).record()
        both = await running.run(asked(endpoint="cloud,box")).record()
    assert alone.outcome is Outcome.UNAVAILABLE
    assert "expired or was revoked" in alone.message
    assert both.outcome is Outcome.ANSWERED
    assert [each.endpoint for each in both.tried] == ["cloud"]
    assert "expired or was revoked" in both.tried[0].detail

"""Keys come from a variable, the keyring or Secret Manager, and are never shown."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Iterator
from typing import Any

import keyring
import pytest
from keyring.backends import fail
from keyring.errors import KeyringLocked
from pydantic import ValidationError
from tests.models.conftest import GOOD, PICTURE, QUICK, Asked, ask

from visiontools.answers.label import SeenLabels
from visiontools.errors import (
    ConfigurationError,
    CredentialsError,
    ServerFaultError,
    UnreachableError,
    VisiontoolsError,
)
from visiontools.misfits import misfits
from visiontools.models import secrets
from visiontools.models.client import Client
from visiontools.models.credentials import FetchedKey, Key
from visiontools.models.endpoint import Endpoint
from visiontools.models.exchange import Exchange
from visiontools.models.google_secrets import SecretManager
from visiontools.models.policy import FaultError
from visiontools.models.profile import Profile
from visiontools.models.question import Question, Tally
from visiontools.testing.google import GoogleCloud
from visiontools.testing.model_server import ModelServer
from visiontools.testing.ring import Ring

KEY = "s3cret-of-the-lab"
NAME = "projects/p/secrets/lab/versions/latest"


@pytest.fixture
def ring() -> Iterator[Ring]:
    with Ring() as ring:
        yield ring


async def test_a_key_stored_in_the_keyring_signs_the_questions(
    server: ModelServer, ring: Ring
) -> None:
    secrets.store_key("lab", KEY)
    server.say(GOOD).rules.key = KEY
    assert (await ask(server, key_keyring="lab")).answer
    assert ring.held == {("visiontools", "lab"): KEY}


async def test_twenty_who_ask_at_once_open_the_keyring_once(
    server: ModelServer, ring: Ring
) -> None:
    secrets.store_key("lab", KEY)
    server.say(GOOD).rules.key = KEY
    endpoint = Endpoint(name="lab", url=server.url, model="scripted", key_keyring="lab")
    client = Client(endpoint, Profile(name="t", title="T"), None, policy=QUICK)
    question = Question("What is it?", SeenLabels, (PICTURE,))
    await asyncio.gather(*(client.ask(question, Tally()) for _ in range(20)))
    await client.close()
    assert ring.opened == 1


async def test_a_key_that_was_replaced_is_read_again_when_it_is_refused(
    server: ModelServer, ring: Ring
) -> None:
    secrets.store_key("lab", "old")
    server.say(GOOD).rules.key = "old"
    endpoint = Endpoint(name="lab", url=server.url, model="scripted", key_keyring="lab")
    client = Client(endpoint, Profile(name="t", title="T"), None, policy=QUICK)
    question = Question("What is it?", SeenLabels, (PICTURE,))
    await client.ask(question, Tally())
    secrets.store_key("lab", "new")
    server.rules.key = "new"
    assert (await client.ask(question, Tally())).picture == "fits"
    await client.close()


async def test_a_refused_key_of_the_keyring_says_where_to_put_a_better_one(
    server: ModelServer, ring: Ring
) -> None:
    secrets.store_key("lab", KEY)
    server.rules.key = "another"
    asked = await ask(server, key_keyring="lab")
    assert isinstance(asked.error, CredentialsError)
    assert asked.error.next == "Store a valid one: keyring set visiontools lab"
    assert len(server.requests) == 1, "the same key is not tried twice"


async def test_an_empty_keyring_and_none_at_all_are_told(server: ModelServer, ring: Ring) -> None:
    empty = await ask(server, key_keyring="lab")
    keyring.set_keyring(fail.Keyring())
    none = await ask(server, key_keyring="lab")
    assert isinstance(empty.error, CredentialsError)
    assert "keyring set visiontools lab" in empty.error.next
    assert isinstance(none.error, ConfigurationError)
    assert none.error.what == "This machine has no keyring."
    assert "key_env" in none.error.next
    assert not server.requests


async def test_without_the_extra_it_is_named(
    server: ModelServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    asked = await ask(server, key_keyring="lab")
    assert isinstance(asked.error, ConfigurationError)
    assert asked.error.next == "Install it: pip install 'visiontools[keyring]'"


@pytest.fixture
def google() -> Iterator[GoogleCloud]:
    with GoogleCloud() as running:
        running.secrets[NAME] = KEY.encode()
        yield running


def manager(google: GoogleCloud, **more: Any) -> SecretManager:
    endpoint = Endpoint(name="lab", url="http://x/v1", model="m", key_secret=NAME)
    given = {"credentials": Key("ya29.mine"), "api": f"{google.url}/v1", **more}
    return SecretManager(endpoint, **given)


async def fault(manager: SecretManager) -> VisiontoolsError:
    with pytest.raises((FaultError, ConfigurationError)) as caught:
        await manager.key()
    error = caught.value
    return error.error if isinstance(error, FaultError) else error


async def test_a_secret_signs_the_questions(server: ModelServer, google: GoogleCloud) -> None:
    google.secrets[NAME] = KEY.encode() + b"\n"  # as 'echo KEY | gcloud secrets create' stores it
    server.say(GOOD).rules.key = KEY
    endpoint = Endpoint(name="lab", url=server.url, model="scripted")
    signing = FetchedKey(manager(google).key, "")
    exchange = Exchange(endpoint, None, credentials=signing)
    body = {"model": "scripted", "messages": [{"role": "user", "content": "?"}]}
    assert (await exchange.plain(body)).text
    await exchange.close()
    assert google.requests == [f"GET /v1/{NAME}:access"]


async def test_a_revoked_token_is_renewed_for_the_secret(google: GoogleCloud) -> None:
    google.accepted = {"ya29.2"}
    tokens = iter(["ya29.1", "ya29.2"])

    async def fetch() -> str:
        return next(tokens)

    assert await manager(google, credentials=FetchedKey(fetch, "")).key() == KEY


async def test_what_goes_wrong_with_a_secret_is_told_without_it(google: GoogleCloud) -> None:
    google.secrets = {NAME: b"\xff\xfe"}
    binary = await fault(manager(google))
    google.secrets = {NAME: "s3cret\u00e9".encode()}
    odd = await fault(manager(google))
    google.secrets = {}
    missing = await fault(manager(google))
    google.accepted = set()
    denied = await fault(manager(google))
    away = await fault(manager(google, api="http://127.0.0.1:9/v1"))
    kinds = [type(each) for each in (binary, odd, missing, denied, away)]
    assert kinds == [
        ServerFaultError,
        ConfigurationError,
        CredentialsError,
        CredentialsError,
        UnreachableError,
    ]
    for error in (binary, odd, missing, denied, away):
        assert error.next
        assert "s3cret" not in str(error)
    assert "Add a valid version" not in missing.next


@pytest.mark.parametrize(
    "settings",
    [
        {"key_secret": "lab"},
        {"key_secret": "projects/p/secrets/s/versions/1/../../x"},
        {"key_secret": "projects/p/secrets/s/versions/1?x"},
        {"key_env": "A", "key_keyring": "b"},
        {"project": "p/../q"},
        {"region": "evil.com/x"},
    ],
)
def test_settings_that_would_send_a_secret_elsewhere_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        Endpoint(name="a", url="http://x/v1", model="m", **settings)


async def test_no_key_is_logged_shown_or_repeated(
    server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server.fail(400, f"your key {KEY} is odd: {KEY}").fail(500, f"broken for {KEY}")
    errors: list[Asked] = [await ask(server, key=KEY) for _ in range(2)]
    endpoint = Endpoint(name="lab", url=server.url, model="scripted", key_env="LAB")
    exchange = Exchange(endpoint, KEY)
    shown = [repr(exchange), repr(exchange._sdk), repr(exchange._credentials), repr(endpoint)]
    await exchange.close()
    assert caplog.records
    for text in (caplog.text, *map(str, (each.error for each in errors)), *shown):
        assert KEY not in text
    assert {each.headers["Authorization"] for each in server.requests} == {f"Bearer {KEY}"}


async def test_a_keyring_that_stays_locked_is_told(
    server: ModelServer, ring: Ring, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(service: str, username: str) -> str:
        raise KeyringLocked("nobody there")

    monkeypatch.setattr(ring, "get_password", locked)
    asked = await ask(server, key_keyring="lab")
    assert isinstance(asked.error, ConfigurationError)
    assert "Unlock it" in asked.error.next


def test_a_key_in_the_place_of_its_variable_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValidationError) as caught:
        Endpoint(model="m", key_env="sk-abc123")
    said = misfits(caught.value)
    assert "key_env: name the variable" in said
    assert "abc123" not in said

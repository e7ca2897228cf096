"""Idempotency keys: a request sent again gets the record of the first."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

import pytest
from tests.doors.api.wire import EVENTS, Ask, Client, Open, events

from visiontools.testing.model_server import ModelServer
from visiontools.testing.site import Site

_KEY = {"Idempotency-Key": "2f1c7a52-8f0e-4c2e-9f55-0d6a6f1f6d0b"}


def test_a_key_sent_again_gets_the_same_record_and_asks_nobody(
    api: Client, ask: Ask, model: ModelServer
) -> None:
    first = ask(api, headers=_KEY, again="true")
    second = ask(api, headers=_KEY, again="true")
    assert second.json() == first.json()
    assert "idempotent-replayed" not in first.headers
    assert second.headers["idempotent-replayed"] == "true"
    streamed = ask(api, headers={**_KEY, **EVENTS}, again="true")
    assert streamed.headers["idempotent-replayed"] == "true"
    assert [(name, json.loads(data)) for name, data in events(streamed.text)] == [
        ("finished", first.json())
    ]
    assert len(model.requests) == 1


def test_a_key_belongs_to_one_request(api: Client, ask: Ask) -> None:
    ask(api, headers=_KEY)
    other = ask(api, headers=_KEY, options='{"at_least": 2}')
    assert other.status_code == 422
    assert other.json()["type"].endswith("key-reused")


def test_a_key_whose_request_is_still_running_has_to_wait(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    model.hang()
    site = opened()
    api = clients(site)
    asking = threading.Thread(target=ask, args=(clients(site),), kwargs={"headers": _KEY})
    asking.start()
    assert model.arrived.wait(30)
    waiting = ask(api, headers=_KEY)
    assert waiting.status_code == 409
    assert waiting.headers["retry-after"] == "1"
    site.cancel()
    asking.join(30)


def test_what_was_cancelled_may_be_asked_again_under_its_key(
    opened: Open, clients: Callable[[Site], Client], ask: Ask, model: ModelServer
) -> None:
    model.hang().say({"things": [{"name": "apple", "count": 3}]})
    site = opened()
    answers: list[str] = []

    def first() -> None:
        answers.append(ask(clients(site), headers=_KEY).json()["outcome"])

    asking = threading.Thread(target=first)
    asking.start()
    assert model.arrived.wait(30)
    site.cancel()
    asking.join(30)
    assert answers == ["cancelled"]
    assert ask(clients(site), headers=_KEY).json()["outcome"] == "answered"


def test_a_request_no_run_began_for_leaves_its_key_free(api: Client, ask: Ask) -> None:
    assert ask(api, headers=_KEY, endpoint="nobody").status_code == 422
    assert ask(api, headers=_KEY).status_code == 200


def test_a_key_does_not_bring_back_what_was_deleted(api: Client, ask: Ask) -> None:
    made = ask(api, headers=_KEY).json()
    assert api.delete(f"/api/v1/records/{made['id']}").status_code == 204
    gone = ask(api, headers=_KEY)
    assert gone.status_code == 410
    assert gone.json()["type"].endswith("record-gone")


@pytest.mark.parametrize("key", ["", "x" * 256, "ä"])
def test_a_key_is_short_and_plain(api: Client, ask: Ask, key: str) -> None:
    done = ask(api, headers={"Idempotency-Key": key.encode("latin-1")})  # type: ignore[dict-item]
    assert done.status_code == 400

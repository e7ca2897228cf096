"""Strangers' names that lead here, and strangers' pages that send requests here, are refused."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from visiontools.doors.web.headers import SecurityHeaders
from visiontools.doors.web.hosts import TrustedHosts


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        socket = WebSocket(scope, receive, send)
        await socket.accept()
        await socket.send_text("hello")
        await socket.close()
        return
    headers = {"Content-Security-Policy": "of its own"} if scope["path"] == "/chat" else None
    await PlainTextResponse("reached", headers=headers)(scope, receive, send)


def _client(listens_on: str = "127.0.0.1", *public: str) -> TestClient:
    return TestClient(SecurityHeaders(TrustedHosts(_app, listens_on=listens_on, public=public)))


def _status(client: TestClient, method: str = "GET", path: str = "/", **headers: str) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.request(method, path, headers={"host": "localhost:8700", **given}).status_code


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:8700", "127.8.8.8", "[::1]:8700", "localhost."]
)
def test_this_machines_own_names_are_ours(host: str) -> None:
    assert _status(_client(), host=host) == 200


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "localhost.evil.example",
        "evil.example:8700",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "evil.example@localhost",
        "localhost:port",
        "localhost/evil",
        "192.168.0.7",
        "[::1",
    ],
)
def test_other_names_are_not(host: str) -> None:
    assert _status(_client(), host=host) == 421


def test_names_that_are_set_up_are_ours_and_so_is_where_it_listens() -> None:
    client = _client("192.168.0.7", "Vision.example")
    assert _status(client, host="vision.example") == 200
    assert _status(client, host="VISION.example:443") == 200
    assert _status(client, host="192.168.0.7:8700") == 200
    assert _status(client, host="192.168.0.8:8700") == 421


def test_where_it_listens_everywhere_addresses_lead_here_but_names_do_not() -> None:
    client = _client("0.0.0.0")
    assert _status(client, host="192.168.0.8:8700") == 200
    assert _status(client, host="evil.example") == 421


def test_a_load_balancer_may_ask_by_any_name_whether_it_lives() -> None:
    assert _status(_client(), path="/healthz", host="10.0.0.3") == 200
    assert _status(_client(), path="/metrics", host="10.0.0.3") == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://localhost:8700"}, 200),
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"sec_fetch_site": "none"}, 200),
        ({"origin": "http://localhost:8701"}, 403),
        ({"origin": "http://localhost"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": ""}, 403),
        ({"origin": "http://localhost:8700.evil.example"}, 403),
        ({"origin": "file://"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"origin": "http://evil.example", "sec_fetch_site": "same-origin"}, 403),
    ],
)
def test_only_our_own_pages_and_programs_change_anything(
    headers: dict[str, str], status: int
) -> None:
    for method in ("POST", "DELETE", "PUT", "PATCH"):
        assert _status(_client(), method, **headers) == status
    assert _status(_client(), "GET", **headers) == 200


def test_behind_a_proxy_that_speaks_tls_our_own_pages_still_do() -> None:
    client = _client("127.0.0.1", "vision.example")
    own = {"host": "vision.example", "origin": "https://vision.example"}
    assert _status(client, "POST", **own) == 200
    assert _status(client, "POST", **{**own, "origin": "https://vision.example:444"}) == 403


@pytest.mark.parametrize(
    ("headers", "welcome"),
    [
        ({"Origin": "http://localhost:8700"}, True),
        ({"Origin": "http://evil.example"}, False),
        ({"host": "evil.example", "Origin": "http://evil.example"}, False),
    ],
)
def test_sockets_are_held_to_the_same(headers: dict[str, str], welcome: bool) -> None:
    given = {"host": "localhost:8700", **headers}
    if welcome:
        with _client().websocket_connect("/ws", headers=given) as socket:
            assert socket.receive_text() == "hello"
        return
    with (
        pytest.raises((WebSocketDisconnect, WebSocketDenialResponse)),
        _client().websocket_connect("/ws", headers=given),
    ):
        pass


def test_refusals_are_problems_for_programs_and_sentences_for_people() -> None:
    client = _client()
    evil = {"Host": "evil.example"}
    for_programs = client.get("/api/v1/tools", headers=evil)
    assert for_programs.json()["type"] == "urn:visiontools:problem:misdirected"
    for_people = client.get("/", headers=evil)
    assert for_people.headers["content-type"].startswith("text/plain")
    assert "public_hosts" in for_people.text


def test_every_answer_is_kept_from_being_misused() -> None:
    answers: list[Any] = [
        _client().get("/", headers={"Host": "localhost"}),
        _client().get("/", headers={"Host": "evil.example"}),
    ]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        assert answer.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in answer.headers
    chat = _client().get("/chat", headers={"Host": "localhost"})
    assert chat.headers["content-security-policy"] == "of its own"

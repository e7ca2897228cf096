"""The gate on WebSockets, for connections that last, and against other sites' pages."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.websockets import WebSocket, WebSocketDisconnect
from tests.doors.web.signin.conftest import CHEAP, PASSWORD

from visiontools.doors.web.app import create_app
from visiontools.doors.web.signin.reception import Parts, owner_of
from visiontools.doors.web.signin.returning import local_path, sign_in_path
from visiontools.doors.web.signin.throttle import Throttle, site_of
from visiontools.settings import Settings

_SOCKET = "ws://localhost/who/is"


@pytest.fixture
def client(home: Path, add: Callable[..., None]) -> Iterator[TestClient]:
    """A server with a mounted application that says, message by message, who is there."""
    add("ada")

    async def who(scope: object, receive: object, send: object) -> None:
        socket = WebSocket(scope, receive, send)  # type: ignore[arg-type]
        await socket.accept()
        with suppress(WebSocketDisconnect):
            while await socket.receive_text():
                await socket.send_json(await owner_of(socket.scope))

    app = create_app(Settings(web={"sign_in": "password"}))
    app.state.sign_in_parts = Parts(argon2=CHEAP)
    app.mount("/who", who)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def _signed_in(client: TestClient) -> str:
    page = client.get("/sign-in").text
    token = page.partition('name="token" value="')[2].partition('"')[0]
    form = {"token": token, "name": "ada", "password": PASSWORD}
    assert client.post("/sign-in", data=form).status_code == 303
    return client.cookies["visiontools"]


def test_a_websocket_needs_somebody_too(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect) as refused, client.websocket_connect(_SOCKET):
        pass
    assert refused.value.reason == "Nobody is signed in"


def test_a_websocket_of_another_sites_page_is_refused_with_the_cookie(client: TestClient) -> None:
    _signed_in(client)
    foreign = {"Origin": "https://evil.example"}
    with (
        pytest.raises(WebSocketDisconnect) as refused,
        client.websocket_connect(_SOCKET, headers=foreign),
    ):
        pass
    assert refused.value.reason == "The request comes from another site"


def test_a_connection_that_lasts_is_nobodys_once_the_session_has_ended(
    client: TestClient,
) -> None:
    _signed_in(client)
    with client.websocket_connect(_SOCKET) as socket:
        socket.send_text("who is there?")
        owner = socket.receive_json()
        assert owner is not None
        assert client.post("/sign-out", headers={"Origin": "http://localhost"}).status_code == 303
        socket.send_text("and now?")
        assert socket.receive_json() is None
    assert owner in [user.id for user in _users(client)]


def _users(client: TestClient) -> list[object]:
    reception = client.app.state.reception  # type: ignore[attr-defined]
    return asyncio.run(reception.users.list())


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account/password", "/tools/diet"])
def test_another_sites_page_changes_nothing(client: TestClient, path: str) -> None:
    token = _signed_in(client)
    for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(path, headers=foreign).status_code == 403
    client.cookies.set("visiontools", token)
    assert client.get("/api/v1/records").status_code == 200


@given(
    st.text(
        alphabet=st.sampled_from("/\\.:@?#%&= \t\r\nahtps-x\u2024\u3002\uff0f\x00"), max_size=30
    )
)
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("https:evil.example")
@example("///evil.example")
@example("/sign-out")
def test_nobody_is_led_away(wanted: str) -> None:
    led = local_path(wanted)
    assert led.startswith("/")
    joined = urlsplit(urljoin("https://here.example/sign-in", led))
    assert (joined.scheme, joined.netloc) == ("https", "here.example")
    assert not set(led) & set("\\\t\r\n \x00")
    assert not led.startswith("//")
    assert led == "/" or led == wanted
    assert sign_in_path(wanted).startswith("/sign-in")


def test_usual_pages_are_come_back_to() -> None:
    for path in (
        "/",
        "/records",
        "/records?q=a%20b&tool=diet",
        "/records/1f2e#card",
        "/tools/diet",
    ):
        assert local_path(path) == path


class _Turned:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_tries_come_back_one_by_one_and_names_are_forgotten_in_turn() -> None:
    clock = _Turned()
    tries = Throttle(2, 10, clock, most=2)
    assert [tries.take("ada") for _ in range(3)] == [None, None, 10]
    clock.now = 10
    assert [tries.take("ada") for _ in range(2)] == [None, 10]
    tries.give_back("ada")
    assert tries.take("ada") is None
    tries.take("bob")
    tries.take("eve")  # more than are remembered: Ada, who tried first, is forgotten
    assert [tries.take("ada") for _ in range(2)] == [None, None]


@pytest.mark.parametrize(
    ("client", "site"),
    [
        (("203.0.113.9", 1), "203.0.113.9"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::1", 1), "2001:db8:1:2::/64"),
        (("::ffff:203.0.113.9", 1), "203.0.113.9"),
        (("unix:", 0), "unix:"),
        (None, "unknown"),
    ],
)
def test_an_address_stands_for_whoever_has_it(client: tuple[str, int] | None, site: str) -> None:
    assert site_of(client) == site

"""Two people on one server: nothing of the one is reachable by the other, by whatever address.

Every route of the application is tried, so that one somebody adds is tried from its first day.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from PIL import Image
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from tests.doors.web.signin.browser import Browser
from tests.doors.web.signin.conftest import PASSWORD, Serve

from visiontools.doors.web.signin.gate import is_open
from visiontools.testing.site import Site

SECRET = "a zebra only ada has"
_OPEN = {"/healthz", "/readyz", "/static", "/sign-in", "/sign-in/begin", "/sign-in/back"}
_OPEN |= {"/sign-out", "/language"}
_BELOW = "/anything"
Browsers = Callable[[Site], Browser]


@dataclass
class House:
    """A server where Ada has a record, Bob has none, and a program has Bob's key."""

    site: Site
    ada: Browser
    bob: Browser
    nobody: Browser
    program: Browser
    record: dict[str, Any]

    @property
    def values(self) -> dict[str, str]:
        """What stands for each parameter of a path; a new one needs a value of Ada's here."""
        return {"record_id": self.record["id"], "tool": "shelf", "number": "1", "path": "x"}

    @property
    def mounted(self) -> list[str]:
        routes = self.site.app.routes
        return [route.path + _BELOW for route in routes if isinstance(route, Mount)]

    @property
    def strangers(self) -> dict[str, Browser]:
        return {"bob": self.bob, "bob's program": self.program, "nobody": self.nobody}

    def routes(self) -> Iterator[tuple[str, str]]:
        """Every method and address with Ada's ids in it."""
        for route in iter_route_contexts(self.site.app.routes):
            if isinstance(route.original_route, Mount):
                yield "GET", route.path + _BELOW
                continue
            names = route.param_convertors
            path = route.path_format.format(**{name: self.values[name] for name in names})
            for method in sorted(route.methods or ()):
                yield method, path

    def asked(self, who: Browser, method: str, path: str) -> httpx2.Response:
        """The request, with Ada's ids also wherever a query or a form may take one."""
        ids = dict.fromkeys(("id", "a", "b", "record", "record_id"), self.record["id"])
        if method in ("GET", "HEAD", "OPTIONS"):
            return who.request(method, path, params=ids)
        form = {
            "ask": (None, "What is it?"),
            **{name: (None, value) for name, value in ids.items()},
        }
        origin = {"Origin": str(who.base_url).rstrip("/")}
        return who.request(method, path, params=ids, files=form, headers=origin)

    def leaks(self) -> list[str]:
        """Where strangers were shown or given anything of Ada's."""
        found = []
        for method, path in self.routes():
            for name, who in self.strangers.items():
                if who is self.bob and path in ("/sign-out", *self.mounted):
                    continue  # he would be nobody from there on; the chat has tests of its own
                answer = self.asked(who, method, path)
                mine = self.record["id"] in path and answer.status_code < 400
                told = SECRET in answer.text or answer.content == self.picture
                away = answer.headers.get("location", "").startswith("/sign-in")
                if told or (mine and not away) or answer.status_code >= 500:
                    found.append(f"{name}: {method} {path} {answer.status_code}")
        return found

    @property
    def picture(self) -> bytes:
        return self.ada.get(f"/api/v1/records/{self.record['id']}/pictures/1").content


@pytest.fixture
def house(
    serve: Serve, add: Callable[..., None], shelf: str, browsers: Browsers, cli: Any
) -> Callable[..., House]:
    """Open the house; ``change`` is done to the application before it serves."""

    def opened(change: Callable[[FastAPI], None] = lambda app: None) -> House:
        add("ada", "bob")
        made = cli("keys", "add", "p", "--user", "bob", *_every_scope())
        site = serve(sign_in="password", change=change)
        ada, bob, nobody, program = (browsers(site) for _ in range(4))
        ada.sign_in("ada", PASSWORD)
        bob.sign_in("bob", PASSWORD)
        program.headers["Authorization"] = f"Bearer {made.out.strip()}"
        return House(site, ada, bob, nobody, program, run(ada).json())

    return opened


def _every_scope() -> list[str]:
    return ["--scope", "read", "--scope", "run", "--scope", "delete"]


def run(who: Browser, **headers: str) -> httpx2.Response:
    """A record of this person's, of what they alone have seen."""
    file = io.BytesIO()
    Image.new("RGB", (32, 24), "tan").save(file, "PNG")
    observation = json.dumps({"things": [{"name": SECRET, "count": 1}]})
    form = [("picture", ("p.png", file.getvalue())), ("observation", (None, observation))]
    return who.post("/api/v1/tools/shelf/runs", files=form, headers=headers)


def test_nobody_reaches_what_is_another_persons(house: Callable[..., House]) -> None:
    opened = house()
    before, picture = opened.record, opened.picture
    assert opened.leaks() == []
    assert opened.bob.signed_in()
    address = f"/api/v1/records/{before['id']}"
    assert opened.ada.get(address).json() == before
    assert opened.picture == picture
    assert len(opened.ada.get("/api/v1/records").json()["records"]) == 1
    for stranger in (opened.bob, opened.program):
        assert opened.asked(stranger, "GET", address).status_code == 404
        assert all(
            each["owner"] != before["owner"]
            for each in stranger.get("/api/v1/records").json()["records"]
        )


def test_the_owner_reaches_it_by_the_same_addresses(house: Callable[..., House]) -> None:
    """So that what strangers are refused is not refused to everybody."""
    opened = house()
    shown = [
        path
        for method, path in opened.routes()
        if method == "GET"
        and opened.record["id"] in path
        and SECRET in opened.asked(opened.ada, method, path).text
    ]
    assert len(shown) >= 5


def test_a_route_that_forgets_whose_a_record_is_would_be_found(
    house: Callable[..., House],
) -> None:
    def forgetful(app: FastAPI) -> None:
        async def show(record_id: str) -> PlainTextResponse:
            return PlainTextResponse(f"{record_id} is {SECRET}")

        app.router.add_api_route("/shown/{record_id}", show)

    opened = house(forgetful)
    leaks = opened.leaks()
    assert [leak.partition(" /")[0] for leak in leaks] == ["bob: GET"]  # the gate held the others


def test_everything_needs_somebody_but_what_is_named(house: Callable[..., House]) -> None:
    def more(app: FastAPI) -> None:
        app.router.add_api_route("/added/later", lambda: {"a": 1}, methods=["GET", "POST"])
        app.router.add_api_route("/api/v1/added", lambda: {"a": 1}, methods=["GET"])
        app.mount("/mounted", PlainTextResponse("reached"))

    opened = house(more)
    routes = list(iter_route_contexts(opened.site.app.routes))
    assert {route.path for route in routes if is_open(route.path)} <= _OPEN
    assert {"/added/later", "/api/v1/added", "/mounted"} <= {route.path for route in routes}
    for method, path in opened.routes():
        if is_open(path):
            continue
        answer = opened.asked(opened.nobody, method, path)
        led = answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
        assert led or answer.status_code == 401, (method, path)


def test_the_same_request_of_two_people_makes_two_records(house: Callable[..., House]) -> None:
    opened = house()
    assert run(opened.ada).json()["id"] == opened.record["id"]  # answered from their record
    assert run(opened.bob).json()["id"] != opened.record["id"]


def test_an_idempotency_key_is_its_owners(house: Callable[..., House]) -> None:
    opened = house()
    key = {"Idempotency-Key": "the same"}
    first = [run(who, **key).json()["owner"] for who in (opened.ada, opened.bob)]
    again = [run(who, **key).json()["owner"] for who in (opened.ada, opened.bob)]
    assert first == again
    assert len(set(first)) == 2


def test_a_budget_is_one_persons_with_all_their_keys(
    serve: Serve, add: Callable[..., None], shelf: str, browsers: Browsers, cli: Any
) -> None:
    add("ada", "bob")
    made = cli("keys", "add", "p", "--user", "bob")
    site = serve(sign_in="password", runs_per_day=1)
    ada, bob, program = (browsers(site) for _ in range(3))
    ada.sign_in("ada", PASSWORD)
    bob.sign_in("bob", PASSWORD)
    program.headers["Authorization"] = f"Bearer {made.out.strip()}"
    assert run(bob).status_code == 200
    assert run(program).status_code == 429
    assert run(bob).status_code == 429
    assert run(ada).status_code == 200

"""Programs and their keys: what they may, where, and for how long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.doors.web.signin.browser import Browser
from tests.doors.web.signin.conftest import PASSWORD, Clock, Serve
from tests.doors.web.signin.test_isolation import run

from visiontools.testing.site import Site

Browsers = Callable[[Site], Browser]
Program = Callable[..., Browser]
_RECORDS = "/api/v1/records"


@pytest.fixture
def site(serve: Serve, add: Callable[..., None], shelf: str) -> Site:
    add("ada")
    return serve(sign_in="password")


@pytest.fixture
def program(site: Site, browsers: Browsers, cli: Any) -> Program:
    """A program with a key of Ada's, made by these further arguments of the command."""

    def made(*args: str) -> Browser:
        key = cli("keys", "add", "nightly", "--user", "ada", *args)
        assert key.status == 0, key.err
        client = browsers(site)
        client.headers["Authorization"] = f"Bearer {key.out.strip()}"
        return client

    return made


def _refused(answer: httpx2.Response, status: int, kind: str) -> None:
    assert answer.status_code == status
    problem = answer.json()
    assert problem["type"] == f"urn:visiontools:problem:{kind}"
    assert problem["next"]
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_key_acts_as_its_user(program: Program, browsers: Browsers, site: Site) -> None:
    made = run(program("--scope", "run"))
    assert made.json()["outcome"] == "answered"
    ada = browsers(site)
    ada.sign_in("ada", PASSWORD)
    assert ada.get(f"{_RECORDS}/{made.json()['id']}").status_code == 200


def test_a_key_may_do_what_it_was_made_for_and_nothing_else(
    program: Program, browsers: Browsers, site: Site
) -> None:
    ada = browsers(site)
    ada.sign_in("ada", PASSWORD)
    record = run(ada).json()["id"]
    reader, runner, deleter = (program("--scope", s) for s in ("read", "run", "delete"))
    address = f"{_RECORDS}/{record}"
    assert reader.get(address).status_code == 200
    assert reader.get("/metrics").status_code == 200
    _refused(run(reader), 403, "scope-missing")
    _refused(reader.delete(address), 403, "scope-missing")
    assert run(runner).status_code == 200
    _refused(runner.get(address), 403, "scope-missing")
    _refused(runner.get("/metrics"), 403, "scope-missing")
    _refused(deleter.get(address), 403, "scope-missing")
    _refused(run(deleter), 403, "scope-missing")
    _refused(runner.delete(address), 403, "scope-missing")
    told = reader.delete(address).json()
    assert "may read, and this needs 'delete'" in told["detail"]
    assert "keys add NAME --scope delete" in told["next"]
    assert deleter.delete(address).status_code == 204


def test_a_key_never_works_for_pages(program: Program) -> None:
    client = program()
    for path in ("/", "/records", "/account", "/tools/shelf"):
        led = client.get(path)
        assert led.status_code == 303
        assert led.headers["location"].startswith("/sign-in")
    assert client.post_form("/tools/shelf").status_code == 401


@pytest.mark.parametrize("given", ["vt_", "vt_x_y", "x", "vt_" + "é" * 40])
def test_what_is_no_key_is_refused_also_beside_a_session(
    site: Site, browsers: Browsers, given: str
) -> None:
    ada = browsers(site)
    ada.sign_in("ada", PASSWORD)
    headers = [(b"Authorization", f"Bearer {given}".encode("latin-1"))]
    _refused(ada.get(_RECORDS, headers=headers), 401, "key-refused")
    assert ada.get(_RECORDS, headers={"Authorization": "Basic eDp5"}).status_code == 200


def test_a_key_ends_when_it_was_said_to(program: Program, clock: Clock) -> None:
    client, lasting = program("--days", "2"), program("--forever")
    clock.ahead = 2 * 86400 - 60
    assert client.get(_RECORDS).status_code == 200
    clock.ahead += 120
    _refused(client.get(_RECORDS), 401, "key-refused")
    clock.ahead = 20 * 365 * 86400
    assert lasting.get(_RECORDS).status_code == 200


def test_a_revoked_key_and_a_disabled_users_key_are_refused(program: Program, cli: Any) -> None:
    client, other = program(), program()
    keys = cli("keys", "list", "--json").json
    for key in keys:
        assert cli("keys", "revoke", key["id"][:8]).status == 0
        break
    statuses = sorted(each.get(_RECORDS).status_code for each in (client, other))
    assert statuses == [200, 401]
    assert cli("users", "disable", "ada").status == 0
    for each in (client, other):
        _refused(each.get(_RECORDS), 401, "key-refused")


def test_when_a_key_was_last_used_is_noted_once_a_minute(
    program: Program, clock: Clock, cli: Any
) -> None:
    client = program()

    def noted() -> Any:
        client.get(_RECORDS)
        return cli("keys", "list", "--json").json[0]["last_used"]

    assert cli("keys", "list", "--json").json[0]["last_used"] is None
    first = noted()
    assert first is not None
    clock.ahead += 59
    assert noted() == first
    clock.ahead += 1
    assert noted() > first


def test_without_sign_in_keys_work_and_bad_ones_are_refused(
    serve: Serve, shelf: str, browsers: Browsers, cli: Any
) -> None:
    key = cli("keys", "add", "nightly", "--scope", "read")
    client = browsers(serve())
    assert client.get(_RECORDS).status_code == 200
    client.headers["Authorization"] = f"Bearer {key.out.strip()}"
    assert client.get(_RECORDS).status_code == 200
    _refused(run(client), 403, "scope-missing")
    client.headers["Authorization"] = "Bearer vt_1f2e3d4c_made-up"
    _refused(client.get(_RECORDS), 401, "key-refused")
    assert client.get("/records").status_code == 200  # pages look at no key


def test_a_key_is_no_cookie_and_a_session_no_key(site: Site, browsers: Browsers) -> None:
    ada = browsers(site)
    ada.sign_in("ada", PASSWORD)
    token = ada.cookies["visiontools"]
    stranger = browsers(site)
    answer = stranger.get(_RECORDS, headers={"Authorization": f"Bearer {token}"})
    _refused(answer, 401, "key-refused")

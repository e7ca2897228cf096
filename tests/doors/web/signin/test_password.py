"""Signing in by name and password, sessions, and signing out."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import httpx2
import pytest
from tests.doors.web.signin.browser import Browser
from tests.doors.web.signin.conftest import PASSWORD, Clock, Serve

from visiontools.testing.site import Site

Add = Callable[..., None]
Browsers = Callable[[Site], Browser]


@pytest.fixture
def site(serve: Serve, add: Add) -> Site:
    """Ada and Bob may sign in by password."""
    add("ada", "bob")
    return serve(sign_in="password")


@pytest.fixture
def ada(site: Site, browsers: Browsers) -> Browser:
    return browsers(site)


def test_a_page_leads_to_the_sign_in_page_and_from_there_back(ada: Browser) -> None:
    wanted = ada.get("/records?tool=diet&q=a%20b")
    assert wanted.status_code == 303
    shown = ada.get(wanted.headers["location"])
    assert '<input type="hidden" name="to" value="/records?tool=diet&amp;q=a%20b">' in shown.text
    done = ada.sign_in("ada", PASSWORD, to="/records?tool=diet&q=a%20b")
    assert (done.status_code, done.headers["location"]) == (303, "/records?tool=diet&q=a%20b")
    records = ada.get("/records")
    assert records.status_code == 200
    assert '<a class="me" href="/account">ada</a>' in records.text


def test_a_name_is_the_same_however_it_is_typed(ada: Browser) -> None:
    assert ada.sign_in("  ADA ", PASSWORD).status_code == 303


def test_a_wrong_name_and_a_wrong_password_are_answered_alike(ada: Browser) -> None:
    for name, password in (
        ("ada", "not the password of hers"),
        ("ada", ""),
        ("ada", "x" * 1500),
        ("nobody", PASSWORD),
        ("", ""),
        ("ada\0", PASSWORD),
        ("\ud7ff" * 500, PASSWORD),
    ):
        done = ada.sign_in(name, password)
        assert done.status_code == 403
        assert "The name or the password is not right." in done.text
        assert "visiontools=" not in done.headers["set-cookie"]
    assert not ada.signed_in()


def test_a_disabled_user_is_answered_as_nobody_is(ada: Browser, site: Site, cli: Any) -> None:
    ada.sign_in("ada", PASSWORD)
    assert ada.signed_in()
    assert cli("users", "disable", "ada").status == 0
    assert not ada.signed_in()
    assert "The name or the password is not right." in ada.sign_in("ada", PASSWORD).text
    assert cli("users", "enable", "ada").status == 0
    assert ada.sign_in("ada", PASSWORD).status_code == 303


async def test_unknown_names_cost_as_much_as_known_ones() -> None:
    """What is measured is the work, not the clock: one verification, whoever it is."""
    from argon2 import PasswordHasher
    from argon2.exceptions import VerifyMismatchError

    from visiontools.doors.web.signin.passwords import Passwords

    class Counted(PasswordHasher):
        parameters: ClassVar[list[str]] = []

        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            self.parameters.append(str(hash).rsplit("$", 2)[0])
            return super().verify(hash, password)

    counted = Counted(time_cost=1, memory_cost=8, parallelism=1)
    passwords = Passwords(counted)
    kept = await passwords.hashed(PASSWORD)
    assert await passwords.right(PASSWORD, kept)
    assert not await passwords.right("another", kept)
    assert not await passwords.right(PASSWORD, None)
    assert len(counted.parameters) == 3
    assert len(set(counted.parameters)) == 1
    with pytest.raises(VerifyMismatchError):
        counted.verify(kept, "another")


async def test_a_password_is_the_same_however_its_letters_are_composed() -> None:
    from tests.doors.web.signin.conftest import CHEAP

    from visiontools.doors.web.signin.passwords import Passwords

    passwords = Passwords(CHEAP)
    kept = await passwords.hashed("caf\u00e9 caf\u00e9 caf\u00e9")
    assert await passwords.right("cafe\u0301 cafe\u0301 cafe\u0301", kept)


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(ada: Browser) -> None:
    cookie = _session_cookie(ada.sign_in("ada", PASSWORD))
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Secure" not in cookie  # over http on this machine


def test_behind_https_the_cookie_is_for_this_host_alone(
    serve: Serve, add: Add, browsers: Browsers
) -> None:
    add("ada")
    browser = browsers(serve(sign_in="password", trusted_proxies=["127.0.0.1"]))
    browser.headers["X-Forwarded-Proto"] = "https"
    browser.base_url = str(browser.base_url).replace("127.0.0.1", "localhost")
    cookie = _session_cookie(_signed_in_by_hand(browser))
    assert cookie.startswith("__Host-visiontools=")
    assert {"HttpOnly", "Path=/", "SameSite=lax", "Secure"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    value = cookie.partition(";")[0]
    assert browser.get("/records", headers={"Cookie": value}).status_code == 200
    # Without the prefix another host of the domain may have set it.
    bare = value.removeprefix("__Host-")
    assert browser.get("/records", headers={"Cookie": bare}).status_code == 303


def test_an_untrusted_proxys_word_is_not_believed(ada: Browser) -> None:
    ada.headers["X-Forwarded-Proto"] = "https"
    assert "__Host-" not in _session_cookie(ada.sign_in("ada", PASSWORD))


def test_a_public_https_address_makes_cookies_secure(
    serve: Serve, add: Add, browsers: Browsers
) -> None:
    add("ada")
    browser = browsers(serve(sign_in="password", public_url="https://vision.example.com"))
    assert browser.get("/sign-in", headers={"Host": "vision.example.com"}).status_code == 200
    cookie = _session_cookie(_signed_in_by_hand(browser))
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie


def _signed_in_by_hand(browser: Browser) -> httpx2.Response:
    """What a browser does with secure cookies, which a client over http keeps to itself."""
    shown = browser.get("/sign-in")
    token = shown.text.partition('name="token" value="')[2].partition('"')[0]
    form = shown.headers["set-cookie"].partition(";")[0]
    fields = {"token": token, "name": "ada", "password": PASSWORD}
    done = browser.post("/sign-in", data=fields, headers={"Cookie": form})
    assert done.status_code == 303, done.text
    return done


def test_signing_in_makes_a_new_session_and_signing_out_ends_it(ada: Browser) -> None:
    ada.cookies.set("visiontools", "chosen-by-a-stranger", domain="127.0.0.1")
    first = _value(ada.sign_in("ada", PASSWORD))
    assert first != "chosen-by-a-stranger"
    second = _value(ada.post_form("/sign-in", **_fields(ada)))
    assert second != first
    assert ada.signed_in()
    done = ada.sign_out()
    assert (done.status_code, done.headers["location"]) == (303, "/sign-in")
    for token in (first, second):
        ada.cookies.clear()
        ada.cookies.set("visiontools", token, domain="127.0.0.1")
        assert not ada.signed_in()


def test_the_database_has_no_token(ada: Browser, home: Path) -> None:
    token = _value(ada.sign_in("ada", PASSWORD))
    dumped = "\n".join(sqlite3.connect(home / "data" / "records.sqlite3").iterdump())
    assert "sessions" in dumped
    assert token not in dumped
    assert PASSWORD not in dumped


def test_a_session_nobody_uses_ends(ada: Browser, clock: Clock) -> None:
    ada.sign_in("ada", PASSWORD)
    for _ in range(3):
        clock.ahead += 2 * 3600 - 61
        assert ada.signed_in()
    clock.ahead += 2 * 3600 + 1
    assert not ada.signed_in()


def test_a_session_ends_however_much_it_is_used(ada: Browser, clock: Clock) -> None:
    ada.sign_in("ada", PASSWORD)
    for _ in range(11):
        clock.ahead += 3600
        assert ada.signed_in()
    clock.ahead += 3600
    assert not ada.signed_in()


def test_another_password_ends_every_session(site: Site, ada: Browser, browsers: Browsers) -> None:
    phone = browsers(site)
    for browser in (ada, phone):
        browser.sign_in("ada", PASSWORD)
    done = ada.send_form(
        "/account/password",
        page="/account",
        password=PASSWORD,
        new="another horse battery",
        again="another horse battery",
    )
    assert done.headers["location"] == "/account?changed=1"
    assert "The password is changed." in ada.get("/account?changed=1").text
    assert ada.signed_in()
    assert not phone.signed_in()
    assert phone.sign_in("ada", PASSWORD).status_code == 403
    assert phone.sign_in("ada", "another horse battery").status_code == 303


def test_a_password_is_changed_only_when_all_is_right(ada: Browser) -> None:
    ada.sign_in("ada", PASSWORD)
    new = "another horse battery"
    for fields, told in (
        ({"password": "wrong"}, "The password you have now is not that."),
        ({"new": "short"}, "A password needs 12 characters or more"),
        ({"new": "a" * 20}, "repeats the same few characters"),
        ({"again": "something else!"}, "not the same in both fields"),
    ):
        usual = {"password": PASSWORD, "new": new, "again": fields.get("new", new)}
        done = ada.send_form("/account/password", page="/account", **usual | fields)
        assert done.status_code in (403, 422)
        assert told in done.text
    ada.sign_out()
    assert ada.sign_in("ada", PASSWORD).status_code == 303


def test_tries_of_a_name_become_slow(ada: Browser, clock: Clock) -> None:
    for _ in range(5):
        assert ada.sign_in("ada", "wrong").status_code == 403
    slowed = ada.sign_in("ada", PASSWORD)
    assert slowed.status_code == 429
    assert slowed.headers["retry-after"] == "30"
    assert "Try again in 30 seconds" in slowed.text
    assert ada.sign_in("bob", PASSWORD).status_code == 303
    ada.sign_out()
    clock.ahead += 30
    assert ada.sign_in("ada", PASSWORD).status_code == 303


def test_tries_of_an_address_become_slow_whoever_is_tried(
    serve: Serve, add: Add, browsers: Browsers, clock: Clock
) -> None:
    add("ada")
    browser = browsers(serve(sign_in="password", trusted_proxies=["127.0.0.1"]))
    browser.headers["X-Forwarded-For"] = "203.0.113.9"
    for number in range(20):
        assert browser.sign_in(f"user{number}", "wrong").status_code == 403
    assert browser.sign_in("ada", PASSWORD).status_code == 429
    browser.headers["X-Forwarded-For"] = "203.0.113.10"
    assert browser.sign_in("ada", PASSWORD).status_code == 303


def test_a_form_no_page_of_ours_made_is_refused(ada: Browser, site: Site) -> None:
    fields = _fields(ada)
    assert ada.post_form("/sign-in", **{**fields, "token": "x" * 43}).status_code == 403
    assert ada.post_form("/sign-in", **{**fields, "token": ""}).status_code == 403
    foreign = ada.post("/sign-in", data=fields, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    ada.cookies.clear()
    assert ada.post_form("/sign-in", **fields).status_code == 403
    assert not ada.signed_in()


def test_a_form_is_read_within_limits(ada: Browser) -> None:
    fields = _fields(ada)
    assert ada.post_form("/sign-in", **fields, more="x" * 30_000).status_code == 413
    assert ada.post("/sign-in", json=fields).status_code == 415
    many = {f"field{number}": "1" for number in range(30)}
    assert ada.post_form("/sign-in", **fields, **many).status_code == 400


def test_pages_that_are_not_of_this_way_to_sign_in_are_not_there(ada: Browser) -> None:
    assert ada.get("/sign-in/begin").status_code == 404
    assert ada.get("/sign-in/back").status_code == 404


def test_a_script_is_told_instead_of_led_away(ada: Browser) -> None:
    asked = ada.get("/api/v1/records")
    assert asked.status_code == 401
    assert asked.headers["www-authenticate"] == "Bearer"
    assert asked.json()["type"] == "urn:visiontools:problem:sign-in-needed"
    assert "/sign-in" in asked.json()["next"]
    script = ada.get("/records", headers={"Sec-Fetch-Mode": "cors"})
    assert script.status_code == 401
    assert script.json()["next"] == "Sign in at /sign-in."
    assert ada.post_form("/tools/diet/said").status_code == 401


def _fields(browser: Browser) -> dict[str, str]:
    browser.get("/sign-in")
    token = browser.cookies.get("visiontools-form")
    if token is None:  # signed in: the page led on
        token = "t" * 43
        browser.cookies.set("visiontools-form", token, domain="127.0.0.1")
    return {"token": token, "name": "ada", "password": PASSWORD}


def _session_cookie(response: httpx2.Response) -> str:
    cookies = response.headers.get_list("set-cookie")
    return next(c for c in cookies if c.startswith(("visiontools=", "__Host-visiontools=")))


def _value(response: httpx2.Response) -> str:
    return _session_cookie(response).partition(";")[0].partition("=")[2]


def test_every_process_of_a_server_knows_the_same_sessions(
    serve: Serve, add: Add, browsers: Browsers
) -> None:
    add("ada")
    one, other = (browsers(serve(sign_in="password")) for _ in range(2))
    shown = one.sign_in("ada", PASSWORD)
    other.cookies.set("visiontools", _value(shown), domain="127.0.0.1")
    assert other.signed_in()
    # A form of the one may be sent to the other.
    fields = {
        "password": PASSWORD,
        "new": "another horse battery",
        "again": "another horse battery",
    }
    one.get("/account")
    token = one.cookies["visiontools-form"]
    other.cookies.set("visiontools-form", token, domain="127.0.0.1")
    assert other.post_form("/account/password", token=token, **fields).status_code == 303
    assert other.signed_in()
    assert not one.signed_in()

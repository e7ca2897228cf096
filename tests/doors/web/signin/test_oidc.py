"""Signing in at an OpenID Connect provider, and what a provider or a stranger may get wrong."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from joserfc.jwk import OctKey, RSAKey
from tests.doors.web.signin.browser import Browser
from tests.doors.web.signin.conftest import Clock, Serve

from visiontools.errors import ConfigurationError
from visiontools.settings import Settings
from visiontools.testing.provider import CLIENT_ID, CLIENT_SECRET, IdentityProvider
from visiontools.testing.site import Site

Browsers = Callable[[Site], Browser]
Opened = Callable[..., Browser]


@pytest.fixture
def opened(
    serve: Serve, provider: IdentityProvider, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> Opened:
    """A browser at a server whose people sign in at the provider."""
    monkeypatch.setenv("OIDC_SECRET", CLIENT_SECRET)

    def open_browser(**oidc: Any) -> Browser:
        usual = {
            "issuer": provider.url,
            "client_id": CLIENT_ID,
            "client_secret_env": "OIDC_SECRET",
            "label": "Example",
        }
        narrowed = {} if {"groups", "anybody"} & oidc.keys() else {"domains": ["example.com"]}
        web = {"oidc": usual | narrowed | oidc, "public_url": "http://localhost:8700"}
        return browsers(serve(sign_in="oidc", **web))

    return open_browser


@pytest.fixture
def ada(opened: Opened) -> Browser:
    return opened()


def _went(browser: Browser, provider: IdentityProvider, to: str = "/records") -> str:
    """The path the provider sends the browser back to."""
    left = browser.get("/sign-in/begin", params={"to": to})
    assert left.status_code == 303, left.text
    parts = urlsplit(provider.back(left.headers["location"]))
    assert f"{parts.scheme}://{parts.netloc}" == "http://localhost:8700"
    return f"{parts.path}?{parts.query}"


def _sign_in(browser: Browser, provider: IdentityProvider, to: str = "/records") -> httpx2.Response:
    return browser.get(_went(browser, provider, to))


def test_people_sign_in_at_the_provider_and_come_back_to_their_page(
    ada: Browser, provider: IdentityProvider
) -> None:
    shown = ada.walked("/records?tool=diet")
    assert "Sign in with Example" in shown.text
    assert "/sign-in/begin?to=/records%3Ftool%3Ddiet" in shown.text
    done = _sign_in(ada, provider, "/records?tool=diet")
    assert (done.status_code, done.headers["location"]) == (303, "/records?tool=diet")
    assert ">ada@example.com</a>" in ada.get("/records").text
    ada.sign_out()
    assert not ada.signed_in()


def test_the_request_has_what_the_code_flow_with_pkce_needs(
    ada: Browser, provider: IdentityProvider
) -> None:
    urls = [ada.get("/sign-in/begin").headers["location"] for _ in range(2)]
    first, second = (dict(parse_qsl(urlsplit(url).query)) for url in urls)
    assert first["redirect_uri"] == "http://localhost:8700/sign-in/back"
    assert first["scope"] == "openid email profile"
    for secret in ("state", "nonce", "code_challenge"):
        assert len(first[secret]) == 43
        assert first[secret] != second[secret]
    assert "state" not in urlsplit(urls[0]).path


def test_the_same_person_is_the_same_owner_and_another_is_another(
    opened: Opened, provider: IdentityProvider, cli: Any
) -> None:
    browser = opened()
    for email in ("ada@example.com", "ada.lovelace@example.com"):
        provider.person["email"] = email
        assert _sign_in(browser, provider).status_code == 303
        browser.cookies.clear()
    provider.person["sub"] = "1002"  # somebody else, who got the address
    assert _sign_in(browser, provider).status_code == 303
    users = cli("users", "list", "--json").json
    assert sorted((user["name"], user["subject"]) for user in users) == [
        ("ada.lovelace@example.com", "1001"),
        ("ada.lovelace@example.com", "1002"),
    ]
    assert len({user["id"] for user in users}) == 2


_OTHER_CLAIMS: list[dict[str, Any]] = [
    {"nonce": "of another sign-in"},
    {"nonce": None},
    {"nonce": 7},
    {"aud": "another client"},
    {"aud": ["another client"]},
    {"aud": [CLIENT_ID, "another client"]},
    {"aud": None},
    {"azp": "another client"},
    {"iss": "https://another.example"},
    {"iss": None},
    {"exp": 1},
    {"exp": None},
    {"exp": "tomorrow"},
    {"iat": 4_000_000_000},
    {"iat": None},
    {"nbf": 4_000_000_000},
    {"sub": None},
    {"sub": ""},
    {"sub": "x" * 256},
    {"sub": 7},
]


def test_a_token_that_says_something_else_is_not_believed(
    ada: Browser, provider: IdentityProvider
) -> None:
    for changed in _OTHER_CLAIMS:
        provider.changed = changed
        done = _sign_in(ada, provider)
        assert done.status_code == 403, changed
        assert "What the provider sent is not accepted" in done.text
    assert not ada.signed_in()


def test_a_token_for_several_that_was_made_for_us_is_believed(
    ada: Browser, provider: IdentityProvider
) -> None:
    provider.changed = {"aud": [CLIENT_ID, "another client"], "azp": CLIENT_ID}
    assert _sign_in(ada, provider).status_code == 303


def test_a_token_nobody_signed_is_not_believed(ada: Browser, provider: IdentityProvider) -> None:
    provider.algorithm = "none"
    assert _sign_in(ada, provider).status_code == 403


def test_a_token_signed_with_what_everybody_knows_is_not_believed(
    ada: Browser, provider: IdentityProvider
) -> None:
    """The public key, or the client's secret, taken for a shared one (HS256)."""
    provider.algorithm = "HS256"
    public = provider._keys[-1].as_pem(private=False)
    for known in (OctKey.import_key(CLIENT_SECRET * 2), OctKey.import_key(public[27:])):
        provider.signed_by = known
        assert _sign_in(ada, provider).status_code == 403


def test_a_token_signed_by_another_key_is_not_believed(
    ada: Browser, provider: IdentityProvider
) -> None:
    provider.signed_by = RSAKey.generate_key(2048)
    assert _sign_in(ada, provider).status_code == 403


def test_what_is_no_token_is_not_believed(
    ada: Browser, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    for token in ("", "x", "a.b.c", "e30.e30.e30", "W10.e30.", "é.e30.e30", "x" * 30_000):
        monkeypatch.setattr(provider, "token", lambda made=token: made)
        assert _sign_in(ada, provider).status_code == 403, token


def test_a_token_cannot_say_where_its_key_is(ada: Browser, provider: IdentityProvider) -> None:
    with IdentityProvider() as stranger:
        own = stranger._keys[-1]
        provider.signed_by = own
        for header in (
            {"jku": f"{stranger.url}/keys", "kid": "key-1"},
            {"x5u": f"{stranger.url}/keys", "kid": "key-9"},
            {"jwk": own.as_dict(private=False)},
        ):
            provider.header = header
            assert _sign_in(ada, provider).status_code == 403
        assert stranger.requests == []


def test_a_key_that_is_new_is_asked_for_and_old_ones_are_kept(
    ada: Browser, provider: IdentityProvider, clock: Clock
) -> None:
    for _ in range(2):
        assert _sign_in(ada, provider).status_code == 303
        ada.cookies.clear()
    assert provider.requests.count("GET /keys") == 1
    assert provider.requests.count("GET /.well-known/openid-configuration") == 1
    clock.ahead += 61
    provider.rotate()
    assert _sign_in(ada, provider).status_code == 303
    assert provider.requests.count("GET /keys") == 2
    ada.cookies.clear()
    # Names of keys that strangers make up do not make us ask again and again.
    provider.header = {"kid": "made-up"}
    for _ in range(3):
        assert _sign_in(ada, provider).status_code == 403
    assert provider.requests.count("GET /keys") == 2


def test_a_provider_that_is_down_is_said_and_its_keys_are_used_meanwhile(
    ada: Browser, provider: IdentityProvider, clock: Clock
) -> None:
    provider.down = 500
    done = ada.get("/sign-in/begin")
    assert done.status_code == 503
    assert "cannot be used just now (status 500)" in done.text
    assert ada.get("/sign-in/begin").status_code == 503
    assert len(provider.requests) == 1  # nobody waits for what has just failed
    provider.down = None
    clock.ahead += 6
    assert _sign_in(ada, provider).status_code == 303
    ada.cookies.clear()
    clock.ahead += 3601
    provider.down = 502
    assert ada.get("/sign-in/begin").status_code == 303
    clock.ahead += 24 * 3600
    assert ada.get("/sign-in/begin").status_code == 503


_BAD_DOCUMENTS: list[dict[str, Any]] = [
    {"issuer": "https://another.example"},
    {"issuer": None},
    {"token_endpoint": None},
    {"token_endpoint": "file:///etc/passwd"},
    {"jwks_uri": "https://user@another.example/keys"},
    {"authorization_endpoint": "javascript:alert(1)"},
    {"authorization_endpoint": "http://[half"},
]


def test_a_provider_that_describes_itself_badly_is_not_used(
    ada: Browser, provider: IdentityProvider, clock: Clock
) -> None:
    for document in _BAD_DOCUMENTS:
        provider.document = document
        assert ada.get("/sign-in/begin").status_code == 503, document
        clock.ahead += 6
    provider.document = {}
    assert ada.get("/sign-in/begin").status_code == 303


def test_nothing_is_fetched_from_where_the_provider_redirects(
    ada: Browser, provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    with IdentityProvider() as stranger:

        def elsewhere(exchange: Any) -> None:
            exchange.send(302, b"", {"Location": f"{stranger.url}{exchange.path}"})

        provider._http.answer = elsewhere
        assert ada.get("/sign-in/begin").status_code == 503
        assert stranger.requests == []


def test_an_answer_without_an_end_is_not_kept(ada: Browser, provider: IdentityProvider) -> None:
    provider.document = {"padding": "x" * 600_000}
    assert "has no end" in ada.get("/sign-in/begin").text


_OTHER_ANSWERS = [
    ("", "begun in another browser"),
    ("state=x&code=code", "begun in another browser"),
    ("state={state}", "Another provider answered"),
    ("state={state}&iss=https://another.example&code=code", "Another provider answered"),
    ("state={state}&iss={iss}", "is incomplete"),
    ("state={state}&iss={iss}&error=access_denied", "did not let you in (access_denied)"),
    ("state={state}&iss={iss}&error=<b>", "did not let you in (no reason we know)"),
    ("state={state}&iss={iss}&code=stolen", "gave none for this sign-in"),
]


def test_an_answer_to_something_else_ends_there(ada: Browser, provider: IdentityProvider) -> None:
    for query, told in _OTHER_ANSWERS:
        given = parse_qs(_went(ada, provider).partition("?")[2])
        done = ada.get(f"/sign-in/back?{query.format(state=given['state'][0], iss=provider.url)}")
        assert done.status_code == 403, query
        assert told in done.text
    assert not ada.signed_in()


def test_an_answer_belongs_to_the_browser_that_asked(
    opened: Opened, provider: IdentityProvider
) -> None:
    ada = opened()
    back = _went(ada, provider)
    with Browser(base_url=ada.base_url, timeout=30) as mallory:
        assert mallory.get(back).status_code == 403
        _went(mallory, provider)
        assert mallory.get(back).status_code == 403
        assert not mallory.signed_in()


def test_a_cookie_that_is_not_ours_begins_nothing(ada: Browser, provider: IdentityProvider) -> None:
    for flow in ("", "x", "bnVsbA==", "WzEsMiwzLDRd", "é"):
        back = _went(ada, provider)
        ada.cookies.clear()
        headers = [(b"Cookie", b"visiontools-flow=" + flow.encode("latin-1"))]
        assert ada.get(back, headers=headers).status_code == 403, flow


def test_a_cookie_cannot_lead_elsewhere(ada: Browser, provider: IdentityProvider) -> None:
    back = _went(ada, provider)
    flow = json.loads(base64.urlsafe_b64decode(ada.cookies["visiontools-flow"]))
    flow[3] = "https://evil.example/"
    ada.cookies.clear()
    changed = base64.urlsafe_b64encode(json.dumps(flow).encode()).decode()
    done = ada.get(back, headers={"Cookie": f"visiontools-flow={changed}"})
    assert done.headers["location"] == "/"


_MAY: list[tuple[dict[str, Any], list[tuple[dict[str, Any], bool]]]] = [
    (
        {"domains": ["@Example.COM"]},
        [
            ({}, True),
            ({"email": "ada@evil.example"}, False),
            ({"email": "ada@sub.example.com"}, False),
            ({"email": "ada@example.com@evil.example"}, False),
            ({"email": ["ada@example.com"]}, False),
            ({"email_verified": False}, False),
            ({"email_verified": None}, False),
            ({"email_verified": "true"}, True),
        ],
    ),
    ({"domains": ["example.org"]}, [({}, False)]),
    (
        {"groups": ["vision"]},
        [
            ({"groups": ["staff", "vision"]}, True),
            ({"groups": "vision"}, True),
            ({"groups": ["staff"]}, False),
            ({"groups": {"vision": 1}}, False),
            ({"groups": None}, False),
        ],
    ),
    ({"groups": ["vision"], "groups_claim": "roles"}, [({"roles": ["vision"]}, True)]),
    ({"groups": ["vision"], "domains": ["example.org"]}, [({"groups": ["vision"]}, False)]),
    ({"anybody": True}, [({"email": None, "email_verified": None}, True)]),
]


@pytest.mark.parametrize(("settings", "people"), _MAY)
def test_only_those_come_in_who_may(
    opened: Opened,
    provider: IdentityProvider,
    settings: dict[str, Any],
    people: list[tuple[dict[str, Any], bool]],
) -> None:
    browser = opened(**settings)
    known = provider.person
    for person, may in people:
        provider.person = {name: value for name, value in known.items() if name not in person}
        provider.changed = person
        done = _sign_in(browser, provider)
        assert done.status_code == (303 if may else 403), person
        assert browser.signed_in() is may
        browser.cookies.clear()


def test_what_the_token_leaves_out_is_asked_of_the_provider(
    opened: Opened, provider: IdentityProvider
) -> None:
    browser = opened(groups=["vision"])
    provider.more = {"groups": ["vision"]}
    assert _sign_in(browser, provider).status_code == 303
    browser.cookies.clear()
    provider.more = {"groups": ["vision"], "sub": "somebody else"}
    assert _sign_in(browser, provider).status_code == 403


def test_a_disabled_person_is_let_in_no_more(
    ada: Browser, provider: IdentityProvider, cli: Any
) -> None:
    _sign_in(ada, provider)
    assert cli("users", "disable", "ada@example.com").status == 0
    assert not ada.signed_in()
    done = _sign_in(ada, provider)
    assert done.status_code == 403
    assert "This account is disabled here." in done.text


@pytest.mark.parametrize("methods", [["client_secret_post"], None])
def test_the_clients_secret_goes_the_way_the_provider_takes_it(
    ada: Browser, provider: IdentityProvider, methods: list[str] | None
) -> None:
    provider.document = {"token_endpoint_auth_methods_supported": methods}
    assert _sign_in(ada, provider).status_code == 303


def test_a_missing_secret_is_said_when_the_server_starts(
    provider: IdentityProvider, home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastapi.testclient import TestClient

    from visiontools.doors.web.app import create_app

    monkeypatch.delenv("OIDC_SECRET", raising=False)
    oidc = {
        "issuer": provider.url,
        "client_id": CLIENT_ID,
        "client_secret_env": "OIDC_SECRET",
        "anybody": True,
    }
    web = {"sign_in": "oidc", "oidc": oidc, "public_url": "http://localhost:8700"}
    server = TestClient(create_app(Settings(web=web)))
    with pytest.raises(ConfigurationError, match="OIDC_SECRET, which is not set"), server:
        pass


def test_there_is_no_password_to_try(ada: Browser) -> None:
    shown = ada.get("/sign-in").text
    assert 'type="password"' not in shown
    assert ada.post_form("/sign-in", name="ada", password="x").status_code == 404

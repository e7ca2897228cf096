"""Behind Google's Identity-Aware Proxy: its signed header, and nothing else, lets people in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest
from joserfc.jwk import ECKey, OctKey, RSAKey
from tests.doors.web.signin.conftest import Clock, Serve

from visiontools.testing.provider import AUDIENCE, IdentityProvider

HEADER = "x-goog-iap-jwt-assertion"
Get = Callable[..., httpx2.Response]


@pytest.fixture
def get(serve: Serve, provider: IdentityProvider) -> Iterator[Get]:
    """Ask for a path with this header of IAP's; without one unless it is given."""
    site = serve({"iap_keys_url": provider.iap_keys}, sign_in="iap", iap={"audience": AUDIENCE})
    with httpx2.Client(base_url=site.url, timeout=30) as client:

        def asked(
            assertion: str | None = None, path: str = "/api/v1/records", **headers: str
        ) -> httpx2.Response:
            given = {HEADER: assertion} if assertion is not None else {}
            return client.get(path, headers=given | headers)

        yield asked


def test_whom_iap_vouches_for_comes_in_to_pages_and_api(
    get: Get, provider: IdentityProvider
) -> None:
    assert get(provider.assertion()).json() == {"records": [], "next": None}
    page = get(provider.assertion(), "/records")
    assert page.status_code == 200
    assert '<a class="me" href="/account">ada@example.com</a>' in page.text
    account = get(provider.assertion(), "/account").text
    assert "Identity-Aware Proxy signed you in" in account
    assert "Sign out" not in account
    assert provider.requests == ["GET /iap"]


_OTHER_CLAIMS: list[dict[str, Any]] = [
    {"iss": "https://accounts.google.com"},
    {"iss": None},
    {"aud": "/projects/12345/locations/europe-west1/services/another"},
    {"aud": [AUDIENCE]},
    {"aud": [AUDIENCE, "another"]},
    {"aud": None},
    {"sub": None},
    {"sub": ""},
    {"exp": None},
    {"iat": None},
]


def test_what_another_says_or_says_to_another_is_refused(
    get: Get, provider: IdentityProvider
) -> None:
    for changed in _OTHER_CLAIMS:
        refused = get(provider.assertion(**changed))
        assert refused.status_code == 401, changed
        assert refused.json()["type"] == "urn:visiontools:problem:sign-in-needed"
        assert "is not accepted" in refused.json()["detail"]


def test_it_is_valid_for_its_time(get: Get, provider: IdentityProvider, clock: Clock) -> None:
    now = int(clock())
    for begins, ends, may in (
        (-600, 0, True),  # 30 seconds between the clocks, either way
        (-600, -29, True),
        (-600, -30, False),
        (30, 630, True),
        (31, 631, False),
        (0, 660, True),  # ten minutes and the clocks' differences
        (0, 661, False),
    ):
        asked = get(provider.assertion(iat=now + begins, exp=now + ends))
        assert asked.status_code == (200 if may else 401), (begins, ends)


def test_only_iaps_own_key_and_algorithm_count(get: Get, provider: IdentityProvider) -> None:
    provider.signed_by = ECKey.generate_key("P-256")
    assert get(provider.assertion()).status_code == 401
    for algorithm, key in (
        ("none", None),
        ("HS256", OctKey.import_key(AUDIENCE)),
        ("RS256", RSAKey.generate_key(2048)),
    ):
        provider.header, provider.signed_by = {"alg": algorithm}, key
        assert get(provider.assertion()).status_code == 401
    provider.header, provider.signed_by = {"kid": "made-up"}, None
    assert get(provider.assertion()).status_code == 401


def test_without_the_header_nobody_comes_in_whatever_else_is_said(
    get: Get, provider: IdentityProvider
) -> None:
    plain = {
        "X-Goog-Authenticated-User-Email": "accounts.google.com:ada@example.com",
        "X-Goog-Authenticated-User-ID": "accounts.google.com:1001",
    }
    for path in ("/api/v1/records", "/", "/records", "/chat/"):
        refused = get(None, path, **plain)
        assert refused.status_code == 401, path
        assert "location" not in refused.headers
    assert get("").status_code == 401
    assert get("x.y.z").status_code == 401
    assert get(None, "/healthz").status_code == 200


def test_two_headers_are_none(get: Get, provider: IdentityProvider) -> None:
    good = provider.assertion()
    for given in ([(HEADER, good), (HEADER, good)], [(HEADER, good), (HEADER, "x")]):
        with httpx2.Client() as client:
            address = get(good).request.url
            assert client.get(address, headers=given).status_code == 401


def test_no_api_key_opens_what_iap_guards(get: Get, cli: Any) -> None:
    made = cli("keys", "add", "nightly")
    assert get(None, Authorization=f"Bearer {made.out.strip()}").status_code == 401


def test_a_person_stays_the_same_owner_and_can_be_disabled(
    get: Get, provider: IdentityProvider, cli: Any
) -> None:
    for email in ("ada@example.com", "ada@example.com", "lovelace@example.com"):
        assert get(provider.assertion(email=email)).status_code == 200
    assert get(provider.assertion("accounts.google.com:2002", email=None)).status_code == 200
    users = cli("users", "list", "--json").json
    assert {(user["subject"], user["name"]) for user in users} == {
        ("accounts.google.com:1001", "lovelace@example.com"),
        ("accounts.google.com:2002", "accounts.google.com:2002"),
    }
    assert cli("users", "disable", "lovelace@example.com").status == 0
    refused = get(provider.assertion(email="lovelace@example.com"))
    assert refused.status_code == 401
    assert "disabled" in refused.json()["detail"]


def test_keys_that_cannot_be_had_are_no_verdict_on_anybody(
    get: Get, provider: IdentityProvider, clock: Clock
) -> None:
    provider.down = 500
    assert get(provider.assertion()).status_code == 503
    provider.down, clock.ahead = None, 10
    assert get(provider.assertion()).status_code == 200
    provider.down, clock.ahead = 500, 7200
    assert get(provider.assertion()).status_code == 200

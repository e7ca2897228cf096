"""What an OpenID Connect provider says of itself: its discovery document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2

from visiontools.doors.web.signin.fetching import document, unreachable

_PATH = "/.well-known/openid-configuration"


@dataclass(frozen=True, slots=True)
class Provider:
    """Its addresses, and how it takes a client's secret."""

    issuer: str
    authorization_url: str
    token_url: str
    keys_url: str
    person_url: str | None
    takes_basic: bool
    names_itself: bool
    """Whether it says in its answers who it is (RFC 9207)."""


async def discovered(http: httpx2.AsyncClient, issuer: str) -> Provider:
    """The provider of that name. Raises UnreachableError."""
    said = await document(http, f"{issuer.rstrip('/')}{_PATH}")
    host = urlsplit(issuer).hostname or issuer
    if said.get("issuer") != issuer:
        raise unreachable(host, "it calls itself by another name")
    secure = urlsplit(issuer).scheme == "https"

    def address(name: str) -> str:
        url = said.get(name)
        if not isinstance(url, str) or not _fit(url, secure=secure):
            raise unreachable(host, f"its {name} is no address")
        return url

    return Provider(
        issuer=issuer,
        authorization_url=address("authorization_endpoint"),
        token_url=address("token_endpoint"),
        keys_url=address("jwks_uri"),
        person_url=address("userinfo_endpoint") if "userinfo_endpoint" in said else None,
        takes_basic=_takes_basic(said),
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )


def _fit(url: str, *, secure: bool) -> bool:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    schemes = ("https",) if secure else ("https", "http")
    return parts.scheme in schemes and bool(parts.hostname) and "@" not in parts.netloc


def _takes_basic(said: Mapping[str, Any]) -> bool:
    """It does unless it lists other ways only (OpenID Connect Discovery 1.0, 3)."""
    ways = said.get("token_endpoint_auth_methods_supported")
    return not isinstance(ways, list) or "client_secret_basic" in ways

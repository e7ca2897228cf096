"""How people sign in: the ``[web.oidc]`` and ``[web.iap]`` tables of the settings."""

from __future__ import annotations

import re
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from visiontools.errors import ConfigurationError
from visiontools.loopback import is_loopback

Way = Literal["none", "password", "oidc", "iap"]
_HERE = ("localhost", "127.0.0.1", "::1")
_AUDIENCE = re.compile(
    r"/projects/\d+/(locations/[^/\s]+/services/[^/\s]+|global/backendServices/\d+|apps/[^/\s]+)"
)


def checked_address(address: str, *, path: bool) -> str:
    """An https address, or an http one of this machine. Raises ValueError that says what it is."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        raise ValueError(f"'{address}' is not an address") from None
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    if not safe or not parts.hostname:
        raise ValueError(f"'{address}' must begin with https:// (http:// on this machine only)")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"'{address}' must have no ?, # or name before @")
    if not path and parts.path not in ("", "/"):
        raise ValueError(f"'{address}' must end after the host and its port")
    return address


def check_sign_in_stays(way: Way, oidc: OidcSettings | None) -> None:
    """Raise ConfigurationError where signing people in asks somebody outside this machine."""
    here = oidc is not None and is_loopback(urlsplit(oidc.issuer).hostname or "")
    if way == "iap" or (way == "oidc" and not here):
        raise ConfigurationError(
            f"Everything is to stay on this machine, and sign_in = '{way}' asks the provider.",
            next="Leave out the setting local_only, or set sign_in to 'password'.",
        )


class OidcSettings(BaseModel):
    """The OpenID Connect provider people sign in at, and which of its people may."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    issuer: str = Field(description="the provider, as its discovery document names it")
    client_id: str = Field(min_length=1, description="what the provider calls this application")
    client_secret_env: str | None = Field(
        default=None, description="environment variable that holds the client's secret"
    )
    label: str = Field(default="your account", description="'Sign in with ...' on the page")
    domains: tuple[str, ...] = Field(
        default=(), description="whose verified e-mail addresses may come in"
    )
    groups: tuple[str, ...] = Field(default=(), description="whose members may come in")
    groups_claim: str = Field(default="groups", description="the claim that lists the groups")
    anybody: bool = Field(default=False, description="let in everybody the provider knows")
    scopes: tuple[str, ...] = Field(
        default=("openid", "email", "profile"), description="what is asked of the provider"
    )

    @field_validator("issuer")
    @classmethod
    def _https(cls, issuer: str) -> str:
        return checked_address(issuer, path=True)

    @field_validator("domains")
    @classmethod
    def _plain(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(domain.strip().removeprefix("@").lower() for domain in domains)

    @model_validator(mode="after")
    def _narrowed(self) -> Self:
        if self.anybody == bool(self.domains or self.groups):
            raise ValueError(
                "say who may come in: domains, groups or both; or anybody = true and neither"
            )
        return self


class IapSettings(BaseModel):
    """Google's Identity-Aware Proxy in front of the application."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    audience: str = Field(
        description="/projects/NUMBER/locations/REGION/services/NAME on Cloud Run"
    )

    @field_validator("audience")
    @classmethod
    def _shaped(cls, audience: str) -> str:
        if not _AUDIENCE.fullmatch(audience):
            raise ValueError(
                f"'{audience}' is no audience of IAP; on Cloud Run it is "
                "/projects/NUMBER/locations/REGION/services/NAME, with the project's number"
            )
        return audience

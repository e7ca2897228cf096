"""How the web application listens and what it takes: the ``[web]`` table of the settings."""

from __future__ import annotations

import ipaddress
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from visiontools.loopback import is_loopback
from visiontools.sign_in_settings import IapSettings, OidcSettings, Way, checked_address

LogFormat = Literal["json", "text"]


class WebSettings(BaseModel):
    """Everything about ``visiontools serve`` that can be set, with its default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field(default="127.0.0.1", min_length=1, description="address to listen on")
    port: int = Field(default=8700, ge=0, le=65535, description="port; 0 takes any free one")
    public_hosts: tuple[str, ...] = Field(
        default=(), description="names browsers reach it by, beside those of this machine"
    )
    public_url: str | None = Field(
        default=None, description="where people reach it, where a proxy stands before it"
    )
    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="addresses of proxies whose X-Forwarded-* headers are believed"
    )
    sign_in: Way = Field(default="none", description="how people sign in")
    oidc: OidcSettings | None = Field(default=None, description="for sign_in = 'oidc'")
    iap: IapSettings | None = Field(default=None, description="for sign_in = 'iap'")
    session_idle_hours: float = Field(
        default=2, gt=0, le=720, description="after how long unused a session ends"
    )
    session_hours: float = Field(
        default=12, gt=0, le=720, description="after how long it ends, used or not"
    )
    max_request_bytes: int = Field(
        default=20_000_000, gt=0, description="largest request in all, pictures included"
    )
    max_pictures: int = Field(default=16, ge=1, description="most pictures of one request")
    upload_timeout_s: float = Field(default=60, gt=0, description="most seconds for an upload")
    concurrent_runs: int = Field(default=256, ge=1, description="most runs at once, a process")
    runs_per_minute: int | None = Field(default=None, ge=1, description="most for each person")
    runs_per_day: int | None = Field(default=None, ge=1, description="most for each person, in UTC")
    keep_alive_s: float = Field(
        default=15, gt=0, description="seconds between signs of life on a stream of events"
    )
    grace_s: float = Field(
        default=5, ge=0, description="seconds running answers get when the server is stopped"
    )
    log_format: LogFormat | None = Field(
        default=None, description="a line for each request and run; warnings only unless set"
    )

    @field_validator("public_url")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        return checked_address(url, path=False).rstrip("/") if url else None

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, proxies: tuple[str, ...]) -> tuple[str, ...]:
        for proxy in proxies:
            try:
                ipaddress.ip_network(proxy)
            except ValueError:
                raise ValueError(
                    f"'{proxy}' is no address or network, such as 10.0.0.5 or 10.0.0.0/8"
                ) from None
        return proxies

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.sign_in == "oidc" and not (self.oidc and self.public_url):
            raise ValueError("sign_in = 'oidc' needs a table [web.oidc], and public_url")
        if self.sign_in == "iap" and not self.iap:
            raise ValueError("sign_in = 'iap' needs a table [web.iap] with its audience")
        return self

    @property
    def serves_others(self) -> bool:
        """Whether people on other machines can reach it, directly or through a proxy."""
        through = self.sign_in != "none" or self.hosts or self.trusted_proxies
        return bool(through) or not is_loopback(self.host)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Every name it answers for, beside those of this machine."""
        own = urlsplit(self.public_url).hostname if self.public_url else None
        return (*self.public_hosts, own) if own else self.public_hosts
